import type { GridColumn } from './column.ts';
import styles from './data-grid.module.css';

/** The totals: what the answer says of all its rows, not only of those on screen. */
export function GridFooter<Row>({
  columns,
  index,
}: {
  readonly columns: readonly GridColumn<Row>[];
  readonly index: number;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: part of a grid laid out by CSS
    // biome-ignore lint/a11y/useFocusableInteractive: read, not walked
    <div role="row" className={styles.footer} aria-rowindex={index} data-totals="">
      {columns.map((column) => (
        // biome-ignore lint/a11y/useSemanticElements: part of a grid laid out by CSS
        // biome-ignore lint/a11y/useFocusableInteractive: read, not walked
        <div
          role="gridcell"
          key={column.id}
          className={styles.cell}
          data-column={column.id}
          data-align={column.align}
          title={column.footerTitle}
        >
          {column.footer}
        </div>
      ))}
    </div>
  );
}
