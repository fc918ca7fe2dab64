/**
 * The border of the store: a batch in its source's words becomes typed columns, row by row accepted or rejected
 * with a reason. A row is taken whole or not at all: a wrong number is never quietly an unknown one.
 *
 * Runs wherever the batch is (the CSV worker, the store's worker), knows no stored data, and its result can be
 * transferred.
 */
import type { GenerationBatch } from '../../shared/batch.ts';
import { COLUMNS, type ColumnKey } from '../../shared/columns.ts';
import { IdEncoder } from './id-encoder.ts';
import { Lane, type Reject, TimeLane } from './lanes.ts';
import type { Rejection } from './rejection.ts';
import { idProblem } from './source-values.ts';
import { type Codes, type EncodedColumn, type IdVector, joinIds, type Numbers } from './vector.ts';

export interface EncodedBatch {
  /** Rows accepted; every column has this length. */
  readonly rows: number;
  readonly ids: IdVector;
  /** Columns that no row knows are left out. `created_at` is always there. */
  readonly columns: { readonly [K in ColumnKey]?: EncodedColumn };
  /** 1 where the source had no time and the id's own stands in, so that a real one may replace it. */
  readonly timeFromId: Uint8Array | null;
  readonly rejections: readonly Rejection[];
}

/** A row that is not taken, and why. */
export interface Refusal {
  /** Its place among the rows that were added with it. */
  readonly row: number;
  readonly reason: string;
}

/**
 * Encodes rows that come in bites into one batch. Its columns are used again for the next batch, so that reading a
 * million rows leaves little behind to be cleared away.
 */
export class BatchEncoder {
  readonly #lanes = new Map<ColumnKey, Lane>();
  readonly #times: TimeLane;
  readonly #ids: IdEncoder;
  #capacity: number;

  /** @param capacity rows that it has room for at first */
  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#times = new TimeLane(capacity);
    this.#ids = new IdEncoder(capacity);
  }

  /** Rows taken since the last batch. */
  get rows(): number {
    return this.#ids.rows;
  }

  /**
   * Adds rows.
   * @param refused why rows are not to be taken that were found wrong before, by row
   * @returns the rows that were not taken, ascending
   */
  add({ rows, columns }: GenerationBatch, refused: readonly (string | undefined)[] = []): Refusal[] {
    const first = this.rows;
    this.#makeRoom(first + rows);
    const reasons = [...refused];
    const reject: Reject = (row, reason) => {
      reasons[row] ??= reason;
    };
    for (const { key, kind } of COLUMNS) {
      const source = columns[key];
      if (source && kind !== 'id' && kind !== 'time') this.#lane(key, kind).put(source, first, rows, reject);
    }
    const ids = columns.generation_id ?? new Array<null>(rows).fill(null);
    this.#times.put(columns.created_at, ids, first, rows, reject);
    for (let row = 0; row < rows; row++) {
      const problem = idProblem(ids[row]);
      if (problem) reasons[row] = problem;
    }
    if (reasons.length === 0) {
      this.#ids.add(ids as readonly string[]);
      return [];
    }
    const kept: number[] = [];
    const refusals: Refusal[] = [];
    for (let row = 0; row < rows; row++) {
      const reason = reasons[row];
      if (reason === undefined) kept.push(row);
      else refusals.push({ row, reason });
    }
    for (const lane of this.#all) lane.keep(kept, first, rows);
    this.#ids.add(kept.map((row) => ids[row] as string));
    return refusals;
  }

  /** Takes back all but the first rows, as if they had not been added. */
  cutTo(rows: number): void {
    for (const lane of this.#all) lane.keep([], rows, this.rows - rows);
    this.#ids.cutTo(rows);
  }

  /** The batch of all rows since the last one, in the narrowest arrays that hold them. */
  finish(rejections: readonly Rejection[]): EncodedBatch {
    const { rows } = this;
    const columns: { [K in ColumnKey]?: EncodedColumn } = {};
    for (const { key } of COLUMNS) {
      const column = this.#lanes.get(key)?.finish(rows);
      if (column) columns[key] = column;
    }
    const { times, timeFromId } = this.#times.finish(rows);
    columns.created_at = times;
    return { rows, ids: this.#ids.finish(), columns, timeFromId, rejections };
  }

  get #all(): readonly (Lane | TimeLane)[] {
    return [...this.#lanes.values(), this.#times];
  }

  #lane(key: ColumnKey, kind: ConstructorParameters<typeof Lane>[1]): Lane {
    let lane = this.#lanes.get(key);
    if (!lane) {
      lane = new Lane(key, kind, this.#capacity);
      this.#lanes.set(key, lane);
    }
    return lane;
  }

  #makeRoom(rows: number): void {
    if (rows <= this.#capacity) return;
    this.#capacity = Math.max(rows, this.#capacity * 2);
    for (const lane of this.#all) lane.lengthen(this.#capacity);
  }
}

/**
 * Encodes a batch.
 * @param lines where each row stands in its source, for the rejections; absent where it has no lines.
 */
export function encodeBatch(batch: GenerationBatch, lines?: readonly number[]): EncodedBatch {
  const encoder = new BatchEncoder(batch.rows);
  const refusals = encoder.add(batch);
  return encoder.finish(refusals.map(({ row, reason }) => ({ line: lines?.[row] ?? null, reason })));
}

function pick<T extends Numbers | Codes>(values: T, rows: readonly number[]): T {
  const picked = new (values.constructor as new (length: number) => T)(rows.length);
  rows.forEach((row, i) => {
    picked[i] = values[row] as number;
  });
  return picked;
}

function pickColumns(columns: EncodedBatch['columns'], rows: readonly number[]): EncodedBatch['columns'] {
  const picked: { [K in ColumnKey]?: EncodedColumn } = {};
  for (const [key, column] of Object.entries(columns) as [ColumnKey, EncodedColumn][]) {
    picked[key] = pickColumn(column, rows);
  }
  return picked;
}

function pickColumn(column: EncodedColumn, rows: readonly number[]): EncodedColumn {
  switch (column.kind) {
    case 'text':
      return { ...column, codes: pick(column.codes, rows) };
    case 'money':
      return { ...column, nanos: pick(column.nanos, rows), rest: column.rest && pick(column.rest, rows) };
    case 'flag':
      return { ...column, values: pick(column.values, rows) };
    case 'number':
      return { ...column, values: pick(column.values, rows) };
  }
}

/** Some rows of an encoded batch, without its rejections. */
export function pickRows(batch: EncodedBatch, rows: readonly number[]): EncodedBatch {
  return {
    rows: rows.length,
    ids: joinIds(null, batch.ids, Uint32Array.from(rows)),
    columns: pickColumns(batch.columns, rows),
    timeFromId: batch.timeFromId && pick(batch.timeFromId, rows),
    rejections: [],
  };
}

/** The buffers of a batch, to be transferred with it. */
export function buffersOf(batch: EncodedBatch): ArrayBuffer[] {
  const arrays: ArrayBufferView[] = [batch.ids.offsets, batch.ids.bytes];
  if (batch.timeFromId) arrays.push(batch.timeFromId);
  for (const column of Object.values(batch.columns)) {
    if (column.kind === 'text') arrays.push(column.codes);
    else if (column.kind === 'money') arrays.push(column.nanos, ...(column.rest ? [column.rest] : []));
    else arrays.push(column.values);
  }
  return arrays.map((array) => array.buffer as ArrayBuffer);
}
