/** Answers a `RowsQuery`: finds and sorts the rows once, then reads any window of them by position. */
import { fromLanes, type Money } from '../../../shared/money.ts';
import type { CellValue, Coverage, MoneyMeasure, RowsAnswer, RowsQuery } from '../../../shared/query.ts';
import { type Address, addressOf, rowOf, segmentOf } from '../id-index.ts';
import { type Segment, type StoredKey, vectorAs, vectorOf } from '../segment.ts';
import { type IdVector, idAt, nanosAt, numberAt, UNKNOWN_FLAG } from '../vector.ts';
import { sortIds } from './ids.ts';
import { isMoney, isText, moneyParts, type PlainKey, storedKeysOf } from './measure.ts';
import { ascending, eachRun, type Order, sortByKeys } from './order.ts';
import { Pace } from './pace.ts';
import { type Part, placeOf, readAmounts, readCodes, readNumbers, scratch } from './part.ts';
import { scan } from './scan.ts';
import type { Snapshot } from './snapshot.ts';

type RowColumn = RowsQuery['columns'][number];

/** What is asked for, whatever the columns and the window. */
export type RowBasis = Pick<RowsQuery, 'filter' | 'sort'>;

/** The rows of a query in its order, as addresses. */
export class RowTable {
  readonly #snapshot: Snapshot;
  readonly #addresses: Uint32Array;
  readonly #segments: readonly Segment[];
  readonly #coverage: Coverage;

  private constructor(
    snapshot: Snapshot,
    segments: readonly Segment[],
    addresses: Uint32Array,
    coverage: Coverage,
  ) {
    this.#snapshot = snapshot;
    this.#segments = segments;
    this.#addresses = addresses;
    this.#coverage = coverage;
  }

  /**
   * Rows of equal value are ordered newest first, then by id, so that every order is total.
   * @throws what `pace` is stopped with
   */
  static async build(query: RowBasis, snapshot: Snapshot, pace = new Pace()): Promise<RowTable> {
    const found = new FoundRows(query.sort, snapshot);
    const { coverage, segments } = await scan(snapshot, query.filter, found.columns, pace, (part, position) =>
      found.add(part, position),
    );
    const addresses = found.finish();
    const segmentAt: Load = (position, keys) => load(snapshot, segments[position] as Segment, keys);
    const order = await ordered(query.sort, found, addresses, segmentAt, pace);
    for (let i = 0; i < order.length; i++) order[i] = addresses[order[i] as number] as number;
    return new RowTable(snapshot, segments, order, coverage);
  }

  get count(): number {
    return this.#addresses.length;
  }

  /** The rows in order, for a writer that reads the columns itself. */
  get order(): { readonly segments: readonly Segment[]; readonly addresses: Uint32Array } {
    return { segments: this.#segments, addresses: this.#addresses };
  }

  /** A window of the rows. */
  async answer(columns: readonly RowColumn[], offset: number, limit: number): Promise<RowsAnswer> {
    const window = this.#addresses.subarray(offset, offset + limit);
    const rows: (readonly CellValue[])[] = new Array(window.length);
    const bySegment = new Map<number, number[]>();
    window.forEach((address, i) => {
      const places = bySegment.get(segmentOf(address));
      if (places) places.push(i);
      else bySegment.set(segmentOf(address), [i]);
    });
    const keys = columns.flatMap((key) => storedKeysOf(key));
    await this.#snapshot.load(
      [...bySegment.keys()].map((position) => this.#segments[position] as Segment),
      keys,
    );
    for (const [position, places] of bySegment) {
      const segment = await load(this.#snapshot, this.#segments[position] as Segment, keys);
      for (const i of places) {
        const row = rowOf(window[i] as Address);
        rows[i] = columns.map((key) => cellAt(segment, key, row, this.#snapshot));
      }
    }
    return { rows, count: this.count, coverage: this.#coverage };
  }
}

/** A segment whose columns are there now. */
async function load(snapshot: Snapshot, segment: Segment, keys: readonly StoredKey[]): Promise<Segment> {
  await snapshot.load([segment], keys);
  return segment;
}

/** The rows that were found, as they came: places from 0 on. */
class FoundRows {
  readonly columns: readonly StoredKey[];
  readonly #by: RowColumn;
  readonly #snapshot: Snapshot;
  readonly #ranks: Uint32Array | null;
  #count = 0;
  #addresses = new Uint32Array(0);
  /** UTC ms. */
  times = new Float64Array(0);
  /** By what rows are sorted, NaN for unknown; empty where that is the time or the id. */
  keys = new Float64Array(0);
  /** What `keys` leave out of amounts of money, where any has some. */
  rests: Float64Array<ArrayBuffer> | null = null;

  constructor({ by }: RowsQuery['sort'], snapshot: Snapshot) {
    this.#by = by;
    this.#snapshot = snapshot;
    this.columns = ['created_at', ...(by === 'generation_id' ? [] : storedKeysOf(by))];
    this.#ranks = isText(by) ? snapshot.dictionary(by).ranks() : null;
  }

  add(part: Part, position: number): void {
    this.#makeRoom(part.count);
    const at = this.#count;
    for (let i = 0; i < part.count; i++) this.#addresses[at + i] = addressOf(position, placeOf(part, i));
    readNumbers(part, 'created_at', scratch.numbers);
    this.times.set(scratch.numbers.subarray(0, part.count), at);
    if (this.#by !== 'created_at' && this.#by !== 'generation_id') this.#addKeys(part, this.#by, at);
    this.#count += part.count;
  }

  /** @returns the address of each place */
  finish(): Uint32Array {
    this.times = this.times.subarray(0, this.#count);
    return this.#addresses.subarray(0, this.#count);
  }

  #addKeys(part: Part, by: Exclude<RowColumn, 'created_at' | 'generation_id'>, at: number): void {
    const { numbers, codes, amounts } = scratch;
    if (isMoney(by)) {
      readAmounts(part, by, amounts);
      this.keys.set(amounts.nanos.subarray(0, part.count), at);
      if (!amounts.hasRest) return;
      this.rests ??= new Float64Array(this.keys.length);
      this.rests.set(amounts.rest.subarray(0, part.count), at);
    } else if (isText(by)) {
      const ranks = this.#ranks as Uint32Array;
      readCodes(part, by, codes);
      for (let i = 0; i < part.count; i++)
        this.keys[at + i] = codes[i] === 0 ? Number.NaN : (ranks[codes[i] as number] as number);
    } else {
      readNumbers(part, by as PlainKey, numbers);
      this.keys.set(numbers.subarray(0, part.count), at);
    }
  }

  #makeRoom(count: number): void {
    const needed = this.#count + count;
    if (needed <= this.#addresses.length) return;
    const length = Math.min(
      this.#snapshot.segments.reduce((sum, { info }) => sum + info.rows, 0),
      Math.max(needed, this.#addresses.length * 2),
    );
    this.#addresses = copied(this.#addresses, new Uint32Array(length));
    this.times = copied(this.times, new Float64Array(length));
    if (this.#by === 'created_at' || this.#by === 'generation_id') return;
    this.keys = copied(this.keys, new Float64Array(length));
    if (this.rests) this.rests = copied(this.rests, new Float64Array(length));
  }
}

function copied<T extends Float64Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

type Load = (position: number, keys: readonly StoredKey[]) => Promise<Segment>;

/** The places of the rows that were found, in order. */
async function ordered(
  { by, descending }: RowsQuery['sort'],
  { times, keys, rests }: FoundRows,
  addresses: Uint32Array,
  segmentAt: Load,
  pace: Pace,
): Promise<Order> {
  if (by === 'generation_id') {
    const order = ascending(times.length);
    const ids = await idsOf(addresses, order, segmentAt, pace);
    await sortIds(order, ids, addresses, pace);
    return descending ? order.reverse() : order;
  }
  const newestFirst = await sortByKeys(ascending(times.length), times, true, pace);
  await settleTies(newestFirst, times, addresses, segmentAt, pace);
  if (by === 'created_at') return descending ? newestFirst : newestFirst.reverse();
  const finer = rests ? await sortByKeys(newestFirst, rests, descending, pace) : newestFirst;
  return sortByKeys(finer, keys, descending, pace);
}

/** Orders rows of the same time by their ids, from the last to the first. */
async function settleTies(
  order: Order,
  times: Float64Array,
  addresses: Uint32Array,
  segmentAt: Load,
  pace: Pace,
): Promise<void> {
  const runs: number[] = [];
  eachRun(
    order,
    (place) => times[place] as number,
    (start, end) => {
      runs.push(start, end);
    },
  );
  if (runs.length === 0) return;
  const tied = new Uint32Array(runs.reduce((sum, at, i) => (i % 2 === 0 ? sum - at : sum + at), 0));
  for (let [i, at] = [0, 0]; i < runs.length; i += 2) {
    const run = order.subarray(runs[i], runs[i + 1]);
    tied.set(run, at);
    at += run.length;
  }
  const ids = await idsOf(addresses, tied, segmentAt, pace);
  for (let i = 0; i < runs.length; i += 2) {
    const run = order.subarray(runs[i], runs[i + 1]);
    const pause = sortIds(run, ids, addresses, pace);
    if (pause) await pause;
    run.reverse();
  }
}

/** The ids of the segments that some places lie in, by position. The columns stay as long as they are held here. */
async function idsOf(
  addresses: Uint32Array,
  places: Uint32Array,
  segmentAt: Load,
  pace: Pace,
): Promise<readonly IdVector[]> {
  const touched = new Set<number>();
  for (let i = 0; i < places.length; i++) touched.add(segmentOf(addresses[places[i] as number] as number));
  const ids: IdVector[] = [];
  for (const position of touched) {
    const vector = vectorAs(await segmentAt(position, ['generation_id']), 'generation_id', 'id');
    if (vector) ids[position] = vector;
    await pace.step();
  }
  return ids;
}

/** The amount of a row: one column's, or the sum of the parts of spend that are known. */
function moneyAt(segment: Segment, key: MoneyMeasure, row: number): Money | null {
  let amount: Money | null = null;
  for (const part of moneyParts(key)) {
    const vector = vectorAs(segment, part, 'money');
    const nanos = vector ? nanosAt(vector, row) : Number.NaN;
    if (vector && !Number.isNaN(nanos)) amount = (amount ?? 0n) + fromLanes(nanos, vector.rest?.[row] ?? 0);
  }
  return amount;
}

function cellAt(segment: Segment, key: RowColumn, row: number, snapshot: Snapshot): CellValue {
  if (key === 'spend') return moneyAt(segment, key, row);
  const vector = vectorOf(segment, key);
  switch (vector?.kind) {
    case undefined:
      return null;
    case 'id':
      return idAt(vector, row);
    case 'text':
      return isText(key) ? snapshot.dictionary(key).word(vector.codes[row] as number) : null;
    case 'flag':
      return vector.values[row] === UNKNOWN_FLAG ? null : vector.values[row] === 1;
    case 'money':
      return isMoney(key) ? moneyAt(segment, key, row) : null;
    case 'number': {
      const value = numberAt(vector, row);
      return Number.isNaN(value) ? null : value;
    }
  }
}
