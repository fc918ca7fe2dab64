/** What should come back, for each kind of question. */
import type {
  Aggregate,
  AggregateValue,
  Bucket,
  CellValue,
  CompareQuery,
  Dimension,
  FacetQuery,
  Group,
  GroupQuery,
  HistogramQuery,
  RowsQuery,
  TimeRange,
  Values,
} from '../../../shared/query.ts';
import type { ModelRow } from '../model.ts';
import { aggregate } from './aggregate.ts';
import { bucketAfter, bucketOf, bucketsBetween } from './buckets.ts';
import { compareCells, compareIds, compareKeys } from './order.ts';

/** Everything but the store's version, which is no matter of the data. */
export interface ModelCoverage {
  readonly rows: number;
  readonly from: number | null;
  readonly to: number | null;
}

function coverageOf(rows: readonly ModelRow[]): ModelCoverage {
  const times = rows.map(({ cells }) => cells.created_at as number);
  if (times.length === 0) return { rows: 0, from: null, to: null };
  return { rows: rows.length, from: Math.min(...times), to: Math.max(...times) };
}

const isBucket = (dimension: Dimension): dimension is Bucket => typeof dimension === 'object';

interface KeyedRows {
  readonly keys: readonly CellValue[];
  readonly rows: ModelRow[];
}

const nameOf = (keys: readonly CellValue[]): string =>
  JSON.stringify(keys.map((key) => (typeof key === 'bigint' ? `${key}n` : [key])));

/** @param keyOf the key of a row in one dimension */
function gather(
  rows: readonly ModelRow[],
  by: readonly Dimension[],
  keyOf: (row: ModelRow, dimension: Dimension) => CellValue,
): Map<string, KeyedRows> {
  const groups = new Map<string, KeyedRows>();
  for (const row of rows) {
    const keys = by.map((dimension) => keyOf(row, dimension));
    const group = groups.get(nameOf(keys)) ?? { keys, rows: [] };
    groups.set(nameOf(keys), group);
    group.rows.push(row);
  }
  return groups;
}

const timeOf = ({ cells }: ModelRow): number => cells.created_at as number;
const keyOf = (row: ModelRow, dimension: Dimension): CellValue =>
  isBucket(dimension) ? bucketOf(timeOf(row), dimension) : row.cells[dimension];

/** What orders a group: a list by its length. */
function weight(value: AggregateValue | undefined): CellValue {
  const of = value?.value ?? null;
  return typeof of === 'object' && of !== null ? of.length : of;
}

export function group(rows: readonly ModelRow[], query: GroupQuery) {
  const { by, descending } = query.sort;
  const all = [...gather(rows, query.by, keyOf).values()].map((one) => ({
    ...one,
    values: aggregate(one.rows, query.aggregates, rows),
  }));
  all.sort((a, b) => {
    if (by === 'key') return compareKeys(a.keys, b.keys, descending);
    const order = compareCells(weight(a.values[by]), weight(b.values[by]), descending);
    return order || compareKeys(a.keys, b.keys, false);
  });
  const end = query.offset + query.limit;
  const outside = all.filter((_, i) => i < query.offset || i >= end);
  return {
    groups: all.slice(query.offset, end).map(({ keys, values }): Group => ({ keys, values })),
    count: all.length,
    totals: aggregate(rows, query.aggregates, rows),
    other:
      query.other && outside.length > 0
        ? {
            count: outside.length,
            values: aggregate(
              outside.flatMap((one) => one.rows),
              query.aggregates,
              rows,
            ),
          }
        : null,
    coverage: coverageOf(rows),
  };
}

const within = (rows: readonly ModelRow[], { from, to }: TimeRange): readonly ModelRow[] =>
  rows.filter((row) => timeOf(row) >= from && timeOf(row) < to);

export function compareGroups(rows: readonly ModelRow[], query: CompareQuery) {
  const [nowRows, beforeRows] = [within(rows, query.now), within(rows, query.before)];
  /** A bucket by its number in the range, which becomes the bucket of now. */
  const inRange = (range: TimeRange) => (row: ModelRow, dimension: Dimension) =>
    isBucket(dimension)
      ? bucketAfter(query.now.from, bucketsBetween(range.from, timeOf(row), dimension), dimension)
      : row.cells[dimension];
  const now = gather(nowRows, query.by, inRange(query.now));
  const before = gather(beforeRows, query.by, inRange(query.before));

  const names = [...new Set([...now.keys(), ...before.keys()])];
  const groups = names.map((name) => {
    const [x, y] = [now.get(name), before.get(name)];
    return {
      keys: (x ?? y)?.keys ?? [],
      now: x ? aggregate(x.rows, query.aggregates, nowRows) : null,
      before: y ? aggregate(y.rows, query.aggregates, beforeRows) : null,
    };
  });
  const { by, of, descending } = query.sort;
  const sortedBy = (one: (typeof groups)[number]): CellValue => {
    const [x, y] = [weight(one.now?.[by]), weight(one.before?.[by])];
    if (of === 'now') return x;
    if (of === 'before') return y;
    // What adds up is 0 where a range has no rows of the group.
    const nothing = ADDS_UP.includes(query.aggregates[by]?.fn ?? 'count') ? 0 : null;
    return difference(one.now ? x : nothing, one.before ? y : nothing);
  };
  groups.sort((a, b) => {
    if (by === 'key') return compareKeys(a.keys, b.keys, descending);
    return compareCells(sortedBy(a), sortedBy(b), descending) || compareKeys(a.keys, b.keys, false);
  });
  return {
    groups: groups.slice(query.offset, query.offset + query.limit),
    count: groups.length,
    totals: {
      now: aggregate(nowRows, query.aggregates, nowRows),
      before: aggregate(beforeRows, query.aggregates, beforeRows),
    },
    coverage: { now: coverageOf(nowRows), before: coverageOf(beforeRows) },
  };
}

const ADDS_UP: readonly Aggregate['fn'][] = ['count', 'known', 'sum', 'share', 'distinct', 'values'];

function difference(a: CellValue, b: CellValue): CellValue {
  if (a === null || b === null) return null;
  return typeof a === 'bigint' || typeof b === 'bigint' ? BigInt(a) - BigInt(b) : Number(a) - Number(b);
}

export function facet(rows: readonly ModelRow[], query: FacetQuery) {
  const search = query.search?.toLowerCase() ?? '';
  const values = [...gather(rows, [query.of], keyOf).values()]
    .map(({ keys, rows: { length } }) => ({ value: keys[0] as string | boolean | null, rows: length }))
    .filter(({ value }) => typeof value !== 'string' || value.toLowerCase().includes(search))
    .sort((a, b) => {
      if (a.value === null || b.value === null) return compareCells(a.value, b.value, false);
      return b.rows - a.rows || compareCells(a.value, b.value, false);
    });
  return {
    values: values.slice(query.offset, query.offset + query.limit),
    count: values.length,
    coverage: coverageOf(rows),
  };
}

/** The facts that a histogram has to agree with; where its edges lie is its own affair. */
export function histogramFacts(rows: readonly ModelRow[], { of, per }: HistogramQuery) {
  const units: Values<'size'>[] =
    per === 'request'
      ? rows.map((row) => aggregate([row], { size: { fn: 'sum', of } }, rows))
      : [
          ...gather(
            rows.filter(({ cells }) => cells[per] !== null),
            [per],
            keyOf,
          ).values(),
        ].map((one) => aggregate(one.rows, { size: { fn: 'sum', of } }, rows));
  const sizes = units.flatMap(({ size }) => (size.value === null ? [] : (size.value as number | bigint)));
  sizes.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return {
    sizes,
    unknown: units.length - sizes.length,
    min: sizes[0] ?? null,
    max: sizes.at(-1) ?? null,
    coverage: coverageOf(rows),
  };
}

/** Rows of equal value stand newest first, then by their ids, the greater first. */
export function rowsOf(rows: readonly ModelRow[], query: RowsQuery) {
  const { by, descending } = query.sort;
  const newestFirst = (a: ModelRow, b: ModelRow) =>
    timeOf(b) - timeOf(a) || compareIds(b.cells.generation_id, a.cells.generation_id);
  const sorted = [...rows].sort((a, b) => {
    if (by === 'created_at') return descending ? newestFirst(a, b) : newestFirst(b, a);
    if (by === 'generation_id') {
      return (descending ? -1 : 1) * compareIds(a.cells.generation_id, b.cells.generation_id);
    }
    return compareCells(a.cells[by], b.cells[by], descending) || newestFirst(a, b);
  });
  return {
    rows: sorted
      .slice(query.offset, query.offset + query.limit)
      .map(({ cells }) => query.columns.map((key) => cells[key])),
    count: rows.length,
    coverage: coverageOf(rows),
  };
}
