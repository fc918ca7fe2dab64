/**
 * Small worlds in which everything collides: few ids, few users, times on the very edges of days and of summer
 * time, amounts of every size and precision. The same for Node and for the page.
 */
import fc from 'fast-check';
import type { GenerationBatch } from '../../shared/batch.ts';
import { COLUMNS, type ColumnKey, type SourceValue } from '../../shared/columns.ts';
import type {
  Aggregate,
  Bucket,
  CompareQuery,
  Condition,
  Dimension,
  FacetQuery,
  Filter,
  GroupQuery,
  HistogramQuery,
  KeyColumn,
  Measure,
  MoneyMeasure,
  Quantity,
  RowsQuery,
  SourceRef,
  TimeRange,
} from '../../shared/query.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Edges: of the year, of months, of days in several zones, and the hours in which clocks are set. */
const EDGES = [
  '2026-01-01T00:00:00Z', // a year begins in UTC
  '2025-12-29T00:00:00Z', // Monday of the week in which it begins
  '2026-02-28T18:30:00Z', // a month begins in India
  '2026-03-29T01:00:00Z', // Berlin, an hour is left out
  '2026-10-25T01:00:00Z', // Berlin, an hour comes twice
  '2026-03-08T07:00:00Z', // New York
  '2026-11-01T06:00:00Z',
  '2026-03-08T05:00:00Z', // Havana, where the day begins at one o'clock
  '2018-11-04T03:00:00Z', // São Paulo, likewise
  '2018-02-18T02:00:00Z', // São Paulo, an hour before midnight comes twice
  '2026-04-04T14:00:00Z', // Chatham Islands, a quarter to four
  '2026-10-03T15:30:00Z', // Lord Howe Island, half an hour is left out
].map((text) => Date.parse(text));
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'America/Havana',
  'America/Sao_Paulo',
  'Pacific/Chatham',
  'Australia/Lord_Howe',
];
/** Where clocks are set inside an hour, nobody says how to count hours across that. */
const ODD_ZONES = ZONES.slice(-2);

const IDS = [
  'gen-1767225600-a',
  'gen-1767225600-A',
  'gen-1767225600-é',
  'gen-1767225600-e\u0301',
  'gen-1774746000-😀',
  'gen-1774746000-\uffee',
  'gen-1774746000-b',
  'gen-1792890000-c',
  '__proto__',
  'constructor',
  'x y',
  '"quoted", with a comma',
];
const USERS = [
  'alice',
  'Alice',
  'bob',
  'constructor',
  '__proto__',
  '😀',
  '\uffee',
  'Zoë',
  'a,"b"\r\nc',
  ' ',
  'null',
  'long '.repeat(80),
];
const MODELS = ['openai/gpt-4o', 'anthropic/claude', 'OpenAI/GPT-4o'];
const KEYS = ['Production', 'production', 'toString'];
const REASONS = ['stop', 'length'];

const AMOUNTS: SourceValue[] = [
  '0',
  '0.000123',
  '0.0001234567',
  '0.000124',
  '-0.000123',
  '-0.5',
  '0.1',
  0.1 + 0.2,
  '0.300000',
  '0.00037035000000000003',
  '1.5e-7',
  0.25,
  '12.340000',
  '0.000000000000000000000001',
  '-0.000000000000000999999999',
  '9007199.254740991',
  '9007199.25',
  '-9007199.254740991',
];
const COUNTS: SourceValue[] = [0, 1, 2, '3', '40', 1000, 2_147_483_647, 2_147_483_648, 3_000_000_000];
const DURATIONS: SourceValue[] = [
  0,
  '0.5',
  0.25,
  1,
  1.75,
  '2',
  900,
  '1000.5',
  1000,
  -2_147_483_648,
  2_147_483_648,
];
const NONSENSE = {
  money: ['a lot', '9007199.254740992'],
  count: [-1, '1.5', 'many'],
  duration: ['fast'],
  flag: ['maybe'],
  time: ['yesterday'],
  id: [null, '', '  ', 'half \ud83d'],
} as const satisfies Partial<Record<string, SourceValue[]>>;

/** A time at an edge, within a day of it or within a second. */
const time: fc.Arbitrary<number> = fc
  .tuple(
    fc.constantFrom(...EDGES),
    fc.constantFrom(-DAY, -HOUR, -HOUR / 2, 0, 0, 0, HOUR / 2, HOUR, DAY, 7 * DAY),
    fc.constantFrom(-60_000, -1000, -999, -1, 0, 0, 1, 2, 640, 1000),
  )
  .map(([edge, far, near]) => edge + far + near);

/** As the API writes a time, as the CSV does, to the second only, or not at all. */
const toldTime: fc.Arbitrary<SourceValue> = fc
  .tuple(time, fc.constantFrom('api', 'csv', 'second', 'zone', 'nothing'))
  .map(([ms, form]) => {
    const iso = new Date(ms).toISOString();
    switch (form) {
      case 'api':
        return iso;
      case 'csv':
        return iso.replace('T', ' ').slice(0, -1);
      case 'second':
        return `${iso.slice(0, 19)}Z`;
      case 'zone':
        return new Date(ms + 5.5 * HOUR).toISOString().replace('Z', '+05:30');
      default:
        return null;
    }
  });

const nothing: fc.Arbitrary<SourceValue> = fc.constantFrom(null, '', undefined);
const oneOf = (values: readonly SourceValue[]): fc.Arbitrary<SourceValue> => fc.constantFrom(...values);

/** Columns that are told, and by which values; the rest is unknown in all rows. */
const TOLD: Partial<Record<ColumnKey, readonly SourceValue[]>> = {
  cost_total: AMOUNTS,
  byok_usage_inference: AMOUNTS,
  cost_cache: AMOUNTS,
  tokens_prompt: COUNTS,
  tokens_completion: COUNTS,
  user: USERS,
  model_permaslug: MODELS,
  api_key_name: KEYS,
  finish_reason_normalized: REASONS,
  cancelled: [true, false, 'true', 'false'],
  streamed: ['True', 'FALSE'],
  generation_time_ms: DURATIONS,
  latency_ms: DURATIONS,
};
const TOLD_KEYS = Object.keys(TOLD) as ColumnKey[];
const ROW_KEYS: readonly ColumnKey[] = ['generation_id', 'created_at', ...TOLD_KEYS];
const kindOf = (key: ColumnKey) => COLUMNS.find((column) => column.key === key)?.kind ?? 'text';

function told(key: ColumnKey): fc.Arbitrary<SourceValue> {
  const kind = kindOf(key);
  const good = kind === 'id' ? oneOf(IDS) : kind === 'time' ? toldTime : oneOf(TOLD[key] ?? []);
  const arbitraries: fc.WeightedArbitrary<SourceValue>[] = [{ weight: 60, arbitrary: good }];
  if (kind !== 'id') arbitraries.push({ weight: 15, arbitrary: nothing });
  if (kind !== 'text') arbitraries.push({ weight: 1, arbitrary: oneOf(NONSENSE[kind]) });
  return fc.oneof(...arbitraries);
}

type ToldRow = { readonly [K in ColumnKey]?: SourceValue };

function batchOf(rows: readonly ToldRow[], keys: readonly ColumnKey[]): GenerationBatch {
  const columns: { [K in ColumnKey]?: SourceValue[] } = {};
  for (const key of keys) columns[key] = rows.map((row) => row[key]);
  return { rows: rows.length, columns };
}

const rows: fc.Arbitrary<ToldRow> = fc.record(
  Object.fromEntries(ROW_KEYS.map((key) => [key, told(key)])) as {
    [K in ColumnKey]: fc.Arbitrary<SourceValue>;
  },
);
const someColumns: fc.Arbitrary<ColumnKey[]> = fc.oneof(fc.constant(TOLD_KEYS), fc.subarray(TOLD_KEYS));

/** Some rows, of which a source may know only some columns; an id may come twice. */
export const batches = (maxLength: number): fc.Arbitrary<GenerationBatch> =>
  fc
    .tuple(fc.array(rows, { minLength: 1, maxLength, size: 'max' }), someColumns)
    .map(([list, keys]) => batchOf(list, ['generation_id', 'created_at', ...keys]));

/** The same with every id once. */
export const plainBatches = (maxLength: number): fc.Arbitrary<GenerationBatch> =>
  fc
    .tuple(
      fc.uniqueArray(rows, { minLength: 1, maxLength, size: 'max', selector: (row) => row.generation_id }),
      someColumns,
    )
    .map(([list, keys]) => batchOf(list, ['generation_id', 'created_at', ...keys]));

// What is asked. Columns that nothing tells are asked for too.

const TEXTS = ['user', 'model_permaslug', 'api_key_name', 'finish_reason_normalized', 'router'] as const;
const FLAGS = ['cancelled', 'streamed'] as const;
const NUMBERS = [
  'tokens_prompt',
  'tokens_completion',
  'generation_time_ms',
  'latency_ms',
  'tokens_cached',
] as const;
const MONEY = ['spend', 'cost_total', 'byok_usage_inference', 'cost_cache', 'cost_web_search'] as const;

const text = fc.constantFrom(...TEXTS);
const flag = fc.constantFrom(...FLAGS);
const number = fc.constantFrom(...NUMBERS);
const money = fc.constantFrom<MoneyMeasure>(...MONEY);
const quantity: fc.Arbitrary<Quantity> = fc.oneof(number, money);
const measure: fc.Arbitrary<Measure> = fc.oneof(number, money, flag);
const keyColumn: fc.Arbitrary<KeyColumn> = fc.oneof(text, text, number, money, flag);

const words = fc.constantFrom<(string | null)[]>(null, 'nobody', ...USERS, ...MODELS, ...KEYS, ...REASONS);
const amount = fc.constantFrom(
  0n,
  123n * 10n ** 18n,
  1234567n * 10n ** 14n,
  -5n * 10n ** 23n,
  10n ** 24n,
  9_007_199_254_740_991n * 10n ** 15n,
);
const size = fc.constantFrom(-1, 0, 0.5, 1, 2, 40, 1000, 2_147_483_648);
const fragment = fc.constantFrom('', 'a', 'ALI', 'ë', 'Ë', '😀', '"', ' ', '__', 'xyz', 'openai');

export const connection = fc.constantFrom('one', 'two', '__proto__');
/** Files are meant by their number; the runner knows their origins. */
const sourceRef: fc.Arbitrary<SourceRef> = fc.oneof(
  connection.map((connectionId) => ({ connectionId })),
  fc.integer({ min: 0, max: 4 }).map((origin) => ({ origin })),
  fc.constant('files' as const),
);

/** One end, or both. */
function bounds<T, Low extends string, High extends string>(
  value: fc.Arbitrary<T>,
  low: Low,
  high: High,
): fc.Arbitrary<{ [K in Low | High]?: T }> {
  return fc
    .tuple(value, value, fc.constantFrom('both', low, high))
    .map(([a, b, which]) =>
      which === 'both' ? { [low]: a, [high]: b } : { [which]: which === low ? a : b },
    ) as fc.Arbitrary<{ [K in Low | High]?: T }>;
}

const timeCondition: fc.Arbitrary<Condition> = bounds(time, 'from', 'to').map((ends) => ({
  on: 'created_at',
  ...ends,
}));
const list = <T>(value: fc.Arbitrary<T>) => fc.array(value, { maxLength: 4 });
const conditions: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ on: text, in: list(words) }),
  fc.record({ on: text, notIn: list(words) }),
  fc.record({ on: text, contains: fragment }),
  fc.record({ on: flag, in: list(fc.constantFrom(true, false, null)) }),
  fc.tuple(number, bounds(size, 'atLeast', 'atMost')).map(([on, ends]) => ({ on, ...ends })),
  fc.tuple(money, bounds(amount, 'atLeast', 'atMost')).map(([on, ends]) => ({ on, ...ends })),
  fc.record({ on: keyColumn, known: fc.boolean() }),
  fc.record({ on: fc.constant('generation_id' as const), in: list(fc.constantFrom('gen-0-none', ...IDS)) }),
  fc.record({ on: fc.constant('source' as const), in: list(sourceRef) }),
);
/** Few conditions: of many there is nothing left to compare. */
const timeless: fc.Arbitrary<Filter> = fc.oneof(
  { weight: 5, arbitrary: fc.constant([]) },
  { weight: 4, arbitrary: conditions.map((condition) => [condition]) },
  { weight: 1, arbitrary: fc.tuple(conditions, conditions) },
);
export const filters: fc.Arbitrary<Filter> = fc.oneof(
  { weight: 6, arbitrary: timeless },
  { weight: 2, arbitrary: timeCondition.map((condition) => [condition]) },
  { weight: 1, arbitrary: fc.tuple(timeCondition, conditions) },
);

const bucket: fc.Arbitrary<Bucket> = fc.record({
  every: fc.constantFrom('minute', 'hour', 'day', 'day', 'week', 'month'),
  zone: fc.constantFrom(...ZONES),
});
/** One column or two, or a bucket, or a bucket with one column or two; in any order. */
const dimensions: fc.Arbitrary<Dimension[]> = fc
  .tuple(fc.uniqueArray(keyColumn, { maxLength: 2 }), fc.option(bucket, { nil: null }), fc.nat(2))
  .map(([columns, one, at]) => {
    if (!one) return columns.length > 0 ? columns : ['user'];
    return [...columns.slice(0, at), one, ...columns.slice(at)];
  });

const over = <Fn extends string, Of>(fn: Fn, of: fc.Arbitrary<Of>) => fc.record({ fn: fc.constant(fn), of });
const bounded = fc.oneof(quantity, fc.constant('created_at' as const));
const aggregate: fc.Arbitrary<Aggregate> = fc.oneof(
  fc.constant({ fn: 'count' as const }),
  over('known', keyColumn),
  over('sum', measure),
  over('mean', measure),
  over('share', measure),
  fc
    .tuple(measure, measure)
    .chain(([of, per]) =>
      fc.constantFrom<Aggregate>({ fn: 'rate', of, per }, { fn: 'rate', of, per, times: 1000 }),
    ),
  over('min', bounded),
  over('max', bounded),
  fc.record({
    fn: fc.constant('quantile' as const),
    of: quantity,
    percent: fc.constantFrom(0, 1, 10, 25, 50, 90, 95, 99, 100),
  }),
  over('distinct', text),
  over('values', text),
);

const window = {
  offset: fc.constantFrom(0, 0, 0, 1, 3),
  limit: fc.constantFrom(0, 1, 2, 5, 1000, 1000, 1000),
};

/** Aggregates with names of their own, and one of the names, or the keys. */
const asked = fc.tuple(fc.array(aggregate, { minLength: 1, maxLength: 4 }), fc.nat(4)).map(([list, nth]) => {
  const aggregates = Object.fromEntries(list.map((one, i) => [`a${i}`, one]));
  return { aggregates, by: nth < list.length ? `a${nth}` : 'key' };
});

const groupQueries: fc.Arbitrary<GroupQuery> = fc
  .record({
    filter: filters,
    by: dimensions,
    asked,
    descending: fc.boolean(),
    other: fc.boolean(),
    ...window,
  })
  .map(({ asked: { aggregates, by: name }, descending, ...rest }) => ({
    ...rest,
    aggregates,
    sort: { by: name, descending },
  }));

const countable = (by: readonly Dimension[]): Dimension[] =>
  by.map((one) =>
    typeof one === 'object' && one.every === 'hour' && ODD_ZONES.includes(one.zone)
      ? { ...one, every: 'day' }
      : one,
  );
const range: fc.Arbitrary<TimeRange> = fc
  .tuple(time, fc.constantFrom(HOUR, DAY, 7 * DAY, 31 * DAY, 366 * DAY))
  .map(([from, length]) => ({ from, to: from + length }));

const compareQueries: fc.Arbitrary<CompareQuery> = fc
  .record({
    filter: timeless,
    now: range,
    before: range,
    by: dimensions.map(countable),
    asked,
    of: fc.constantFrom('now' as const, 'before' as const, 'change' as const),
    descending: fc.boolean(),
    ...window,
  })
  .map(({ asked: { aggregates, by: name }, of, descending, ...rest }) => ({
    ...rest,
    aggregates,
    sort: { by: name, of, descending },
  }));

const facetQueries: fc.Arbitrary<FacetQuery> = fc
  .record({
    filter: filters,
    of: fc.oneof(text, flag),
    search: fc.option(fragment, { nil: null }),
    ...window,
  })
  .map(({ search, ...rest }) => (search === null ? rest : { ...rest, search }));

const histogramQueries: fc.Arbitrary<HistogramQuery> = fc.record({
  filter: filters,
  of: quantity,
  per: fc.oneof(fc.constant('request' as const), text),
  scale: fc.constantFrom('linear' as const, 'log' as const),
  bins: fc.constantFrom(1, 2, 10, 30, 200),
});

const ROW_COLUMNS: RowsQuery['columns'] = ['generation_id', 'created_at', 'spend', ...TOLD_KEYS, 'router'];
const rowsQueries: fc.Arbitrary<RowsQuery> = fc.record({
  filter: filters,
  columns: fc.subarray([...ROW_COLUMNS], { minLength: 1 }),
  sort: fc.record({ by: fc.constantFrom(...ROW_COLUMNS), descending: fc.boolean() }),
  ...window,
});

/** A question of any kind. */
export const questions = fc.oneof(
  { weight: 5, arbitrary: fc.record({ ask: fc.constant('group' as const), query: groupQueries }) },
  { weight: 2, arbitrary: fc.record({ ask: fc.constant('compare' as const), query: compareQueries }) },
  { weight: 1, arbitrary: fc.record({ ask: fc.constant('facet' as const), query: facetQueries }) },
  { weight: 1, arbitrary: fc.record({ ask: fc.constant('histogram' as const), query: histogramQueries }) },
  { weight: 2, arbitrary: fc.record({ ask: fc.constant('rows' as const), query: rowsQueries }) },
);
export type Question = typeof questions extends fc.Arbitrary<infer T> ? T : never;

/** What can happen to a store. Numbers mean the so manieth of what there is; the runner counts around. */
export const operations = fc.oneof(
  { weight: 6, arbitrary: fc.record({ op: fc.constant('import' as const), batch: batches(5) }) },
  { weight: 6, arbitrary: fc.record({ op: fc.constant('sync' as const), connection, batch: batches(5) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('details' as const), connection, batch: batches(3) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('importAgain' as const), nth: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('syncAgain' as const), connection, nth: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('undo' as const), nth: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('removeConnection' as const), connection }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('removeGenerations' as const), filter: filters }) },
  { weight: 1, arbitrary: fc.constant({ op: 'compact' as const }) },
  { weight: 4, arbitrary: fc.constant({ op: 'reopen' as const }) },
  // Asks what the page begins with, which may come from what was kept.
  { weight: 4, arbitrary: fc.constant({ op: 'begin' as const }) },
  { weight: 8, arbitrary: fc.record({ op: fc.constant('ask' as const), question: questions }) },
);
export type Operation = typeof operations extends fc.Arbitrary<infer T> ? T : never;
