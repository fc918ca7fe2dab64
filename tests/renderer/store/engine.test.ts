import Decimal from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GenerationBatch } from '../../../shared/batch.ts';
import type { ColumnKey, SourceValue } from '../../../shared/columns.ts';
import { toDecimal } from '../../../shared/money.ts';
import type { Filter, GroupQuery } from '../../../shared/query.ts';
import { MemoryEngine } from './memory.ts';

const exact = Decimal.clone({ precision: 100, toExpNeg: -100, toExpPos: 100 });

type Row = { [K in ColumnKey]?: SourceValue };

function batch(rows: readonly Row[]): GenerationBatch {
  const keys = new Set(rows.flatMap((row) => Object.keys(row) as ColumnKey[]));
  const columns: { [K in ColumnKey]?: SourceValue[] } = {};
  for (const key of keys) columns[key] = rows.map((row) => row[key] ?? null);
  return { rows: rows.length, columns };
}

const T0 = Date.UTC(2026, 0, 1);
const row = (n: number, more: Row = {}): Row => ({
  generation_id: `gen-${T0 / 1000 + n}-${n}`,
  created_at: new Date(T0 + n * 1000).toISOString(),
  ...more,
});

const USERS = {
  requests: { fn: 'count' },
  spend: { fn: 'sum', of: 'spend' },
  share: { fn: 'share', of: 'spend' },
  prompt: { fn: 'sum', of: 'tokens_prompt' },
  average: { fn: 'mean', of: 'spend' },
  models: { fn: 'distinct', of: 'model_permaslug' },
  names: { fn: 'values', of: 'model_permaslug' },
  first: { fn: 'min', of: 'created_at' },
  last: { fn: 'max', of: 'created_at' },
} as const satisfies GroupQuery['aggregates'];

const byUser = (
  filter: Filter = [],
  sort: GroupQuery<keyof typeof USERS>['sort'] = { by: 'spend', descending: true },
) => ({ filter, by: ['user'], aggregates: USERS, sort, offset: 0, limit: 1000 }) as const;

describe('identity', () => {
  test('the same generation again is known, and changes no total', async () => {
    const engine = new MemoryEngine();
    const rows = batch([row(1, { user: 'a', cost_total: '0.1' }), row(2, { user: 'b', cost_total: '0.2' })]);
    expect(engine.ingest(rows)).toEqual({ new: 2, known: 0, merged: 0, rejected: [] });
    const before = await engine.group(byUser());
    expect(engine.ingest(rows)).toEqual({ new: 0, known: 2, merged: 0, rejected: [] });
    expect(await engine.group(byUser())).toEqual(before);
  });

  test('the same id twice in one batch is one generation', async () => {
    const engine = new MemoryEngine();
    const counts = engine.ingest(
      batch([
        row(1, { user: 'a', cost_total: '0.1' }),
        row(1, { user: 'a', cost_total: '0.1' }),
        row(1, { tokens_prompt: 5 }),
      ]),
    );
    expect(counts).toEqual({ new: 1, known: 1, merged: 1, rejected: [] });
    expect((await engine.group(byUser())).totals.requests.value).toBe(1);
  });

  test('ids differ by case', async () => {
    const engine = new MemoryEngine();
    engine.ingest(
      batch([
        { ...row(1), generation_id: 'gen-1767225601-a' },
        { ...row(1), generation_id: 'gen-1767225601-A' },
      ]),
    );
    expect((await engine.group(byUser())).totals.requests.value).toBe(2);
  });

  test('a value where there was none, or another one, is merged; unknown takes nothing away', async () => {
    const engine = new MemoryEngine();
    engine.ingest(batch([row(1, { user: 'a', cost_total: '0.1' })]));
    expect(engine.ingest(batch([row(1, { user: null, tokens_prompt: 7 })])).merged).toBe(1);
    expect(engine.ingest(batch([row(1, { cost_total: '0.3' })])).merged).toBe(1);
    const { groups } = await engine.group(byUser());
    expect(groups).toHaveLength(1);
    expect(groups[0]).toMatchObject({
      keys: ['a'],
      values: { spend: { value: 3n * 10n ** 23n }, prompt: { value: 7, known: 1 } },
    });
  });

  test.each([
    ['the CSV first', ['0.000123', 0.0001234567], '0.0001234567', [0, 1]],
    ['the API first', [0.0001234567, '0.000123'], '0.0001234567', [1, 0]],
  ] as const)(
    'of a cost in six decimals and the same in more, the finer holds: %s',
    async (_, costs, held, counts) => {
      const engine = new MemoryEngine();
      engine.ingest(batch([row(1, { cost_total: costs[0] })]));
      expect(engine.ingest(batch([row(1, { cost_total: costs[1] })]))).toMatchObject({
        known: counts[0],
        merged: counts[1],
      });
      expect(toDecimal((await engine.group(byUser())).totals.spend.value as bigint)).toBe(held);
    },
  );

  test.each([
    [1.3665610000000001, '1.366561'],
    [0.1 + 0.2, '0.300000'],
  ])('the API’s %f and the CSV’s %s are one figure, whichever comes how often', async (api, csv) => {
    const engine = new MemoryEngine();
    engine.ingest(batch([row(1, { cost_total: api })]));
    for (const cost of [csv, api, csv, csv]) {
      expect(engine.ingest(batch([row(1, { cost_total: cost })]))).toMatchObject({ known: 1, merged: 0 });
    }
    expect(toDecimal((await engine.group(byUser())).totals.spend.value as bigint)).toBe(String(api));
  });

  test('a time to the second does not replace one to the millisecond', async () => {
    const engine = new MemoryEngine();
    engine.ingest(batch([row(1, { created_at: '2026-01-01 00:00:01.640' })]));
    expect(engine.ingest(batch([row(1, { created_at: '2026-01-01T00:00:01Z' })])).known).toBe(1);
    expect((await engine.group(byUser())).coverage.from).toBe(T0 + 1640);
  });

  test('of a known generation twice in one batch, each is compared with the one before it', async () => {
    const engine = new MemoryEngine();
    engine.ingest(batch([row(1, { cost_total: '0.0001' })]));
    const counts = engine.ingest(
      batch([row(1, { cost_total: 0.0001234567 }), row(1, { cost_total: '0.000123' })]),
    );
    expect(counts).toMatchObject({ merged: 1, known: 1 });
    expect(toDecimal((await engine.group(byUser())).totals.spend.value as bigint)).toBe('0.0001234567');
  });

  test('an id keeps a mark at its beginning', async () => {
    const engine = new MemoryEngine();
    const id = '\ufeffgen-1767225601-a';
    engine.ingest(batch([{ ...row(1), generation_id: id }]));
    const sort = { by: 'created_at', descending: true } as const;
    const { rows } = await engine.rows({ filter: [], columns: ['generation_id'], sort, offset: 0, limit: 1 });
    expect(rows).toEqual([[id]]);
  });

  test('fills segments and goes over into the next', async () => {
    const engine = new MemoryEngine();
    let first = 0;
    // A small one is filled up with what comes; a large one would be written again for it.
    for (const size of [3000, 2000, 65_000, 65_000, 30_000, 20_000]) {
      const rows = Array.from({ length: size }, (_, i) =>
        row(first + i, { user: `u${i % 7}`, cost_total: '0.000001' }),
      );
      engine.ingest(batch(rows));
      first += size;
    }
    expect(engine.segments.map((segment) => segment.info.rows)).toEqual([65_536, 65_536, 33_928, 20_000]);
    expect(toDecimal((await engine.group(byUser())).totals.spend.value as bigint)).toBe('0.185000');
  });
});

describe('rejections', () => {
  test.each([
    [{ generation_id: '' }, 'has no generation id'],
    [{ generation_id: '   ' }, 'has no generation id'],
    [{ generation_id: 'gen-1767225601-\ud800' }, 'generation_id holds half a character'],
    [{ generation_id: 12 }, 'generation_id is not a text: “12”'],
    [{ created_at: 'yesterday' }, 'created_at is not a time: “yesterday”'],
    [{ created_at: '2026-02-30 00:00:00' }, 'created_at is not a time: “2026-02-30 00:00:00”'],
    [{ cost_total: 'abc' }, 'cost_total is not an amount of dollars: “abc”'],
    [{ cost_total: '0x10' }, 'cost_total is not an amount of dollars: “0x10”'],
    [{ tokens_prompt: '12.5' }, 'tokens_prompt is not a whole number: “12.5”'],
    [{ tokens_prompt: -1 }, 'tokens_prompt is not a whole number: “-1”'],
    [{ tokens_prompt: 'Infinity' }, 'tokens_prompt is not a number: “Infinity”'],
    [{ cancelled: 'maybe' }, 'cancelled is neither true nor false: “maybe”'],
    [{ created_at: '', generation_id: 'x' }, 'has no created_at, and no time in its id'],
  ] as [Row, string][])('%j: %s', async (wrong, reason) => {
    const engine = new MemoryEngine();
    const counts = engine.ingest(batch([row(1, { user: 'kept' }), { ...row(2), ...wrong }]));
    expect(counts).toEqual({ new: 1, known: 0, merged: 0, rejected: [reason] });
    expect((await engine.group(byUser())).groups.map((group) => group.keys[0])).toEqual(['kept']);
  });

  test('the time inside the id stands in for a missing one, and gives way to a real one', async () => {
    const engine = new MemoryEngine();
    engine.ingest(batch([{ generation_id: 'gen-1767225601-x' }]));
    expect((await engine.group(byUser())).coverage.from).toBe(1_767_225_601_000);
    expect(
      engine.ingest(batch([{ generation_id: 'gen-1767225601-x', created_at: '2026-01-01 00:00:01.700' }]))
        .merged,
    ).toBe(1);
    expect(engine.ingest(batch([{ generation_id: 'gen-1767225601-x' }])).known).toBe(1);
    expect((await engine.group(byUser())).coverage.from).toBe(1_767_225_601_700);
  });
});

describe('unknown is not 0', () => {
  test('no amount is taken for the mark of unknown', async () => {
    const engine = new MemoryEngine();
    engine.ingest(batch([row(1, { cost_cache: '-2.147483648' }), row(2, { cost_cache: '-1' })]));
    const aggregates = { cache: { fn: 'sum', of: 'cost_cache' } } as const;
    const sort = { by: 'key', descending: false } as const;
    const { totals } = await engine.group({
      filter: [],
      by: ['user'],
      aggregates,
      sort,
      offset: 0,
      limit: 1,
    });
    expect(totals.cache).toEqual({ value: -3_147_483_648n * 10n ** 15n, known: 2 });
  });

  test('two hundred thousand users are counted without a set for each', async () => {
    const engine = new MemoryEngine();
    for (let part = 0; part < 4; part++) {
      engine.ingest(
        batch(Array.from({ length: 50_000 }, (_, n) => row(part * 50_000 + n, { user: `u${part}-${n}` }))),
      );
    }
    const aggregates = {
      users: { fn: 'distinct', of: 'user' },
      models: { fn: 'distinct', of: 'model_permaslug' },
    } as const;
    const sort = { by: 'key', descending: false } as const;
    const { totals, count } = await engine.group({
      filter: [],
      by: ['user'],
      aggregates,
      sort,
      offset: 0,
      limit: 1,
    });
    expect([totals.users.value, totals.models.value, count]).toEqual([200_000, null, 200_000]);
  });

  test('a sum of nothing known is unknown, and says on how many rows it rests', async () => {
    const engine = new MemoryEngine();
    engine.ingest(
      batch([
        row(1, { user: 'a' }),
        row(2, { user: 'a', tokens_prompt: 0 }),
        row(3, { user: 'b', cost_total: '0' }),
        row(4),
      ]),
    );
    const { groups, totals } = await engine.group(byUser([], { by: 'key', descending: false }));
    expect(groups.map((group) => [group.keys[0], group.values.prompt, group.values.spend])).toEqual([
      ['a', { value: 0, known: 1 }, { value: null, known: 0 }],
      ['b', { value: null, known: 0 }, { value: 0n, known: 1 }],
      [null, { value: null, known: 0 }, { value: null, known: 0 }],
    ]);
    expect(totals.average).toEqual({ value: 0n, known: 1 });
  });

  test('spend is credits and BYOK', async () => {
    const engine = new MemoryEngine();
    engine.ingest(
      batch([row(1, { cost_total: '0', byok_usage_inference: '0.25' }), row(2, { cost_total: '0.5' })]),
    );
    expect((await engine.group(byUser())).totals.spend).toEqual({ value: 75n * 10n ** 22n, known: 2 });
  });
});

describe('figures equal a plain model', () => {
  const cost = fc.oneof(
    fc.constant(null),
    fc.integer({ min: 0, max: 5_000_000 }).map((micros) => (micros / 1e6).toFixed(6)),
    fc.integer({ min: -900, max: 900 }).map((micros) => (micros / 1e6).toFixed(6)),
    fc.double({ min: 1e-7, max: 50, noNaN: true }),
    fc.constantFrom(0.1 + 0.2, 123456.123456789, '8999999.123456', 0.00037035000000000003),
  );
  const generation = fc.record({
    n: fc.nat(400),
    user: fc.constantFrom('a', 'A', 'b', '=cmd|x', '<b>c</b>', 'ü"\n,', null),
    cost_total: cost,
    byok_usage_inference: cost,
    tokens_prompt: fc.option(fc.nat(2 ** 40)),
    model_permaslug: fc.constantFrom('m/one', 'm/two', 'm/three', null),
  });

  test('grouped, filtered, sorted, in any split into batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(generation, { selector: (one) => one.n, maxLength: 120 }),
        fc.integer({ min: 1, max: 50 }),
        fc.record({ from: fc.nat(400), to: fc.nat(400) }),
        async (generations, size, range) => {
          const engine = new MemoryEngine();
          for (let at = 0; at < generations.length; at += size) {
            engine.ingest(batch(generations.slice(at, at + size).map(({ n, ...more }) => row(n, more))));
          }
          const filter: Filter = [
            { on: 'created_at', from: T0 + range.from * 1000, to: T0 + range.to * 1000 },
          ];
          const inside = generations.filter(({ n }) => n >= range.from && n < range.to);
          const { groups, totals, count, coverage } = await engine.group(byUser(filter));

          const users = new Set(inside.map((one) => one.user));
          expect(count).toBe(users.size);
          expect(coverage.rows).toBe(inside.length);
          for (const {
            keys: [key],
            values,
          } of groups) {
            const own = inside.filter((one) => one.user === key);
            const costs = own
              .flatMap((one) => [one.cost_total, one.byok_usage_inference])
              .filter((one) => one !== null);
            expect(values.requests.value).toBe(own.length);
            expect(values.spend.known).toBe(
              own.filter((one) => one.cost_total !== null || one.byok_usage_inference !== null).length,
            );
            if (costs.length > 0) {
              const sum = costs.reduce((total, one) => total.plus(one), new exact(0));
              expect(new exact(toDecimal(values.spend.value as bigint)).toString()).toBe(sum.toString());
            } else expect(values.spend.value).toBe(null);
            const models = new Set(own.map((one) => one.model_permaslug).filter((one) => one !== null));
            expect(values.models.value).toBe(models.size || null);
            expect(values.names.value ?? []).toEqual([...models].sort());
            expect(values.first.value).toBe(T0 + Math.min(...own.map((one) => one.n)) * 1000);
          }
          const sums = groups
            .map((group) => group.values.spend.value)
            .filter((value) => typeof value === 'bigint');
          expect(totals.spend.value ?? 0n).toBe(sums.reduce((a, b) => a + b, 0n));
          for (let i = 1; i < sums.length; i++) expect(sums[i - 1]! >= sums[i]!).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('sums beyond what doubles hold stay exact, in segments of any size before and behind', async () => {
    const engine = new MemoryEngine();
    let n = 0;
    const add = (count: number, cost_total: string) =>
      engine.ingest(batch(Array.from({ length: count }, () => row(n++, { user: 'rich', cost_total }))));
    add(9_000, '0.5');
    add(10_000, '8999999.123456789');
    add(9_000, '0.000000000000000001');
    add(10_000, '-8999999.123456788');
    const { totals } = await engine.group(byUser());
    expect(engine.segments.length).toBe(4);
    expect(toDecimal(totals.spend.value as bigint)).toBe(
      new exact('4500').plus('0.00001').plus('0.000000000000009').toString(),
    );
  });
});

describe('rows', () => {
  test('filtered, in every order, any window', async () => {
    const engine = new MemoryEngine();
    engine.ingest(
      batch([
        row(3, { user: 'a', cost_total: '0.3', model_permaslug: 'z' }),
        row(1, { user: 'a', cost_total: '0.1', model_permaslug: 'a', cancelled: true }),
        row(2, { user: 'b', cost_total: '0.2' }),
        row(4, { user: 'a' }),
      ]),
    );
    const ask = (by: ColumnKey | 'spend', descending: boolean, offset = 0, limit = 10) =>
      engine.rows({
        filter: [{ on: 'user', in: ['a'] }],
        columns: ['created_at', 'spend', 'model_permaslug', 'cancelled', 'generation_id'],
        sort: { by, descending },
        offset,
        limit,
      });
    const times = (answer: Awaited<ReturnType<typeof ask>>) =>
      answer.rows.map((cells) => ((cells[0] as number) - T0) / 1000);
    expect(times(await ask('created_at', true))).toEqual([4, 3, 1]);
    expect(times(await ask('created_at', false))).toEqual([1, 3, 4]);
    expect(times(await ask('spend', true))).toEqual([3, 1, 4]);
    expect(times(await ask('spend', false))).toEqual([1, 3, 4]);
    expect(times(await ask('model_permaslug', false))).toEqual([1, 3, 4]);
    expect(times(await ask('created_at', true, 1, 1))).toEqual([3]);
    const [first] = (await ask('created_at', false)).rows;
    expect(first).toEqual([T0 + 1000, 10n ** 23n, 'a', true, `gen-${T0 / 1000 + 1}-1`]);
  });
});
