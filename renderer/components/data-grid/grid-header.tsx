import type { ReactTable } from '@tanstack/react-table';
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { GridColumn } from './column.ts';
import styles from './data-grid.module.css';
import type { GridFeatures } from './features.ts';

const ARIA_SORT = { asc: 'ascending', desc: 'descending' } as const;

/** The header row: a press sorts, a drag on a border resizes, a double click there puts the width back. */
export function GridHeader<Row extends object>({
  table,
  columns,
}: {
  readonly table: ReactTable<GridFeatures, Row>;
  readonly columns: readonly GridColumn<Row>[];
}) {
  const headers = table.getHeaderGroups()[0]?.headers ?? [];
  return (
    // biome-ignore lint/a11y/useSemanticElements: part of a grid laid out by CSS
    // biome-ignore lint/a11y/useFocusableInteractive: its buttons are focused
    <div role="row" className={styles.header} aria-rowindex={1}>
      {headers.map((header, place) => {
        const column = columns[place]!;
        const sorted = header.column.getIsSorted();
        const Arrow = sorted === 'asc' ? ArrowUp : ArrowDown;
        return (
          // biome-ignore lint/a11y/useSemanticElements: part of a grid laid out by CSS
          // biome-ignore lint/a11y/useFocusableInteractive: its button is focused
          <div
            role="columnheader"
            key={header.id}
            className={styles.heading}
            data-column={column.id}
            data-align={column.align}
            aria-sort={sorted === false ? 'none' : ARIA_SORT[sorted]}
          >
            <button
              type="button"
              className={styles.sort}
              title={column.about}
              data-sorted={sorted !== false || undefined}
              onClick={header.column.getToggleSortingHandler()}
            >
              <span className={styles.label}>
                <span>{column.label}</span>
                <Arrow className={styles.arrow} size={12} strokeWidth={2.25} aria-hidden="true" />
              </span>
              {column.unit && ' '}
              {column.unit && <span className={styles.unit}>{column.unit}</span>}
            </button>
            <span
              className={styles.resizer}
              data-resizing={header.column.getIsResizing() || undefined}
              onMouseDown={header.getResizeHandler()}
              onTouchStart={header.getResizeHandler()}
              onDoubleClick={() => header.column.resetSize()}
              aria-hidden="true"
            />
          </div>
        );
      })}
    </div>
  );
}
