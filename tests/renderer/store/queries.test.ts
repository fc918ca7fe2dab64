/** Every kind of question, compared with plain sums over the same rows. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ColumnKey, column, type SourceValue } from '../../../shared/columns.ts';
import { divide, type Money, parseMoney, ratio } from '../../../shared/money.ts';
import type {
  Aggregate,
  AggregateValue,
  Bucket,
  CellValue,
  Condition,
  Dimension,
  GroupQuery,
  KeyColumn,
  Measure,
} from '../../../shared/query.ts';
import { zoneOf } from '../../../shared/zone.ts';
import { MemoryEngine } from './memory.ts';

const T0 = Date.UTC(2026, 2, 28);
const HOUR = 3_600_000;
/** Many runs, also on a machine that has other things to do. */
const LONG_MS = 60_000;

const cost = fc.oneof(
  { arbitrary: fc.constant(null), weight: 1 },
  { arbitrary: fc.integer({ min: -20, max: 20 }).map((n) => (n / 1e6).toFixed(6)), weight: 3 },
  { arbitrary: fc.constantFrom(0.00037035000000000003, 0.00037035, -1.5e-12, 1.5e-12, 0), weight: 2 },
  { arbitrary: fc.constantFrom('8999999.123456789', '-8999999.123456789', '8999999.123456788'), weight: 1 },
);
const flag = fc.constantFrom(true, false, null);
const generation = fc.record({
  n: fc.nat(300),
  created_at: fc.integer({ min: T0, max: T0 + 5 * 24 * HOUR }),
  user: fc.constantFrom('a', 'A', 'b', 'ü"\n,', null),
  model_permaslug: fc.constantFrom('m/one', 'M/Two', 'm/three', null),
  cost_total: cost,
  byok_usage_inference: cost,
  cost_cache: cost,
  tokens_prompt: fc.constantFrom(null, 0, 1, 254, 255, 256, 65_534, 65_535, 65_536, 2 ** 40),
  tokens_completion: fc.option(fc.nat(30)),
  generation_time_ms: fc.constantFrom(null, 0, 0.5, 12.25, 255, 1000, 70_000),
  cancelled: flag,
  is_byok: flag,
});
type Generation = typeof generation extends fc.Arbitrary<infer T> ? T : never;

const account = fc.uniqueArray(generation, { selector: ({ n }) => n, maxLength: 80 });

function engineOf(rows: readonly Generation[], size = 1000): MemoryEngine {
  const engine = new MemoryEngine();
  const keys = Object.keys(rows[0] ?? {}).filter((key) => key !== 'n') as (keyof Generation)[];
  for (let at = 0; at < rows.length; at += size) {
    const some = rows.slice(at, at + size);
    const columns: { [K in ColumnKey]?: SourceValue[] } = {};
    columns.generation_id = some.map(({ n }) => `gen-1767225601-${n}`);
    for (const key of keys) columns[key as ColumnKey] = some.map((row) => row[key]);
    columns.created_at = some.map((row) => new Date(row.created_at).toISOString());
    engine.ingest({ rows: some.length, columns });
  }
  return engine;
}

/** A row's value as questions see it. */
function cellOf(row: Generation, key: ColumnKey | 'spend'): CellValue {
  if (key === 'generation_id') return `gen-1767225601-${row.n}`;
  if (key === 'spend') {
    const parts = [cellOf(row, 'cost_total'), cellOf(row, 'byok_usage_inference')].filter(
      (part) => part !== null,
    );
    return parts.length === 0 ? null : parts.reduce((sum: bigint, part) => sum + (part as bigint), 0n);
  }
  const value = row[key as keyof Generation];
  if (value === null) return null;
  return column(key).kind === 'money' ? (parseMoney(value as string) ?? null) : value;
}

function passes(row: Generation, condition: Condition): boolean {
  const { on } = condition;
  if (on === 'source') return true;
  if (on === 'created_at')
    return row.created_at >= (condition.from ?? -Infinity) && row.created_at < (condition.to ?? Infinity);
  const value = cellOf(row, on);
  if ('known' in condition) return (value !== null) === condition.known;
  if ('in' in condition) return (condition.in as readonly CellValue[]).includes(value);
  if ('notIn' in condition) return !condition.notIn.includes(value as string | null);
  if ('contains' in condition)
    return value !== null && String(value).toLowerCase().includes(condition.contains.toLowerCase());
  if (value === null) return false;
  const { atLeast, atMost } = condition;
  return (
    (atLeast === undefined || number(value) >= atLeast) && (atMost === undefined || number(value) <= atMost)
  );
}

const knownOf = (rows: readonly Generation[], of: ColumnKey | 'spend') =>
  rows.map((row) => cellOf(row, of)).filter((value) => value !== null);
const number = (value: CellValue): number | bigint =>
  typeof value === 'boolean' ? Number(value) : (value as number | bigint);
const sumOf = (values: readonly CellValue[]): number | bigint =>
  typeof values[0] === 'bigint'
    ? values.reduce((sum: bigint, value) => sum + (value as bigint), 0n)
    : values.reduce((sum: number, value) => sum + Number(value), 0);
const fractionOf = (part: number | bigint, whole: number | bigint): number | null => {
  if (typeof part === 'bigint' && typeof whole === 'bigint') return ratio(part, whole);
  const dollars = (value: number | bigint) => (typeof value === 'bigint' ? Number(value) / 1e24 : value);
  return dollars(whole) === 0 ? null : dollars(part) / dollars(whole);
};

function aggregateOf(
  rows: readonly Generation[],
  all: readonly Generation[],
  aggregate: Aggregate,
): AggregateValue {
  if (aggregate.fn === 'count') return { value: rows.length, known: rows.length };
  if (aggregate.fn === 'rate') {
    const both = rows.filter(
      (row) => cellOf(row, aggregate.of) !== null && cellOf(row, aggregate.per) !== null,
    );
    if (both.length === 0) return { value: null, known: 0 };
    const rate = fractionOf(sumOf(knownOf(both, aggregate.of)), sumOf(knownOf(both, aggregate.per)));
    return { value: rate === null ? null : rate * (aggregate.times ?? 1), known: both.length };
  }
  const values = knownOf(rows, aggregate.of);
  const known = values.length;
  if (aggregate.fn === 'known') return { value: known, known: rows.length };
  if (known === 0) return { value: null, known };
  const sorted = [...values].sort((a, b) => (number(a) < number(b) ? -1 : number(a) > number(b) ? 1 : 0));
  switch (aggregate.fn) {
    case 'sum':
      return { value: sumOf(values), known };
    case 'mean': {
      const sum = sumOf(values);
      return { value: typeof sum === 'bigint' ? divide(sum, known) : sum / known, known };
    }
    case 'share':
      return { value: fractionOf(sumOf(values), sumOf(knownOf(all, aggregate.of))), known };
    case 'min':
      return { value: sorted[0] as number, known };
    case 'max':
      return { value: sorted.at(-1) as number, known };
    case 'quantile':
      return {
        value: sorted[Math.max(0, Math.ceil((known * aggregate.percent) / 100) - 1)] as number,
        known,
      };
    case 'distinct':
      return { value: new Set(values).size, known };
    case 'values':
      return { value: [...new Set(values as string[])].sort(), known };
  }
}

const keyOf = (row: Generation, dimension: Dimension): CellValue =>
  typeof dimension === 'object'
    ? zoneOf(dimension.zone).start(row.created_at, dimension.every)
    : cellOf(row, dimension);

const named = (keys: readonly CellValue[]) => JSON.stringify(keys.map((key) => `${typeof key} ${key}`));

function groupsOf(rows: readonly Generation[], by: readonly Dimension[]): Map<string, Generation[]> {
  const groups = new Map<string, Generation[]>();
  for (const row of rows) {
    const name = named(by.map((dimension) => keyOf(row, dimension)));
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return groups;
}

function compareValues(
  a: CellValue | readonly string[],
  b: CellValue | readonly string[],
  descending: boolean,
) {
  const plain = (value: typeof a) => (Array.isArray(value) ? value.length : value) as CellValue;
  const [x, y] = [plain(a), plain(b)];
  if (x === y) return 0;
  if (x === null || y === null) return x === null ? 1 : -1;
  return (x < y ? -1 : 1) * (descending ? -1 : 1);
}
function compareLists(a: readonly CellValue[], b: readonly CellValue[], descending: boolean): number {
  for (let i = 0; i < a.length; i++) {
    const order = compareValues(a[i] ?? null, b[i] ?? null, descending);
    if (order !== 0) return order;
  }
  return 0;
}

/** Sums of fractions may differ in the last place with the order of adding. */
function expectSame(got: AggregateValue, expected: AggregateValue, what: string): void {
  expect(got.known, what).toBe(expected.known);
  if (typeof expected.value === 'number' && typeof got.value === 'number')
    expect(Math.abs(got.value - expected.value), what).toBeLessThanOrEqual(Math.abs(expected.value) * 1e-12);
  else expect(got.value, what).toEqual(expected.value);
}

const AMOUNTS = [
  '0',
  '0.000005',
  '-0.000003',
  '0.00037035',
  '0.00037035000000000003',
  '17999998.246913578',
].map((text) => parseMoney(text) as Money);
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    on: fc.constant('created_at' as const),
    from: fc.integer({ min: T0, max: T0 + 60 * HOUR }),
    to: fc.integer({ min: T0 + 60 * HOUR, max: T0 + 120 * HOUR }),
  }),
  fc.record({ on: fc.constant('user' as const), in: fc.subarray(['a', 'A', 'none', null]) }),
  fc.record({ on: fc.constant('user' as const), notIn: fc.subarray(['a', 'A', 'none', null]) }),
  fc.record({ on: fc.constant('model_permaslug' as const), contains: fc.constantFrom('M/T', 'one', '') }),
  fc.record({ on: fc.constant('cancelled' as const), in: fc.subarray([true, false, null]) }),
  fc.record({
    on: fc.constantFrom('tokens_prompt', 'generation_time_ms'),
    atLeast: fc.constantFrom(0, 0.5, 255),
    atMost: fc.constantFrom(254, 65_535, 70_000),
  }) as fc.Arbitrary<Condition>,
  fc.record({
    on: fc.constantFrom('spend', 'cost_total'),
    atLeast: fc.constantFrom(...AMOUNTS),
  }) as fc.Arbitrary<Condition>,
  fc.record({
    on: fc.constantFrom('spend', 'cost_cache'),
    atMost: fc.constantFrom(...AMOUNTS),
  }) as fc.Arbitrary<Condition>,
  fc.record({
    on: fc.constantFrom('spend', 'user', 'cancelled', 'tokens_prompt', 'cost_total', 'generation_time_ms'),
    known: fc.boolean(),
  }) as fc.Arbitrary<Condition>,
  fc.record({
    on: fc.constant('generation_id' as const),
    in: fc.array(
      fc.nat(300).map((n) => `gen-1767225601-${n}`),
      { maxLength: 200 },
    ),
  }),
);
const filters = fc.array(condition, { maxLength: 3 });

const dimension: fc.Arbitrary<KeyColumn> = fc.constantFrom(
  'user',
  'model_permaslug',
  'cancelled',
  'tokens_prompt',
  'generation_time_ms',
  'cost_total',
  'spend',
);
const bucket: fc.Arbitrary<Bucket> = fc.record({
  every: fc.constantFrom('minute', 'hour', 'day', 'week', 'month'),
  zone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/New_York'),
});
const by: fc.Arbitrary<readonly Dimension[]> = fc.oneof(
  fc.tuple(dimension),
  fc.uniqueArray(dimension, { minLength: 2, maxLength: 2 }),
  fc.tuple(bucket),
  fc.tuple(bucket, dimension),
  fc.tuple(dimension, bucket, fc.constant('user' as const)),
);

const quantity = fc.constantFrom('spend', 'cost_total', 'cost_cache', 'tokens_prompt', 'generation_time_ms');
const measure = fc.oneof(
  quantity,
  fc.constantFrom('cancelled', 'tokens_completion'),
) as fc.Arbitrary<Measure>;
const text = fc.constantFrom('user', 'model_permaslug');
const aggregate = fc.oneof(
  fc.constant({ fn: 'count' }),
  fc.record({ fn: fc.constant('known'), of: fc.oneof(measure, text) }),
  fc.record({ fn: fc.constantFrom('sum', 'mean', 'share'), of: measure }),
  fc.record({ fn: fc.constant('rate'), of: measure, per: measure, times: fc.constantFrom(1, 1000) }),
  fc.record({ fn: fc.constantFrom('min', 'max'), of: fc.oneof(quantity, fc.constant('created_at')) }),
  fc.record({ fn: fc.constant('quantile'), of: quantity, percent: fc.constantFrom(0, 1, 50, 95, 99, 100) }),
  fc.record({ fn: fc.constantFrom('distinct', 'values'), of: text }),
) as fc.Arbitrary<Aggregate>;

describe('groups', () => {
  test(
    'any filter, dimensions, aggregates and sort are what plain sums give',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          account,
          filters,
          by,
          fc.array(aggregate, { minLength: 1, maxLength: 4 }),
          fc.record({ sorted: fc.nat(4), descending: fc.boolean(), offset: fc.nat(5), limit: fc.nat(6) }),
          async (rows, filter, by, list, { sorted, descending, offset, limit }) => {
            const aggregates = Object.fromEntries(list.map((one, i) => [`a${i}`, one]));
            const sort = { by: sorted < list.length ? `a${sorted}` : 'key', descending };
            const query: GroupQuery = { filter, by, aggregates, sort, offset, limit, other: true };
            const answer = await engineOf(rows, 23).group(query);

            const inside = rows.filter((row) => filter.every((one) => passes(row, one)));
            const expected = [...groupsOf(inside, by).values()].map((own) => ({
              own,
              keys: by.map((one) => keyOf(own[0] as Generation, one)),
              values: list.map((one) => aggregateOf(own, inside, one)),
            }));
            expect(answer.count).toBe(expected.length);
            const all = await engineOf(rows, 1000).group({ ...query, offset: 0, limit: 1000 });
            expect(all.groups.slice(offset, offset + limit).map(({ keys }) => keys)).toEqual(
              answer.groups.map(({ keys }) => keys),
            );
            const byName = new Map(expected.map((one) => [named(one.keys), one]));
            for (const { keys, values } of all.groups) {
              const one = byName.get(named(keys));
              list.forEach((aggregate, i) => {
                expectSame(values[`a${i}`]!, one!.values[i]!, JSON.stringify(aggregate));
              });
            }
            for (let i = 1; i < all.groups.length; i++) {
              const [a, b] = [all.groups[i - 1]!, all.groups[i]!];
              const order =
                sort.by === 'key'
                  ? compareLists(a.keys, b.keys, descending)
                  : compareValues(a.values[sort.by]!.value, b.values[sort.by]!.value, descending) ||
                    compareLists(a.keys, b.keys, false);
              expect(order).toBeLessThan(0);
            }
            list.forEach((aggregate, i) => {
              expectSame(answer.totals[`a${i}`]!, aggregateOf(inside, inside, aggregate), `total ${i}`);
            });
            const shown = new Set(answer.groups.map(({ keys }) => named(keys)));
            const outside = expected.filter(({ keys }) => !shown.has(named(keys)));
            expect(answer.other?.count ?? 0).toBe(outside.length);
            list.forEach((aggregate, i) => {
              if (answer.other)
                expectSame(
                  answer.other.values[`a${i}`]!,
                  aggregateOf(
                    outside.flatMap(({ own }) => own),
                    inside,
                    aggregate,
                  ),
                  `other ${i}`,
                );
            });
            const times = inside.map((row) => row.created_at);
            expect(answer.coverage).toEqual({
              rows: inside.length,
              from: times.length === 0 ? null : Math.min(...times),
              to: times.length === 0 ? null : Math.max(...times),
              version: 1,
            });
          },
        ),
        { numRuns: 300 },
      );
    },
    LONG_MS,
  );
});

describe('rows', () => {
  const columns = [
    'generation_id',
    'created_at',
    'spend',
    'cost_cache',
    'tokens_prompt',
    'generation_time_ms',
    'user',
    'cancelled',
  ] as const;

  test(
    'any filter and sort, in any window',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(generation, { maxLength: 80 }).map((rows) =>
            rows.map((row, n) => ({
              ...row,
              n,
              created_at: row.created_at - (row.created_at % (8 * HOUR)),
            })),
          ),
          filters,
          fc.constantFrom(...columns),
          fc.boolean(),
          fc.nat(20),
          async (rows, filter, by, descending, offset) => {
            const engine = engineOf(rows, 31);
            const answer = await engine.rows({
              filter,
              columns,
              sort: { by, descending },
              offset,
              limit: 40,
            });
            const newestFirst = (a: Generation, b: Generation) =>
              b.created_at - a.created_at ||
              compareValues(cellOf(a, 'generation_id'), cellOf(b, 'generation_id'), true);
            const inside = rows.filter((row) => filter.every((one) => passes(row, one)));
            inside.sort((a, b) => {
              if (by === 'generation_id') return compareValues(cellOf(a, by), cellOf(b, by), descending);
              if (by === 'created_at') return descending ? newestFirst(a, b) : newestFirst(b, a);
              return compareValues(cellOf(a, by), cellOf(b, by), descending) || newestFirst(a, b);
            });
            expect(answer.count).toBe(inside.length);
            expect(answer.rows).toEqual(
              inside.slice(offset, offset + 40).map((row) => columns.map((key) => cellOf(row, key))),
            );
            expect(answer.coverage.rows).toBe(inside.length);
          },
        ),
        { numRuns: 200 },
      );
    },
    LONG_MS,
  );

  test('ids of one time, with and without a common beginning, are in the order of their bytes', async () => {
    const ids = Array.from({ length: 500 }, (_, n) =>
      `gen-17672256${n % 7}-${(n * 7919) % 503}`.slice(0, 8 + (n % 30)),
    );
    const unique = [...new Set(ids)];
    const engine = new MemoryEngine();
    engine.ingest({
      rows: unique.length,
      columns: { generation_id: unique, created_at: unique.map(() => '2026-01-01 00:00:00') },
    });
    const ask = async (by: 'generation_id' | 'created_at', descending: boolean) => {
      const sort = { by, descending };
      const { rows } = await engine.rows({
        filter: [],
        columns: ['generation_id'],
        sort,
        offset: 0,
        limit: 1000,
      });
      return rows.map(([id]) => id);
    };
    const sorted = [...unique].sort();
    expect(await ask('generation_id', false)).toEqual(sorted);
    expect(await ask('generation_id', true)).toEqual(sorted.toReversed());
    expect(await ask('created_at', true)).toEqual(sorted.toReversed());
  });
});

describe('two ranges', () => {
  const now = { from: T0 + 48 * HOUR, to: T0 + 96 * HOUR };
  const before = { from: T0, to: T0 + 48 * HOUR };

  test(
    'groups stand side by side, whichever range has them',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          account,
          fc.constantFrom<Dimension>(
            'user',
            'spend',
            { every: 'day', zone: 'UTC' },
            { every: 'hour', zone: 'UTC' },
          ),
          fc.constantFrom('now' as const, 'before' as const, 'change' as const),
          fc.constantFrom('requests' as const, 'spend' as const, 'key' as const),
          fc.boolean(),
          async (rows, by, of, sortBy, descending) => {
            const aggregates = { requests: { fn: 'count' }, spend: { fn: 'sum', of: 'spend' } } as const;
            const answer = await engineOf(rows, 40).compare({
              filter: [],
              now,
              before,
              by: [by],
              aggregates,
              sort: { by: sortBy, of, descending },
              offset: 0,
              limit: 1000,
            });
            const within = ({ from, to }: typeof now) =>
              rows.filter((row) => row.created_at >= from && row.created_at < to);
            const shift = (row: Generation) => ({ ...row, created_at: row.created_at + 48 * HOUR });
            const sides = [groupsOf(within(now), [by]), groupsOf(within(before).map(shift), [by])] as const;
            const names = new Set([...sides[0].keys(), ...sides[1].keys()]);
            expect(answer.count).toBe(names.size);
            expect(new Set(answer.groups.map(({ keys }) => named(keys)))).toEqual(names);
            for (const group of answer.groups) {
              [group.now, group.before].forEach((values, i) => {
                const own = sides[i as 0 | 1].get(named(group.keys));
                expect(values === null).toBe(own === undefined);
                if (values && own) {
                  expectSame(values.requests, aggregateOf(own, own, aggregates.requests), 'requests');
                  expectSame(values.spend, aggregateOf(own, own, aggregates.spend), 'spend');
                }
              });
            }
            expect([answer.coverage.now.rows, answer.coverage.before.rows]).toEqual([
              within(now).length,
              within(before).length,
            ]);
            if (sortBy === 'key') return;
            const side = (values: (typeof answer.groups)[number]['now']) =>
              values === null
                ? 0n
                : values[sortBy].value === null
                  ? null
                  : BigInt(values[sortBy].value as number);
            const sorted = answer.groups.map((group) => {
              if (of !== 'change') return group[of] === null ? null : side(group[of]);
              const [a, b] = [side(group.now), side(group.before)];
              return a === null || b === null ? null : a - b;
            });
            for (let i = 1; i < sorted.length; i++) {
              const order =
                compareValues(sorted[i - 1]!, sorted[i]!, descending) ||
                compareLists(answer.groups[i - 1]!.keys, answer.groups[i]!.keys, false);
              expect(order).toBeLessThan(0);
            }
          },
        ),
        { numRuns: 150 },
      );
    },
    LONG_MS,
  );

  test('days are joined by their number, also over a change of the clocks', async () => {
    const at = (text: string) => ({ created_at: text });
    const engine = new MemoryEngine();
    const times = ['2026-03-22T12:00:00Z', '2026-03-29T12:00:00Z', '2026-03-30T21:30:00Z'].map(at);
    engine.ingest({
      rows: 3,
      columns: { generation_id: ['gen-a', 'gen-b', 'gen-c'], created_at: times.map((one) => one.created_at) },
    });
    const zone = 'Europe/Berlin';
    const start = (text: string) => Date.parse(text);
    const { groups } = await engine.compare({
      filter: [],
      now: { from: start('2026-03-28T23:00:00Z'), to: start('2026-03-31T22:00:00Z') },
      before: { from: start('2026-03-21T23:00:00Z'), to: start('2026-03-24T23:00:00Z') },
      by: [{ every: 'day', zone }],
      aggregates: { requests: { fn: 'count' } },
      sort: { by: 'key', of: 'now', descending: false },
      offset: 0,
      limit: 10,
    });
    expect(
      groups.map(({ keys, now, before }) => [keys[0], now?.requests.value, before?.requests.value]),
    ).toEqual([
      [start('2026-03-28T23:00:00Z'), 1, 1],
      [start('2026-03-29T22:00:00Z'), 1, undefined],
    ]);
  });
});

describe('facets', () => {
  test(
    'by rows, then by name; unknown last, and always there',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          account,
          filters,
          fc.constantFrom('user' as const, 'cancelled' as const),
          fc.constantFrom(undefined, '', 'A', 'zzz'),
          async (rows, filter, of, search) => {
            const engine = engineOf(rows, 40);
            const answer = await engine.facet({
              filter,
              of,
              ...(search === undefined ? {} : { search }),
              offset: 0,
              limit: 100,
            });
            const counts = new Map<CellValue, number>();
            for (const row of rows.filter((one) => filter.every((each) => passes(one, each)))) {
              const value = cellOf(row, of);
              if (typeof value === 'string' && !value.toLowerCase().includes((search ?? '').toLowerCase()))
                continue;
              counts.set(value, (counts.get(value) ?? 0) + 1);
            }
            const expected = [...counts].sort(([a, n], [b, m]) => {
              if (a === null || b === null) return a === null ? 1 : -1;
              return m - n || (a < b ? -1 : 1);
            });
            expect(answer.values.map(({ value, rows }) => [value, rows])).toEqual(expected);
            expect(answer.count).toBe(expected.length);
          },
        ),
        { numRuns: 150 },
      );
    },
    LONG_MS,
  );
});

describe('histograms', () => {
  test(
    'every value is in the bin that holds it; edges follow each other',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          account,
          filters,
          quantity as fc.Arbitrary<'spend' | 'tokens_prompt' | 'generation_time_ms'>,
          fc.constantFrom('request' as const, 'user' as const),
          fc.constantFrom('linear' as const, 'log' as const),
          fc.constantFrom(1, 2, 10, 37, 200),
          async (rows, filter, of, per, scale, bins) => {
            const answer = await engineOf(rows, 33).histogram({ filter, of, per, scale, bins });
            const inside = rows.filter((row) => filter.every((one) => passes(row, one)));
            const values: CellValue[] =
              per === 'request'
                ? inside.map((row) => cellOf(row, of))
                : [
                    ...groupsOf(
                      inside.filter(({ user }) => user !== null),
                      ['user'],
                    ).values(),
                  ].map((own) => aggregateOf(own, own, { fn: 'sum', of }).value as CellValue);
            const known = values.filter((value) => value !== null).map(number);
            expect([answer.known, answer.unknown]).toEqual([known.length, values.length - known.length]);
            if (known.length === 0) {
              expect([answer.bins, answer.min, answer.max]).toEqual([[], null, null]);
              return;
            }
            expect(answer.min).toBe(known.reduce((a, b) => (b < a ? b : a)));
            expect(answer.max).toBe(known.reduce((a, b) => (b > a ? b : a)));
            expect(answer.bins.length).toBeLessThanOrEqual(200);
            answer.bins.forEach(({ from, to, count }, i) => {
              const last = i === answer.bins.length - 1;
              expect(
                known.filter((value) => value >= from && (value < to || (last && value === to))).length,
              ).toBe(count);
              if (i > 0) expect(answer.bins[i - 1]!.to).toBe(from);
              if (!(last && from === to)) expect(from < to).toBe(true);
              if (typeof from === 'bigint' && typeof to === 'bigint' && from > 0n)
                expect(to - from).toBeGreaterThanOrEqual(10n ** 15n);
            });
            expect(answer.bins.reduce((sum, { count }) => sum + count, 0)).toBe(known.length);
          },
        ),
        { numRuns: 200 },
      );
    },
    LONG_MS,
  );
});
