/** The table on screen, as it can be written to a file. */
import { useEffect, useId } from 'react';
import type { GridColumn } from '../components/data-grid/column.ts';
import type { Sink } from '../export/sink.ts';
import { type TableOptions, type TableWindow, type WrittenTable, writeTable } from '../export/table.ts';
import { createSignal, useSignal } from './signal.ts';

export interface ShownTable {
  /** What the reader knows it by: `Users`. */
  readonly name: string;
  /** The beginning of its file's name: `whospent_users`. */
  readonly stem: string;
  /** How many rows it has under the filters. */
  readonly rows: number;
  readonly write: (options: TableOptions, sink: Sink) => Promise<WrittenTable>;
}

interface Place {
  readonly key: string;
  readonly table: ShownTable;
}

const places = createSignal<readonly Place[]>([]);

/** The table that is on top; null where a view has none and none is below it. */
export const useShownTable = (): ShownTable | null => useSignal(places).at(-1)?.table ?? null;

/** A grid's columns and the way to its rows, as a table that can be exported. */
export function shownTable<Row>(
  { name, stem, rows }: Omit<ShownTable, 'write'>,
  columns: readonly GridColumn<Row>[],
  read: (offset: number, limit: number) => Promise<TableWindow<Row>>,
): ShownTable {
  const files = columns.map(({ file }) => file);
  return { name, stem, rows, write: (options, sink) => writeTable({ columns: files, read }, options, sink) };
}

/** Says which table the view shows, as long as it does. `table` must keep its identity while nothing changes. */
export function useShowTable(table: ShownTable): void {
  const key = useId();
  useEffect(() => {
    const others = places.get();
    const isNew = !others.some((place) => place.key === key);
    places.set(
      isNew
        ? [...others, { key, table }]
        : others.map((place) => (place.key === key ? { key, table } : place)),
    );
  }, [key, table]);
  useEffect(() => () => places.set(places.get().filter((place) => place.key !== key)), [key]);
}
