import {
  columnResizingFeature,
  columnSizingFeature,
  rowSortingFeature,
  tableFeatures,
} from '@tanstack/react-table';

/** The table's model holds columns, sorting and widths; the rows stay in the store, but for a window of them. */
export const features = tableFeatures({ rowSortingFeature, columnSizingFeature, columnResizingFeature });
export type GridFeatures = typeof features;
