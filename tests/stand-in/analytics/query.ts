import { z } from 'zod';
import type { LiveAccount } from '../account.ts';
import { ApiError } from '../errors.ts';
import { compare, compileFilter, dimension, Filter } from './filters.ts';
import { type Accumulator, METRICS, type Metric } from './metrics.ts';
import { bucketStart, checkGranularity, checkLength, readRange, TimeRange } from './time.ts';

const DEFAULT_LIMIT = 1000;
const MAX_LIMIT = 10_000;
/** May be ordered by without being asked for. */
const ALWAYS_ORDERABLE = 'request_count';

export const Query = z.strictObject({
  metrics: z.array(z.string()).min(1),
  dimensions: z.array(z.string()).max(2).default([]),
  filters: z.array(Filter).max(20).default([]),
  time_range: TimeRange.optional(),
  granularity: z.string().optional(),
  order_by: z.object({ field: z.string(), direction: z.enum(['asc', 'desc']) }).optional(),
  limit: z.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  group_limit: z.number().int().min(1).max(MAX_LIMIT).optional(),
});
export type Query = z.infer<typeof Query>;

type Cell = string | number | null;
type Row = Record<string, Cell>;

interface Group {
  /** Dimension values as grouped by (ids rather than labels), to tell combinations apart. */
  combination: string;
  shown: Row;
  accumulators: [name: string, accumulator: Accumulator][];
}

export interface Answer {
  data: Row[];
  truncated: boolean;
  warnings: string[];
}

export interface Bounds {
  /** UTC milliseconds. */
  now: number;
  /** Whether the limits on the range's length also bound the data's age. */
  age: boolean;
}

/** Answers an analytics query over the account. Throws 400 for whatever breaks one of OpenRouter's limits. */
export function runQuery(query: Query, account: LiveAccount, bounds: Bounds): Answer {
  const range = readRange(query.time_range, bounds.now);
  const granularity =
    query.granularity === undefined ? undefined : checkGranularity(query.granularity, range);
  const timeColumn = granularity && `date__${granularity}`;
  const dimensions = query.dimensions.map((name) => ({ name, ...dimension(name) }));
  const oldest = bounds.age ? bounds.now : undefined;
  for (const name of [...query.dimensions, ...query.filters.map(({ field }) => field)])
    checkLength(range, dimension(name).days, `dimension ${name}`, oldest);
  for (const name of query.metrics) checkLength(range, metric(name).days, `metric ${name}`, oldest);
  const order = orderOf(query, timeColumn);
  const warnings: string[] = [];
  const filters = query.filters.map((filter) => compileFilter(filter, account.keys, warnings));
  const gathered = new Map(query.metrics.map((name) => [name, metric(name)]));
  if (order?.field === ALWAYS_ORDERABLE) gathered.set(ALWAYS_ORDERABLE, metric(ALWAYS_ORDERABLE));

  // Every generation is a group of its own and any of them will do: one more than the limit shows that it was cut.
  const enough =
    !order && query.dimensions.includes('generation_id') ? query.limit : Number.POSITIVE_INFINITY;
  const groups = new Map<string, Group>();
  for (const row of account.between(range.start, range.end)) {
    if (groups.size > enough) break;
    if (!filters.every((passes) => passes(row))) continue;
    const combination = JSON.stringify(dimensions.map(({ value }) => value(row)));
    const time = granularity && bucketStart(row.extra.created_ms, granularity);
    const key = time === undefined ? combination : `${time} ${combination}`;
    let group = groups.get(key);
    if (!group) {
      const shown: Row = {};
      if (timeColumn && time !== undefined) shown[timeColumn] = new Date(time).toISOString();
      for (const { name, value, shown: label } of dimensions) shown[name] = (label ?? value)(row);
      const accumulators = [...gathered].map(([name, { start }]) => [name, start()] as [string, Accumulator]);
      group = { combination, shown, accumulators };
      groups.set(key, group);
    }
    for (const [, accumulator] of group.accumulators) accumulator.add(row);
  }

  let found = [...groups.values()].map(({ combination, shown, accumulators }) => ({
    combination,
    row: { ...shown, ...Object.fromEntries(accumulators.map(([name, { value }]) => [name, value()])) } as Row,
  }));
  // Without dimensions and time there is always one row, as SQL's aggregates have it.
  if (found.length === 0 && dimensions.length === 0 && !granularity)
    found = [
      {
        combination: '',
        row: Object.fromEntries([...gathered].map(([name, { start }]) => [name, start().value()])),
      },
    ];
  if (order) {
    const sign = order.direction === 'asc' ? 1 : -1;
    const numeric = gathered.has(order.field);
    found.sort(
      (a, b) => sign * compareCells(a.row[order.field] ?? null, b.row[order.field] ?? null, numeric),
    );
  }
  const limited = limitGroups(found, dimensions.length > 0 ? query.group_limit : undefined);
  const data = limited.slice(0, query.limit).map(({ row }) => row);
  if (!query.metrics.includes(ALWAYS_ORDERABLE)) for (const row of data) delete row[ALWAYS_ORDERABLE];
  return { data, truncated: data.length < found.length, warnings };
}

function metric(name: string): Metric {
  const found = METRICS.get(name);
  if (!found) throw new ApiError(400, `Unknown metric: ${name}`);
  return found;
}

/** What to sort by: as asked, else time with the latest first, else nothing. */
function orderOf(
  { order_by, metrics, dimensions }: Query,
  timeColumn: string | undefined,
): Query['order_by'] {
  if (!order_by) return timeColumn === undefined ? undefined : { field: timeColumn, direction: 'desc' };
  if (order_by.field === 'date' && timeColumn !== undefined) return { ...order_by, field: timeColumn };
  if ([...metrics, ...dimensions, ALWAYS_ORDERABLE].includes(order_by.field)) return order_by;
  throw new ApiError(
    400,
    `Cannot order by ${order_by.field}: it is neither a requested metric nor dimension`,
  );
}

/** Unknown last in ascending order. */
function compareCells(a: Cell, b: Cell, numeric: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return numeric ? Number(a) - Number(b) : compare(a, b);
}

/** At most `limit` rows of each combination of dimension values. */
function limitGroups<T extends { combination: string }>(rows: T[], limit: number | undefined): T[] {
  if (limit === undefined) return rows;
  const seen = new Map<string, number>();
  return rows.filter(({ combination }) => {
    const count = (seen.get(combination) ?? 0) + 1;
    seen.set(combination, count);
    return count <= limit;
  });
}
