import { Decimal } from 'decimal.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SampleGeneration } from '../../shared/sample/types.ts';
import { call, everyGeneration } from './http.ts';
import { type StandIn, startStandIn } from './server.ts';

/** Wide enough that no sum rounds. */
const Exact = Decimal.clone({ precision: 80 });
const NOW = Date.UTC(2026, 10, 16, 9);
let standIn: StandIn;

beforeAll(async () => {
  standIn = await startStandIn({ rows: 3000, users: 50, endTime: NOW, now: () => NOW });
});
afterAll(() => standIn.close());

const chat = { model: 'openai/gpt-5', messages: [{ role: 'user', content: 'Hello' }] };
const query = { metrics: ['request_count'] };

describe('what each key can do', () => {
  const everything: [path: string, body: unknown, inference: number, management: number][] = [
    ['/key', undefined, 200, 200],
    ['/generations', undefined, 200, 200],
    ['/keys', undefined, 403, 200],
    ['/credits', undefined, 403, 200],
    ['/activity', undefined, 403, 200],
    ['/analytics/meta', undefined, 403, 200],
    ['/analytics/query', query, 403, 200],
    ['/chat/completions', chat, 200, 403],
    ['/nothing/here', undefined, 404, 404],
  ];

  test.each(everything)('%s', async (path, body, inference, management) => {
    expect((await call(standIn, path, { key: standIn.inferenceKey, body })).status).toBe(inference);
    expect((await call(standIn, path, { key: standIn.managementKey, body })).status).toBe(management);
    for (const key of [null, 'sk-or-v1-standin-inference-of-somebody-else']) {
      const { status, body: error } = await call(standIn, path, { key, body });
      expect(status).toBe(management === 404 ? 404 : 401);
      expect(error).toMatchObject({ error: { code: status, message: expect.any(String) } });
    }
  });

  test('the message of a 403 is OpenRouter’s', async () => {
    const { body } = await call(standIn, '/credits', { key: standIn.inferenceKey });
    expect(body).toEqual({
      error: { code: 403, message: 'Only management keys can perform this operation' },
    });
  });
});

test('keys depend on the seed alone, and say that they are not real', async () => {
  const [same, other] = await Promise.all([startStandIn({ rows: 1 }), startStandIn({ rows: 1, seed: 2 })]);
  expect(same.inferenceKey).toBe(standIn.inferenceKey);
  expect(other.inferenceKey).not.toBe(standIn.inferenceKey);
  expect(standIn.managementKey).toMatch(/^sk-or-v1-standin-management-[0-9a-f]{32}$/);
  await Promise.all([same.close(), other.close()]);
});

test('the log keeps what was asked with which kind of key, never a key', async () => {
  const before = standIn.requests.length;
  await call(standIn, `/generations?limit=2&key=${standIn.inferenceKey}`);
  await call(standIn, '/credits', { key: standIn.inferenceKey });
  await call(standIn, '/key', { key: null });
  expect(standIn.requests.slice(before)).toEqual([
    {
      method: 'GET',
      url: '/api/v1/generations?limit=2&key=[inference key]',
      at: NOW,
      key: 'management',
      status: 200,
    },
    { method: 'GET', url: '/api/v1/credits', at: NOW, key: 'inference', status: 403 },
    { method: 'GET', url: '/api/v1/key', at: NOW, key: null, status: 401 },
  ]);
  expect(JSON.stringify(standIn.requests)).not.toContain('sk-or-');
});

describe('the books agree with the generations', () => {
  const total = (rows: SampleGeneration[], cost: (row: SampleGeneration) => number): number =>
    rows.reduce((sum, row) => sum.plus(cost(row)), new Exact(0)).toNumber();
  const byok = (row: SampleGeneration): number => (row.is_byok ? (row.upstream_inference_cost ?? 0) : 0);

  test('credits', async () => {
    const rows = await everyGeneration<SampleGeneration>(standIn, 1000);
    const { body } = await call(standIn, '/credits');
    expect(body).toMatchObject({ data: { total_usage: total(rows, (row) => row.total_cost) } });
  });

  test('keys add up to the account, today is part of the week', async () => {
    const rows = await everyGeneration<SampleGeneration>(standIn, 1000);
    const { body } = await call(standIn, '/keys?include_disabled=true');
    const { data } = body as {
      data: { usage: number; byok_usage: number; usage_daily: number; usage_weekly: number }[];
    };
    expect(data.reduce((sum, key) => sum + key.usage, 0)).toBeCloseTo(
      total(rows, (row) => row.total_cost),
      10,
    );
    expect(data.reduce((sum, key) => sum + key.byok_usage, 0)).toBeCloseTo(total(rows, byok), 10);
    for (const key of data) expect(key.usage_daily).toBeLessThanOrEqual(key.usage_weekly);
  });

  test('activity: the last 30 completed days, by date, model and endpoint', async () => {
    const first = '2026-10-17';
    const rows = (await everyGeneration<SampleGeneration>(standIn, 1000)).filter(
      ({ created_at }) => created_at >= first && created_at < '2026-11-16',
    );
    const { body } = await call(standIn, '/activity');
    const { data } = body as {
      data: { date: string; usage: number; byok_usage_inference: number; requests: number }[];
    };
    expect(data[0]?.date).toBe('2026-11-15');
    expect(data.at(-1)?.date).toBe(first);
    expect(data.reduce((sum, { requests }) => sum + requests, 0)).toBe(rows.length);
    const sum = (field: 'usage' | 'byok_usage_inference'): number =>
      data.reduce((money, row) => money.plus(row[field]), new Exact(0)).toNumber();
    expect(sum('usage')).toBeCloseTo(
      total(rows, (row) => row.total_cost),
      12,
    );
    expect(sum('byok_usage_inference')).toBeCloseTo(total(rows, byok), 12);
  });

  test('activity of one day, one key, by workspace; other days are refused', async () => {
    const day = await call(standIn, '/activity?date=2026-11-10&group_by=workspace');
    const { data } = day.body as { data: { date: string; workspace_id: string }[] };
    expect(new Set(data.map(({ date }) => date))).toEqual(new Set(['2026-11-10']));
    expect(data[0]?.workspace_id).toEqual(expect.any(String));
    const none = await call(standIn, `/activity?api_key_hash=${'0'.repeat(64)}`);
    expect(none.body).toEqual({ data: [] });
    for (const date of ['2026-11-16', '2026-10-16', 'yesterday'])
      expect((await call(standIn, `/activity?date=${date}`)).status).toBe(400);
  });
});
