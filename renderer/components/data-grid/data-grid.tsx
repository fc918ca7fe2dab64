import { type ColumnSizingState, createColumnHelper, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type MouseEvent,
  memo,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { RowsView } from '../../hooks/row-windows.ts';
import { copyRow, type GridColumn, type GridSort } from './column.ts';
import styles from './data-grid.module.css';
import { features, type GridFeatures } from './features.ts';
import { GridFooter } from './grid-footer.tsx';
import { GridHeader } from './grid-header.tsx';
import { firstSlotFor, rowShift, slotCount } from './slots.ts';

/** Heights in pixels; also in the style sheet. */
const ROW = 34;
const HEADER = 46;

const NO_ROWS: never[] = [];

export interface DataGridProps<Row extends object, Head> {
  /** Its accessible name. */
  readonly name: string;
  readonly columns: readonly GridColumn<Row>[];
  readonly rows: RowsView<Row, Head>;
  readonly onShow: (first: number, last: number) => void;
  readonly sort: GridSort;
  readonly onSort: (sort: GridSort) => void;
  /** Scrolls back to the top when it changes: another list. */
  readonly list: string;
  readonly onOpen?: (row: Row) => void;
  /** Attributes of a row, for styles and tests. */
  readonly mark?: (row: Row) => { readonly user?: string; readonly quiet?: boolean };
}

/**
 * A long table: sorted by its headers, scrolled through windows of rows, walked with the keyboard (arrows,
 * Page Up/Down, Home, End, Enter), copied row by row with its exact values.
 */
export function DataGrid<Row extends object, Head>(props: DataGridProps<Row, Head>) {
  const { name, columns, rows, onShow, sort, onSort, list, onOpen, mark } = props;
  const id = useId();
  const scroll = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const [widths, setWidths] = useState<ColumnSizingState>({});

  const definitions = useMemo(() => {
    const helper = createColumnHelper<GridFeatures, Row>();
    return helper.columns(
      columns.map((column) =>
        helper.accessor((row) => row, {
          id: column.id,
          size: column.size,
          minSize: 56,
          sortDescFirst: column.largestFirst ?? false,
        }),
      ),
    );
  }, [columns]);
  const sorting = useMemo(() => [{ id: sort.by, desc: sort.descending }], [sort]);
  const table = useTable({
    features,
    columns: definitions,
    data: NO_ROWS,
    manualSorting: true,
    enableSortingRemoval: false,
    enableMultiSort: false,
    columnResizeMode: 'onChange',
    state: { sorting, columnSizing: widths },
    onColumnSizingChange: setWidths,
    onSortingChange: (update) => {
      const next = (typeof update === 'function' ? update(sorting) : update)[0];
      if (next) onSort({ by: next.id, descending: next.desc });
    },
  });

  const hasFooter = columns.some((column) => column.footer !== undefined);
  const edges = HEADER + (hasFooter ? ROW : 0);
  const virtualizer = useVirtualizer({
    count: slotCount(rows.count),
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 8,
  });
  const slots = virtualizer.getVirtualItems();
  const viewport = Math.max(ROW, (virtualizer.scrollRect?.height ?? 600) - edges);
  const visible = Math.max(1, Math.floor(viewport / ROW));
  const firstSlot = Math.ceil((virtualizer.scrollOffset ?? 0) / ROW);
  const shift = rowShift(rows.count, firstSlot, visible);
  const first = (slots[0]?.index ?? 0) + shift;
  const last = (slots.at(-1)?.index ?? 0) + shift;

  useEffect(() => onShow(first, last), [onShow, first, last]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another list starts at its top
  useLayoutEffect(() => {
    setActive(0);
    scroll.current?.scrollTo({ top: 0 });
  }, [list]);

  const current = Math.min(active, Math.max(0, rows.count - 1));

  /** Makes a row the active one and scrolls no further than it takes to see it. */
  const walkTo = (index: number) => {
    const row = Math.min(Math.max(0, index), rows.count - 1);
    if (row < 0) return;
    setActive(row);
    const to = firstSlotFor(rows.count, row, firstSlot, visible);
    if (to === firstSlot) return;
    scroll.current?.scrollTo({ top: to < firstSlot ? to * ROW : (to + visible) * ROW - viewport });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return;
    const row = rows.row(current);
    switch (event.key) {
      case 'ArrowDown':
        walkTo(current + 1);
        break;
      case 'ArrowUp':
        walkTo(current - 1);
        break;
      case 'PageDown':
        walkTo(current + visible);
        break;
      case 'PageUp':
        walkTo(current - visible);
        break;
      case 'Home':
        walkTo(0);
        break;
      case 'End':
        walkTo(rows.count - 1);
        break;
      case 'Enter':
        if (row !== undefined) onOpen?.(row);
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  // Where nothing is selected, the browser tells the document of a copy, and not what has the focus.
  useEffect(() => {
    const onCopy = (event: ClipboardEvent) => {
      const row = rows.row(current);
      const isMine = document.activeElement === grid.current && (getSelection()?.isCollapsed ?? true);
      if (row === undefined || !isMine) return;
      event.clipboardData?.setData('text/plain', copyRow(columns, row));
      event.preventDefault();
    };
    document.addEventListener('copy', onCopy);
    return () => document.removeEventListener('copy', onCopy);
  }, [rows, current, columns]);

  const onRowClick = (event: MouseEvent) => {
    const index = Number((event.target as Element).closest<HTMLElement>('[data-index]')?.dataset.index);
    const row = Number.isNaN(index) ? undefined : rows.row(index);
    if (row === undefined || !(getSelection()?.isCollapsed ?? true)) return;
    setActive(index);
    onOpen?.(row);
  };

  const template = columns
    .map((column) => {
      const width = widths[column.id] ?? column.size;
      return column.grows && widths[column.id] === undefined ? `minmax(${width}px, 1fr)` : `${width}px`;
    })
    .join(' ');

  return (
    <div
      ref={scroll}
      className={styles.scroll}
      style={{ ['--columns' as string]: template, ['--total' as string]: `${table.getTotalSize()}px` }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a table laid out as a grid loses its native roles */}
      <div
        ref={grid}
        role="grid"
        className={styles.grid}
        tabIndex={0}
        aria-label={name}
        aria-rowcount={rows.count + (hasFooter ? 2 : 1)}
        aria-colcount={columns.length}
        aria-busy={rows.stale}
        aria-activedescendant={rows.count > 0 ? `${id}-${current}` : undefined}
        data-rows={rows.count}
        data-stale={rows.stale || undefined}
        onKeyDown={onKeyDown}
      >
        <GridHeader table={table} columns={columns} />
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the grid itself hears the keys */}
        {/* biome-ignore lint/a11y/useSemanticElements: see above */}
        <div
          role="rowgroup"
          className={styles.body}
          style={{ height: virtualizer.getTotalSize() }}
          onClick={onRowClick}
        >
          {slots.map((slot) => {
            const index = slot.index + shift;
            const row = rows.row(index);
            return (
              <GridRow
                // A place keeps its element while rows pass through it: nothing is unmounted by scrolling.
                key={slot.index}
                id={`${id}-${index}`}
                index={index}
                top={slot.start}
                active={index === current}
                columns={columns as readonly GridColumn<object>[]}
                row={row}
                opens={onOpen !== undefined}
                mark={mark as ((row: object) => { user?: string; quiet?: boolean }) | undefined}
              />
            );
          })}
        </div>
        {hasFooter && <GridFooter columns={columns} index={rows.count + 2} />}
      </div>
    </div>
  );
}

interface GridRowProps {
  readonly id: string;
  readonly index: number;
  readonly top: number;
  readonly active: boolean;
  readonly columns: readonly GridColumn<object>[];
  readonly row: object | undefined;
  readonly opens: boolean;
  readonly mark: ((row: object) => { user?: string; quiet?: boolean }) | undefined;
}

const GridRow = memo(function GridRow({ id, index, top, active, columns, row, opens, mark }: GridRowProps) {
  const marks = row === undefined ? undefined : mark?.(row);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a row of the grid above
    // biome-ignore lint/a11y/useFocusableInteractive: the grid names its active row by aria-activedescendant
    <div
      role="row"
      id={id}
      className={styles.row}
      style={{ transform: `translateY(${top}px)` }}
      aria-rowindex={index + 2}
      aria-selected={active}
      data-index={index}
      data-user={marks?.user}
      data-quiet={marks?.quiet || undefined}
      data-opens={opens || undefined}
      data-loading={row === undefined || undefined}
    >
      {columns.map((column) => (
        // biome-ignore lint/a11y/useSemanticElements: a cell of the grid above
        // biome-ignore lint/a11y/useFocusableInteractive: rows are walked, not cells
        <div
          role="gridcell"
          key={column.id}
          className={styles.cell}
          data-column={column.id}
          data-align={column.align}
          data-mono={column.mono || undefined}
          title={row === undefined ? undefined : column.title?.(row)}
        >
          {row === undefined ? <span className={styles.pending} aria-hidden="true" /> : column.cell(row)}
        </div>
      ))}
    </div>
  );
});
