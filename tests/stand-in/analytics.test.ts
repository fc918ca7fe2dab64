import { Decimal } from 'decimal.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SampleGeneration, SampleRow } from '../../shared/sample/types.ts';
import { call, everyGeneration } from './http.ts';
import { type StandIn, startStandIn } from './server.ts';

const DAY = 86_400_000;
/** Wide enough that no sum rounds. */
const Exact = Decimal.clone({ precision: 80 });
const NOW = Date.UTC(2026, 10, 16, 9);
const iso = (ms: number): string => new Date(ms).toISOString();
const lastDays = (days: number) => ({ start: iso(NOW - days * DAY), end: iso(NOW) });

let time = NOW;
let standIn: StandIn;
beforeAll(async () => {
  standIn = await startStandIn({ rows: 6000, users: 70, endTime: NOW, now: () => time });
});
afterAll(() => standIn.close());
beforeEach(() => {
  time = NOW;
  standIn.analyticsLimit.perMinute = Number.POSITIVE_INFINITY;
});

interface Answer {
  data: Record<string, string | number | null>[];
  metadata: { row_count: number; truncated: boolean };
  warnings?: string[];
}
async function query(body: object): Promise<Answer> {
  const reply = await call(standIn, '/analytics/query', { body });
  expect(reply).toMatchObject({ status: 200 });
  const { data } = reply.body as { data: Answer };
  expect(data.metadata.row_count).toBe(data.data.length);
  return data;
}
/** The message of the 400 that the query must meet. */
async function refusal(body: object): Promise<string> {
  const { status, body: answer } = await call(standIn, '/analytics/query', { body });
  expect(status).toBe(400);
  return (answer as { error: { message: string } }).error.message;
}
const rowsOf = (days: number): SampleRow[] => [...standIn.account.between(NOW - days * DAY, NOW)];

describe('answers', () => {
  test('sums by end user are the exact sums over /generations', async () => {
    const start = iso(NOW - 30 * DAY);
    const expected = new Map<string | null, { requests: number; credits: Decimal; byok: Decimal }>();
    for (const row of await everyGeneration<SampleGeneration>(standIn, 1000)) {
      if (row.created_at < start) continue;
      const sums = expected.get(row.external_user) ?? {
        requests: 0,
        credits: new Exact(0),
        byok: new Exact(0),
      };
      sums.requests++;
      sums.credits = sums.credits.plus(row.total_cost);
      if (row.is_byok) sums.byok = sums.byok.plus(row.upstream_inference_cost ?? 0);
      expected.set(row.external_user, sums);
    }
    const { data, metadata } = await query({
      metrics: ['request_count', 'total_usage', 'credits_usage', 'byok_usage'],
      dimensions: ['external_user'],
      time_range: lastDays(30),
    });
    expect(metadata.truncated).toBe(false);
    expect(data).toHaveLength(expected.size);
    for (const row of data) {
      const sums = expected.get(row.external_user as string | null)!;
      expect(row).toEqual({
        external_user: row.external_user,
        request_count: String(sums.requests),
        total_usage: sums.credits.plus(sums.byok).toNumber(),
        credits_usage: sums.credits.toNumber(),
        byok_usage: sums.byok.toNumber(),
      });
    }
    expect(data.some((row) => row.external_user === null)).toBe(true);
    expect(data.some((row) => (row.byok_usage as number) > 0)).toBe(true);
  });

  test('generation by generation, joined over several queries, it is the list again', async () => {
    const ask = async (dimension: string, metrics: string[]) => {
      const range = { start: iso(NOW - 2 * DAY), end: iso(NOW) };
      const { data } = await query({
        metrics,
        dimensions: ['generation_id', dimension],
        time_range: range,
        limit: 10_000,
      });
      return new Map(data.map((row) => [row.generation_id, row]));
    };
    const users = await ask('external_user', [
      'total_usage',
      'tokens_prompt',
      'tokens_completion',
      'cached_tokens',
    ]);
    const models = await ask('model', ['request_count']);
    const keys = await ask('api_key_id', ['request_count']);
    const rows = rowsOf(2);
    expect(users.size).toBe(rows.length);
    for (const { api, extra } of rows) {
      expect(users.get(api.id)).toEqual({
        generation_id: api.id,
        external_user: api.external_user,
        total_usage: api.is_byok ? api.upstream_inference_cost : api.total_cost,
        tokens_prompt: String(api.tokens_prompt ?? 0),
        tokens_completion: String(api.tokens_completion ?? 0),
        cached_tokens: String(api.native_tokens_cached ?? 0),
      });
      expect(models.get(api.id)?.model).toBe(extra.model_permaslug);
      expect(keys.get(api.id)?.api_key_id).toBe(extra.api_key_name);
    }
  });

  test('without dimensions there is one row, even over nothing', async () => {
    const { data } = await query({ metrics: ['request_count', 'total_usage'], time_range: lastDays(7) });
    expect(data).toHaveLength(1);
    expect(data[0]?.request_count).toBe(String(rowsOf(7).length));
    const empty = { start: '2020-01-01T00:00:00Z', end: '2020-01-02T00:00:00Z' };
    const nothing = await query({
      metrics: ['request_count', 'total_usage', 'avg_latency'],
      time_range: empty,
    });
    expect(nothing.data).toEqual([{ request_count: '0', total_usage: 0, avg_latency: null }]);
  });

  test('the last seven days by default', async () => {
    const { data } = await query({ metrics: ['request_count'] });
    expect(data).toEqual([{ request_count: String(rowsOf(7).length) }]);
  });

  test('time columns: named by granularity, the latest first', async () => {
    const starts = async (granularity: string, days: number) =>
      (await query({ metrics: ['request_count'], granularity, time_range: lastDays(days) })).data.map(
        (row) => row[`date__${granularity}`],
      );
    expect((await starts('day', 3)).slice(0, 2)).toEqual([
      '2026-11-16T00:00:00.000Z',
      '2026-11-15T00:00:00.000Z',
    ]);
    expect((await starts('week', 14))[0]).toBe('2026-11-16T00:00:00.000Z');
    expect(await starts('month', 40)).toEqual(['2026-11-01T00:00:00.000Z', '2026-10-01T00:00:00.000Z']);
    expect((await starts('hour', 1)).length).toBeGreaterThan(10);
    expect((await starts('minute', 0.1)).every((minute) => String(minute).endsWith(':00.000Z'))).toBe(true);
  });

  test('labels stand for keys, apps, members and workspaces', async () => {
    const values = async (dimension: string) =>
      new Set(
        (await query({ metrics: ['request_count'], dimensions: [dimension] })).data.map(
          (row) => row[dimension],
        ),
      );
    expect(await values('api_key_id')).toContain('batch jobs, nightly');
    expect(await values('app')).toEqual(new Set(['Helpdesk', 'Drafts, the writing desk', 'Research', null]));
    expect(await values('user')).toContain('');
    expect(await values('workspace')).toEqual(new Set(['Default Workspace']));
  });

  test('order and group limits', async () => {
    const base = {
      metrics: ['total_usage'],
      dimensions: ['model'],
      granularity: 'day',
      time_range: lastDays(20),
    };
    const best = await query({
      ...base,
      order_by: { field: 'total_usage', direction: 'desc' },
      group_limit: 1,
    });
    expect(new Set(best.data.map((row) => row.model)).size).toBe(best.data.length);
    expect(best.metadata.truncated).toBe(true);
    const costs = best.data.map((row) => row.total_usage as number);
    expect(costs).toEqual([...costs].sort((a, b) => b - a));
    const oldest = await query({ ...base, order_by: { field: 'date', direction: 'asc' }, limit: 1 });
    expect(oldest.data[0]?.date__day).toBe('2026-10-27T00:00:00.000Z');
    const busiest = await query({ ...base, order_by: { field: 'request_count', direction: 'desc' } });
    expect(busiest.data[0]).not.toHaveProperty('request_count');
    await refusal({ ...base, order_by: { field: 'provider', direction: 'asc' } });
    await refusal({ metrics: ['request_count'], order_by: { field: 'date', direction: 'asc' } });
  });

  test('counts are strings; costs, rates and latencies numbers', async () => {
    const { data } = await query({
      metrics: ['tokens_total', 'usage_cache', 'cache_hit_rate', 'avg_latency', 'usage_web'],
    });
    const row = data[0]!;
    expect(row.tokens_total).toMatch(/^\d+$/);
    expect(row.usage_cache).toBeLessThan(0);
    expect(row.cache_hit_rate).toBeGreaterThan(0);
    expect(row.cache_hit_rate).toBeLessThan(1);
    expect(row.avg_latency).toEqual(expect.any(Number));
  });

  test('everything that meta lists can be asked', async () => {
    const { body } = await call(standIn, '/analytics/meta');
    const { metrics, dimensions, granularities, operators } = (
      body as { data: Record<'metrics' | 'dimensions' | 'granularities' | 'operators', { name: string }[]> }
    ).data;
    for (const { name } of dimensions)
      await query({ metrics: metrics.map((metric) => metric.name), dimensions: [name], limit: 10 });
    expect(granularities.map(({ name }) => name)).toEqual(['minute', 'hour', 'day', 'week', 'month']);
    expect(operators.map(({ name }) => name).sort()).toEqual([
      'eq',
      'gt',
      'gte',
      'in',
      'lt',
      'lte',
      'neq',
      'not_in',
    ]);
  });
});

describe('filters', () => {
  const count = async (...filters: object[]) =>
    Number(
      (await query({ metrics: ['request_count'], filters, time_range: lastDays(20) })).data[0]?.request_count,
    );
  const expected = (passes: (row: SampleRow) => boolean): number => rowsOf(20).filter(passes).length;

  test('every operator', async () => {
    const field = 'external_user';
    const [first = '', second = ''] = standIn.account.users;
    const of = (...users: string[]) => expected(({ api }) => users.includes(api.external_user ?? ''));
    expect(await count({ field, operator: 'eq', value: first })).toBe(of(first));
    expect(await count({ field, operator: 'neq', value: first })).toBe(rowsOf(20).length - of(first));
    expect(await count({ field, operator: 'in', value: [first, second] })).toBe(of(first, second));
    expect(await count({ field, operator: 'not_in', value: [first] })).toBe(
      expected(({ api }) => api.external_user !== null && api.external_user !== first),
    );
    expect(await count({ field: 'app', operator: 'gte', value: 300_000 })).toBe(
      expected(({ api }) => (api.app_id ?? 0) >= 300_000),
    );
    for (const [operator, holds] of [
      ['gt', (user: string) => user > 'h'],
      ['lt', (user: string) => user < 'h'],
      ['lte', (user: string) => user <= 'h'],
    ] as const)
      expect(await count({ field, operator, value: 'h' })).toBe(
        expected(({ api }) => api.external_user !== null && holds(api.external_user)),
      );
  });

  test('ids are case-sensitive', async () => {
    const ask = (value: string) => count({ field: 'external_user', operator: 'eq', value });
    expect(await ask('Acme')).toBe(expected(({ api }) => api.external_user === 'Acme'));
    expect(await ask('Acme')).not.toBe(await ask('acme'));
  });

  test('the unset bucket', async () => {
    const nobody = expected(({ api }) => api.external_user === null);
    const field = 'external_user';
    expect(await count({ field, operator: 'in', value: ['no such user'], include_unset: true })).toBe(nobody);
    expect(await count({ field, operator: 'not_in', value: ['no such user'], include_unset: true })).toBe(
      rowsOf(20).length,
    );
    const filters = [{ field: 'model', operator: 'in', value: ['x'], include_unset: true }];
    expect(await refusal({ metrics: ['request_count'], filters })).toBe(
      'Dimension "model" has no unset bucket',
    );
    const scalar = [{ field, operator: 'eq', value: 'x', include_unset: true }];
    expect(await refusal({ metrics: ['request_count'], filters: scalar })).toContain('include_unset');
  });

  test('an API key by number or by hash; an unknown hash finds nothing and warns', async () => {
    const key = standIn.account.keys[2]!;
    const own = expected(({ extra }) => extra.api_key_id === key.id);
    expect(own).toBeGreaterThan(0);
    expect(await count({ field: 'api_key_id', operator: 'eq', value: key.id })).toBe(own);
    expect(await count({ field: 'api_key_id', operator: 'in', value: [key.hash] })).toBe(own);
    const filters = [{ field: 'api_key_id', operator: 'eq', value: 'f'.repeat(64) }];
    const none = await query({ metrics: ['request_count'], filters });
    expect(none.data).toEqual([{ request_count: '0' }]);
    expect(none.warnings).toHaveLength(1);
  });

  test('several hold at once', async () => {
    const filters = [
      { field: 'variant', operator: 'eq', value: 'free' },
      { field: 'external_user', operator: 'in', value: standIn.account.users.slice(0, 10) },
    ];
    expect(await count(...filters)).toBe(
      expected(
        ({ api, extra }) =>
          extra.variant === 'free' && standIn.account.users.slice(0, 10).includes(api.external_user ?? ''),
      ),
    );
  });

  test.each([
    ['an unknown dimension', { field: 'colour', operator: 'eq', value: 'red' }],
    ['a metric', { field: 'total_usage', operator: 'gt', value: 1 }],
    ['an unknown operator', { field: 'model', operator: 'like', value: 'gpt%' }],
    ['a list for one value', { field: 'model', operator: 'eq', value: ['a'] }],
    ['one value for a list', { field: 'model', operator: 'in', value: 'a' }],
    ['no value', { field: 'model', operator: 'eq' }],
  ])('%s is refused', async (_, filter) => {
    await refusal({ metrics: ['request_count'], filters: [filter] });
  });
});

describe('limits', () => {
  const metrics = ['request_count'];

  test('two dimensions, twenty filters, and at least one metric', async () => {
    await refusal({ metrics, dimensions: ['model', 'provider', 'variant'] });
    const filter = { field: 'variant', operator: 'eq', value: 'free' };
    await query({ metrics, filters: Array(20).fill(filter) });
    await refusal({ metrics, filters: Array(21).fill(filter) });
    await refusal({ metrics: [] });
    await refusal({});
  });

  test('unknown metrics, dimensions, granularities and fields', async () => {
    expect(await refusal({ metrics: ['happiness'] })).toContain('happiness');
    expect(await refusal({ metrics, dimensions: ['colour'] })).toContain('colour');
    expect(await refusal({ metrics, granularity: 'fortnight' })).toContain('fortnight');
    await refusal({ metrics, colour: 'red' });
  });

  test('1,000 rows by default, 10,000 at most, and the cut is told', async () => {
    const base = { metrics, dimensions: ['generation_id'], time_range: lastDays(30) };
    const cut = await query(base);
    expect(cut.metadata).toMatchObject({ row_count: 1000, truncated: true });
    const whole = await query({ ...base, limit: 10_000 });
    expect(whole.metadata).toMatchObject({ row_count: rowsOf(30).length, truncated: false });
    await refusal({ ...base, limit: 10_001 });
    await refusal({ ...base, limit: 0 });
    await refusal({ ...base, group_limit: 10_001 });
  });

  test.each(['generation_id', 'external_user', 'provider', 'origin', 'country', 'finish_reason'])(
    '%s: 31 days, grouped or filtered',
    async (dimension) => {
      await query({ metrics, dimensions: [dimension], time_range: lastDays(31) });
      expect(await refusal({ metrics, dimensions: [dimension], time_range: lastDays(31.1) })).toContain(
        '31 days',
      );
      const filters = [{ field: dimension, operator: 'eq', value: 'x' }];
      expect(await refusal({ metrics, filters, time_range: lastDays(32) })).toContain('31 days');
    },
  );

  test.each(['model', 'variant', 'api_key_id', 'app', 'user', 'workspace'])(
    '%s: 365 days',
    async (dimension) => {
      await query({ metrics, dimensions: [dimension], time_range: lastDays(365) });
      expect(await refusal({ metrics, dimensions: [dimension], time_range: lastDays(366) })).toContain(
        '365 days',
      );
    },
  );

  test('latencies and file costs: 31 days', async () => {
    for (const metric of ['avg_latency', 'p99_latency', 'avg_throughput', 'usage_file'])
      await refusal({ metrics: [metric], time_range: lastDays(32) });
  });

  test('whether the age of the data is bounded too can be chosen', async () => {
    const old = { start: iso(NOW - 50 * DAY), end: iso(NOW - 40 * DAY) };
    const body = { metrics, dimensions: ['external_user'], time_range: old };
    expect((await query(body)).data.length).toBeGreaterThan(0);
    const strict = await startStandIn({ rows: 10, endTime: NOW, now: () => NOW, analyticsBoundsAge: true });
    expect((await call(strict, '/analytics/query', { body })).status).toBe(400);
    const byModel = { ...body, dimensions: ['model'] };
    expect((await call(strict, '/analytics/query', { body: byModel })).status).toBe(200);
    await strict.close();
  });

  test('minutes only within three hours', async () => {
    const range = (hours: number) => ({ start: iso(NOW - hours * 3_600_000), end: iso(NOW) });
    await query({ metrics, granularity: 'minute', time_range: range(3) });
    await refusal({ metrics, granularity: 'minute', time_range: range(3.1) });
    await query({ metrics, granularity: 'hour', time_range: range(48) });
  });

  test.each([
    ['2026-11-01T00:00Z', '2026-11-02T00:00:00Z'],
    ['2026-11-01', '2026-11-02'],
    ['2026-11-01T00:00:00', '2026-11-02T00:00:00'],
    ['2026-11-02T00:00:00Z', '2026-11-01T00:00:00Z'],
    ['2026-11-02T00:00:00Z', '2026-11-02T00:00:00Z'],
    ['yesterday', 'today'],
  ])('time range %s – %s is refused', async (start, end) => {
    await refusal({ metrics, time_range: { start, end } });
  });

  test('the range ends before its end', async () => {
    const ms = rowsOf(20)[500]!.extra.created_ms;
    const ask = async (start: number, end: number) =>
      (await query({ metrics, time_range: { start: iso(start), end: iso(end) } })).data[0]?.request_count;
    expect(await ask(ms, ms + 1)).toBe('1');
    expect(await ask(ms - 1, ms)).toBe('0');
  });

  test('a body that is not JSON, or not an object', async () => {
    await refusal([]);
    const headers = { Authorization: `Bearer ${standIn.managementKey}` };
    const cut = await fetch(`${standIn.baseUrl}/analytics/query`, {
      method: 'POST',
      headers,
      body: '{"metrics":',
    });
    expect(cut.status).toBe(400);
  });

  test('64 requests a minute, then 429 with the seconds to wait', async () => {
    time = NOW + 10 * 60_000;
    standIn.analyticsLimit.perMinute = 64;
    const ask = () => call(standIn, '/analytics/query', { body: { metrics } });
    expect((await ask()).status).toBe(200);
    time += 20_000;
    for (let i = 0; i < 63; i++) expect((await ask()).status).toBe(200);
    expect(standIn.analyticsLimit.used).toBe(64);
    const refused = await ask();
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 429 } } });
    expect(refused.headers.get('Retry-After')).toBe('40');
    expect((await call(standIn, '/analytics/meta')).status).toBe(429);
    expect((await call(standIn, '/credits')).status).toBe(200);
    time += 39_999;
    expect((await ask()).status).toBe(429);
    time += 1;
    expect((await ask()).status).toBe(200);
    expect((await ask()).status).toBe(429);
  });
});
