/** Answers a `RowsQuery`: finds and sorts the rows once, then reads any window of them by position. */
import { type ColumnKey, column, SPEND_PARTS, type TextKey } from '../../../shared/columns.ts';
import { fromLanes, type Money, YOCTOS_PER_NANO } from '../../../shared/money.ts';
import type { CellValue, Coverage, RowsAnswer, RowsQuery } from '../../../shared/query.ts';
import { type Address, addressOf, rowOf, SEGMENT_ROWS, segmentOf } from '../id-index.ts';
import { type Segment, type StoredKey, vectorAs, vectorOf } from '../segment.ts';
import { compareIds, idAt, numberAt, UNKNOWN_FLAG } from '../vector.ts';
import { compileFilter } from './filter.ts';
import type { Snapshot } from './snapshot.ts';

type RowColumn = RowsQuery['columns'][number];

const storedKeys = (key: RowColumn): readonly StoredKey[] => (key === 'spend' ? SPEND_PARTS : [key]);

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

  /** Rows of equal value are ordered newest first, then by id, so that every order is total. */
  static async build(query: Pick<RowsQuery, 'filter' | 'sort'>, snapshot: Snapshot): Promise<RowTable> {
    const filter = compileFilter(query.filter, snapshot);
    const { segments } = filter;
    await snapshot.load(
      segments,
      new Set<StoredKey>(['created_at', 'generation_id', ...filter.columns, ...storedKeys(query.sort.by)]),
    );
    const addresses = selectAddresses(segments, filter.select);
    const coverage = { rows: addresses.length, ...spanOf(segments, addresses), version: snapshot.version };
    addresses.sort(comparator(query.sort, segments, snapshot));
    return new RowTable(snapshot, segments, addresses, coverage);
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
    const touched = [...new Set(Array.from(window, segmentOf))].map(
      (position) => this.#segments[position] as Segment,
    );
    await this.#snapshot.load(touched, columns.flatMap(storedKeys));
    return {
      rows: Array.from(window, (address) => {
        const segment = this.#segments[segmentOf(address)] as Segment;
        return columns.map((key) => cellAt(segment, key, rowOf(address), this.#snapshot));
      }),
      count: this.count,
      coverage: this.#coverage,
    };
  }
}

function selectAddresses(
  segments: readonly Segment[],
  select: (segment: Segment) => Uint8Array | null,
): Uint32Array<ArrayBuffer> {
  const addresses = new Uint32Array(segments.length * SEGMENT_ROWS);
  let count = 0;
  segments.forEach((segment, position) => {
    const selected = select(segment);
    for (let row = 0; row < segment.info.rows; row++) {
      if (selected === null || selected[row] === 1) addresses[count++] = addressOf(position, row);
    }
  });
  return addresses.slice(0, count);
}

function spanOf(segments: readonly Segment[], addresses: Uint32Array): Pick<Coverage, 'from' | 'to'> {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const address of addresses) {
    const time = timeAt(segments[segmentOf(address)] as Segment, rowOf(address));
    if (time < from) from = time;
    if (time > to) to = time;
  }
  return addresses.length > 0 ? { from, to } : { from: null, to: null };
}

function timeAt(segment: Segment, row: number): number {
  return (vectorAs(segment, 'created_at', 'number')?.values[row] as number | undefined) ?? Number.NaN;
}

/** The amount of a row: one column's, or the sum of the parts of spend that are known. */
function moneyAt(segment: Segment, key: RowColumn, row: number): Money | null {
  let amount: Money | null = null;
  for (const part of storedKeys(key)) {
    const vector = vectorAs(segment, part, 'money');
    const nanos = vector ? numberAt(vector.nanos, row) : Number.NaN;
    if (vector && !Number.isNaN(nanos)) amount = (amount ?? 0n) + fromLanes(nanos, vector.rest?.[row] ?? 0);
  }
  return amount;
}

const isText = (key: RowColumn): key is TextKey => key !== 'spend' && column(key).kind === 'text';

function cellAt(segment: Segment, key: RowColumn, row: number, snapshot: Snapshot): CellValue {
  if (key === 'spend') return moneyAt(segment, key, row);
  const vector = vectorOf(segment, key);
  switch (vector?.kind) {
    case undefined:
      return null;
    case 'id':
      return idAt(vector, row);
    case 'text':
      return snapshot
        .dictionary(key as Parameters<Snapshot['dictionary']>[0])
        .word(vector.codes[row] as number);
    case 'flag':
      return vector.values[row] === UNKNOWN_FLAG ? null : vector.values[row] === 1;
    case 'money':
      return moneyAt(segment, key, row);
    case 'number': {
      const value = numberAt(vector.values, row);
      return Number.isNaN(value) ? null : value;
    }
  }
}

type Compare = (a: Address, b: Address) => number;

function comparator(sort: RowsQuery['sort'], segments: readonly Segment[], snapshot: Snapshot): Compare {
  const sign = sort.descending ? -1 : 1;
  const newestFirst: Compare = (a, b) => {
    const [first, second] = [segments[segmentOf(a)] as Segment, segments[segmentOf(b)] as Segment];
    return timeAt(second, rowOf(b)) - timeAt(first, rowOf(a)) || byId(segments, b, a);
  };
  if (sort.by === 'generation_id') return (a, b) => sign * byId(segments, a, b);
  if (sort.by === 'created_at') return sort.descending ? newestFirst : (a, b) => -newestFirst(a, b);

  const keys = sortKeys(sort.by, segments, snapshot);
  return (a, b) => {
    const [x, y] = [keys(a), keys(b)];
    const [unknownX, unknownY] = [Number.isNaN(x), Number.isNaN(y)];
    if (unknownX || unknownY) return unknownX === unknownY ? newestFirst(a, b) : unknownX ? 1 : -1;
    return sign * (x - y) || newestFirst(a, b);
  };
}

function byId(segments: readonly Segment[], a: Address, b: Address): number {
  const idsA = vectorAs(segments[segmentOf(a)] as Segment, 'generation_id', 'id');
  const idsB = vectorAs(segments[segmentOf(b)] as Segment, 'generation_id', 'id');
  return idsA && idsB ? compareIds(idsA, rowOf(a), idsB, rowOf(b)) : 0;
}

/** A number for each row by which it sorts; NaN for unknown. */
function sortKeys(
  by: ColumnKey | 'spend',
  segments: readonly Segment[],
  snapshot: Snapshot,
): (address: Address) => number {
  const ranks = isText(by) ? snapshot.dictionary(by).ranks() : null;
  const keys = segments.map((segment) => segmentKeys(by, segment, ranks));
  return (address) => (keys[segmentOf(address)] as Float64Array)[rowOf(address)] as number;
}

function segmentKeys(by: ColumnKey | 'spend', segment: Segment, ranks: Uint32Array | null): Float64Array {
  const { rows } = segment.info;
  const keys = new Float64Array(rows).fill(Number.NaN);
  const kind = by === 'spend' ? 'money' : column(by).kind;
  if (kind === 'money') {
    // Nano-dollars with what lies beyond them as a fraction: good to the last digit that a double holds.
    for (const part of storedKeys(by)) {
      const vector = vectorAs(segment, part, 'money');
      if (!vector) continue;
      for (let row = 0; row < rows; row++) {
        const nanos = numberAt(vector.nanos, row);
        if (Number.isNaN(nanos)) continue;
        const before = keys[row] as number;
        keys[row] = (Number.isNaN(before) ? 0 : before) + nanos + (vector.rest?.[row] ?? 0) / YOCTOS_PER_NANO;
      }
    }
    return keys;
  }
  const vector = vectorOf(segment, by as ColumnKey);
  if (vector?.kind === 'number')
    for (let row = 0; row < rows; row++) keys[row] = numberAt(vector.values, row);
  else if (vector?.kind === 'flag') {
    for (let row = 0; row < rows; row++) {
      if (vector.values[row] !== UNKNOWN_FLAG) keys[row] = vector.values[row] as number;
    }
  } else if (vector?.kind === 'text' && ranks) {
    for (let row = 0; row < rows; row++) {
      const code = vector.codes[row] as number;
      if (code !== 0) keys[row] = ranks[code] as number;
    }
  }
  return keys;
}
