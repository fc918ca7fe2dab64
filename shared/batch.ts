import { type ApiGeneration, COLUMNS, type ColumnKey, type SourceValue } from './columns.ts';

/**
 * Some generations on their way into the store: a column each for what the source knows, still in the source's
 * words. A column that is absent is unknown for every row.
 */
export interface GenerationBatch {
  /** How many generations; every column has this length. */
  readonly rows: number;
  readonly columns: { readonly [K in ColumnKey]?: readonly SourceValue[] };
}

const isObject = (value: unknown): value is ApiGeneration =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Turns generations as the API lists them into a batch. Nothing is judged here: an item that is no object
 * becomes a row without an id, which the store rejects with its reason.
 */
export function batchFromApi(items: readonly unknown[]): GenerationBatch {
  const columns: { [K in ColumnKey]?: SourceValue[] } = {};
  for (const column of COLUMNS) {
    if (!('api' in column)) continue;
    columns[column.key] = items.map((item) => (isObject(item) ? column.api(item) : null));
  }
  return { rows: items.length, columns };
}
