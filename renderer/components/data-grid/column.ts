import type { ReactNode } from 'react';
import type { FileColumn } from '../../export/columns.ts';

/** A column of a grid: how it is headed, drawn, summed, copied and written to a file. */
export interface GridColumn<Row> {
  /** Also what the list is sorted by when its header is pressed. */
  readonly id: string;
  readonly label: string;
  readonly unit?: string;
  /** What it means, as the header's tooltip. */
  readonly about: string;
  readonly align: 'start' | 'end';
  /** Width in pixels. */
  readonly size: number;
  /** Takes the space that is left over. */
  readonly grows?: boolean;
  /** Whether its first sorting is from large to small. */
  readonly largestFirst?: boolean;
  /** Set in the monospace font: ids. */
  readonly mono?: boolean;
  readonly cell: (row: Row) => ReactNode;
  /** The exact value, as tooltip. */
  readonly title?: (row: Row) => string | undefined;
  /** The exact value, as copied. */
  readonly copy: (row: Row) => string;
  /** How it stands in a file: every table can be exported as it is on screen. */
  readonly file: FileColumn<Row>;
  readonly footer?: ReactNode;
  readonly footerTitle?: string | undefined;
}

export interface GridSort {
  readonly by: string;
  readonly descending: boolean;
}

/**
 * The width of a column that holds a text of figures whole. A number that is cut off reads as another number, so
 * columns are as wide as their total, the longest number there can be in a sum.
 */
export function widthFor(text: string, least: number): number {
  return Math.max(least, Math.ceil(text.length * 7.9) + 18);
}

/** A row's exact values, separated by tabs: what spreadsheets take from the clipboard. */
export function copyRow<Row>(columns: readonly GridColumn<Row>[], row: Row): string {
  return columns.map((column) => column.copy(row).replace(/[\t\r\n]+/g, ' ')).join('\t');
}
