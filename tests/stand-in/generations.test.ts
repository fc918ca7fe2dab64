import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAccount } from '../../shared/sample/account.ts';
import type { SampleGeneration } from '../../shared/sample/types.ts';
import { call, everyGeneration } from './http.ts';
import { type StandIn, startStandIn } from './server.ts';

const NOW = Date.UTC(2026, 10, 16, 9);
const options = { rows: 1234, users: 40, seed: 5, endTime: NOW };
let standIn: StandIn;

beforeEach(async () => {
  standIn = await startStandIn({ ...options, now: () => NOW });
});
afterEach(() => standIn.close());

const seeded = () => {
  const account = createAccount(options);
  return Array.from({ length: account.length }, (_, i) => account.generation(i));
};
const page = async (query: string) =>
  ((await call(standIn, `/generations${query}`)).body as { data: unknown[] }).data;

describe('pages', () => {
  test.each([1000, 617, 100])('of %i give every generation once, newest first', async (limit) => {
    expect(await everyGeneration(standIn, limit)).toEqual(seeded().map(({ api }) => api));
  });

  test('have 50 by default and end at the end', async () => {
    expect(await page('')).toHaveLength(50);
    expect(await page('?limit=100&offset=1200')).toHaveLength(34);
    expect(await page('?offset=1234')).toEqual([]);
    expect(await page('?offset=99999')).toEqual([]);
  });

  test.each(['limit=0', 'limit=1001', 'limit=ten', 'limit=1.5', 'offset=-1'])(
    '?%s is refused',
    async (query) => {
      expect(await call(standIn, `/generations?${query}`)).toMatchObject({
        status: 400,
        body: { error: { code: 400, message: expect.any(String) } },
      });
    },
  );
});

describe('one by id', () => {
  test('every one is found', async () => {
    const { api } = standIn.account.generation(777);
    expect((await call(standIn, `/generation?id=${api.id}`)).body).toEqual({ data: api });
    for (const row of seeded()) expect(standIn.account.find(row.api.id)).toEqual(row);
  });

  test.each(['/generation', '/generation/content'])(
    '%s: 400 without an id, 404 for an unknown one',
    async (path) => {
      expect((await call(standIn, path)).status).toBe(400);
      expect((await call(standIn, `${path}?id=`)).status).toBe(400);
      expect((await call(standIn, `${path}?id=gen-1794819574-0000000000000000000`)).status).toBe(404);
      expect((await call(standIn, `${path}?id=whatever`)).status).toBe(404);
    },
  );
});

describe('the account lives', () => {
  test('a generation that arrives late takes its place by time', async () => {
    const rows = seeded();
    const copy = (index: number, ms: number, id: string) => {
      const { api, extra } = rows[index]!;
      return {
        api: { ...api, id, created_at: new Date(ms).toISOString() },
        extra: { ...extra, created_ms: ms },
      };
    };
    const late = rows.at(300)!.extra.created_ms - 1;
    const added = [
      copy(0, late, 'gen-late-1'),
      copy(1, NOW + 5, 'gen-new'),
      copy(2, late, 'gen-late-2'),
      copy(3, 1000, 'gen-first-of-all'),
      copy(4, NOW + 7, 'gen-newest'),
    ];
    for (const row of added) standIn.account.add(row);
    const ids = rows.map(({ api }) => api.id);
    ids.splice(301, 0, 'gen-late-2', 'gen-late-1');
    expect((await everyGeneration<SampleGeneration>(standIn, 100)).map(({ id }) => id)).toEqual([
      'gen-newest',
      'gen-new',
      ...ids,
      'gen-first-of-all',
    ]);
    for (let i = 0; i < standIn.account.length; i++)
      expect(standIn.account.createdMs(i)).toBe(standIn.account.generation(i).extra.created_ms);
    expect(standIn.account.find('gen-late-1')).toBe(added[0]);
    expect([...standIn.account.between(late, late + 1)].map(({ api }) => api.id)).toEqual([
      'gen-late-2',
      'gen-late-1',
    ]);
  });

  test('the books follow', async () => {
    const credits = async () =>
      ((await call(standIn, '/credits')).body as { data: { total_usage: number } }).data.total_usage;
    const before = await credits();
    const { api, extra } = standIn.account.generation(0);
    const cost = 0.000_123_456_789;
    standIn.account.add({
      api: { ...api, id: 'gen-extra', usage: cost, total_cost: cost, is_byok: false },
      extra,
    });
    expect(await credits()).toBeCloseTo(before + cost, 12);
  });

  test('anything can be injected in front, as it is', async () => {
    const { id: _, ...withoutId } = standIn.account.generation(0).api;
    standIn.account.inject(withoutId);
    standIn.account.inject('not even an object');
    const [first, second, third] = await page('?limit=3');
    expect([first, second, third]).toEqual([
      'not even an object',
      withoutId,
      standIn.account.generation(0).api,
    ]);
    expect(await page('?limit=1&offset=2')).toEqual([third]);
    expect((await everyGeneration(standIn, 100)).length).toBe(1236);
  });
});

describe('an account that is not offered the list', () => {
  test.each([
    [false, 404, 404],
    [404, 404, 404],
    [405, 405, 405],
    ['management', 403, 200],
    ['inference', 200, 403],
    [true, 200, 200],
  ] as const)('%s', async (offered, inference, management) => {
    standIn.offer.generations = offered;
    expect((await call(standIn, '/generations', { key: standIn.inferenceKey })).status).toBe(inference);
    expect((await call(standIn, '/generations')).status).toBe(management);
    const { api } = standIn.account.generation(0);
    expect((await call(standIn, `/generation?id=${api.id}`, { key: standIn.inferenceKey })).status).toBe(200);
  });

  test('from the start', async () => {
    const other = await startStandIn({ rows: 1, offer: { generations: false, analytics: 404 } });
    expect((await call(other, '/generations')).status).toBe(404);
    expect((await call(other, '/analytics/meta')).status).toBe(404);
    await other.close();
  });
});
