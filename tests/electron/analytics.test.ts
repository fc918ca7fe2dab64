import { afterEach, expect, it } from 'vitest';
import { BEGINNING } from '../../electron/sync/plan-analytics.ts';
import { DAY_MS } from '../../shared/time.ts';
import { call } from '../stand-in/http.ts';
import { type StandIn, type StandInOptions, startStandIn } from '../stand-in/server.ts';
import { expectAll, Home, last, Skipping, waitsOf } from './home.ts';

let standIn: StandIn;
afterEach(() => standIn.close());

const clock = new Skipping();

async function start(options: StandInOptions = {}): Promise<void> {
  const offer = { generations: 404 } as const;
  standIn = await startStandIn({ rows: 300, now: clock.now, endTime: clock.time, offer, ...options });
}

const queries = (from = 0) =>
  standIn.requests.slice(from).filter(({ url }) => url.endsWith('/analytics/query')).length;

it('brings every generation with all that the queries know, within the limit', async () => {
  await start();
  const home = new Home(standIn, { clock });
  const states = await home.sync();
  expect(last(states)).toMatchObject({ phase: 'done', progress: { source: 'analytics', done: 1, new: 300 } });
  expectAll(home, standIn);
  expect(home.sources).toEqual(['analytics', 'ids']);
  expect(home.checkpoint).toMatchObject({
    covered: [{ from: BEGINNING, to: expect.any(Number) }],
    floor: null,
    source: 'analytics',
    refusedAt: expect.any(Number),
    run: null,
  });
  for (const { api, extra } of standIn.account.all()) {
    const row = home.rows.get(api.id);
    expect(row).toMatchObject({
      model_permaslug: extra.model_permaslug,
      variant: extra.variant,
      api_key_name: extra.api_key_name,
      cost_cache: extra.cost_cache,
      cost_web_search: extra.cost_web_search,
      cost_file_processing: extra.cost_file_processing,
      tokens_prompt: String(api.tokens_prompt ?? 0),
      tokens_reasoning: String(api.native_tokens_reasoning ?? 0),
      is_byok: api.is_byok,
    });
    expect(row?.provider_name).toBe(api.provider_name ?? undefined);
    expect(row?.app_name).toBe(extra.app_name ?? undefined);
    expect(row?.finish_reason_normalized).toBe(api.finish_reason ?? undefined);
    expect(row).not.toHaveProperty('created_at');
    expect(row).not.toHaveProperty('latency_ms');
  }
  // The years before the account take a query each, not a window each month.
  expect(queries()).toBeLessThan(64);
  // It never had to be told to slow down.
  expect(standIn.requests.filter(({ status }) => status === 429)).toEqual([]);
});

it('goes over long times of nothing, but misses nothing behind them', async () => {
  await start({ rows: 20 });
  for (const days of [100, 480, 481, 1200]) standIn.account.add(lateRow(clock.time - days * DAY_MS));
  const home = new Home(standIn, { clock });
  expect(last(await home.sync()).phase).toBe('done');
  expectAll(home, standIn);
  expect(home.checkpoint.covered).toEqual([{ from: BEGINNING, to: expect.any(Number) }]);
});

it('asks little the second time, and finds what came late', async () => {
  await start();
  const home = new Home(standIn, { clock });
  await home.sync();
  clock.time += 10 * 60_000;
  // Made before the first pull ended, there only after it.
  standIn.account.add(lateRow(clock.time - 30 * 60_000));
  const before = standIn.requests.length;
  expect(last(await home.sync())).toMatchObject({ phase: 'done', progress: { new: 1 } });
  expect(standIn.requests.length - before).toBeLessThan(10);
  expectAll(home, standIn);
});

it('halves a window until it is whole', async () => {
  await start({ rows: 22_000, users: 20 });
  const days = 31 * DAY_MS;
  const to = Math.floor(clock.time / 1000) * 1000;
  const span = { from: to - days, to };
  const run = { source: 'analytics' as const, startedAt: clock.time, left: [span], windowMs: days };
  const home = new Home(standIn, { clock, checkpoint: { ...since(31), run } });
  const states = await home.sync();
  expect(last(states).phase).toBe('done');
  expectAll(home, standIn, span.from);
  // All of it in one query without the labels, both halves with them, and the last hour again.
  expect(home.rows.size).toBeGreaterThan(10_000);
  expect(queries()).toBe(1 + 7 + 7 + 7);
});

it('says which seconds it could not get whole, keeps what there is of them, and leaves them missing', async () => {
  await start();
  const to = Math.floor(clock.time / 1000) * 1000 - 60_000;
  const row = { generation_id: `gen-${to / 1000 - 1}-x`, external_user: 'u', credits_usage: 1 };
  const body = { data: { data: [row], metadata: { truncated: true } } };
  const times = Number.POSITIVE_INFINITY;
  standIn.faults.next({ path: '/analytics/query', status: 200, body, times });
  const home = new Home(standIn, { clock });
  const end = last(await home.sync({ fill: [{ from: to - 3000, to }] }));
  const stamp = new Date(to - 3000).toISOString().slice(0, 19).replace('T', ' ');
  expect(end).toMatchObject({
    phase: 'failed',
    error: {
      code: 'bad-answer',
      title: expect.stringMatching(/^3 seconds hold more/),
      meaning: expect.stringContaining(stamp),
    },
  });
  expect([...home.rows.keys()]).toEqual([row.generation_id]);
  expect(home.checkpoint).toMatchObject({ covered: [], run: null });
  // All three, then each of them: no second is passed over, none is asked for twice.
  expect(queries()).toBe(4);
});

it('halves what is too heavy (408)', async () => {
  await start();
  standIn.faults.next({ path: '/analytics/query', status: 408, times: 3 });
  const home = new Home(standIn, { clock, checkpoint: since(10) });
  expect(waitsOf(await home.sync())).toEqual([]);
  expectAll(home, standIn, clock.time - 10 * DAY_MS - 1000);
});

it('finds out how far back OpenRouter still goes, and stops there', async () => {
  await start({ analyticsBoundsAge: true });
  const home = new Home(standIn, { clock });
  expect(last(await home.sync()).phase).toBe('done');
  const { floor, covered } = home.checkpoint;
  const bound = clock.time - 31 * DAY_MS;
  expect(floor).toBeGreaterThanOrEqual(bound - 60_000);
  expect(floor).toBeLessThan(bound + 2 * 3_600_000);
  expect(covered).toEqual([{ from: floor, to: expect.any(Number) }]);
  expectAll(home, standIn, floor as number);
  const before = queries();
  expect(last(await home.sync()).phase).toBe('done');
  expect(queries() - before).toBeLessThan(10);
});

it('is refused in the present too: that is no matter of age', async () => {
  await start();
  standIn.faults.next({ path: '/analytics/query', status: 400, times: Number.POSITIVE_INFINITY });
  const home = new Home(standIn, { clock });
  expect(last(await home.sync())).toMatchObject({ phase: 'failed', error: { code: 'bad-answer' } });
  expect(home.checkpoint).toMatchObject({ covered: [], floor: null });
});

it('uses only what meta lists', async () => {
  await start();
  const { body } = await call(standIn, '/analytics/meta');
  const { data } = body as { data: Record<'metrics' | 'dimensions', { name: string }[]> };
  const without = (names: string[], list: { name: string }[]) =>
    list.filter(({ name }) => !names.includes(name));
  standIn.faults.next({
    path: '/analytics/meta',
    status: 200,
    body: {
      data: {
        // Neither labels nor formats: the SDK’s schema would refuse it.
        metrics: without(['usage_file', 'cached_tokens'], data.metrics).map(({ name }) => ({ name })),
        dimensions: [...without(['finish_reason', 'variant'], data.dimensions), { name: 'mood' }],
      },
    },
  });
  const home = new Home(standIn, { clock, checkpoint: since(5) });
  expect(last(await home.sync()).phase).toBe('done');
  expectAll(home, standIn, clock.time - 5 * DAY_MS - 1000);
  const known = new Set([...home.rows.values()].flatMap((row) => Object.keys(row)));
  for (const key of ['cost_file_processing', 'tokens_cached', 'finish_reason_normalized', 'variant'])
    expect(known).not.toContain(key);
  expect(known).toContain('model_permaslug');
});

it('is not offered where meta knows no generations', async () => {
  await start();
  standIn.faults.next({
    path: '/analytics/meta',
    status: 200,
    body: { data: { metrics: [], dimensions: [] } },
  });
  const home = new Home(standIn, { clock });
  const end = last(await home.sync());
  expect(end).toMatchObject({
    phase: 'failed',
    error: { code: 'generations-not-offered', action: expect.stringContaining('Paste generation ids') },
  });
  expect(home.sources).toEqual(['ids']);
});

it('fills exactly the holes it is told to', async () => {
  await start();
  const home = new Home(standIn, { clock });
  await home.sync();
  const day = Math.floor(clock.time / DAY_MS) * DAY_MS;
  const hole = { from: day - 10 * DAY_MS, to: day - 9 * DAY_MS };
  const inHole = [...standIn.account.between(hole.from, hole.to)];
  for (const { api } of inHole) home.rows.delete(api.id);
  const before = queries();
  expect(last(await home.sync({ fill: [hole] }))).toMatchObject({ progress: { received: inHole.length } });
  expect(queries() - before).toBe(7);
  expectAll(home, standIn);
});

it.each([1000, 2 * 3_600_000])('goes on where it was stopped, %i ms later, at any step', async (later) => {
  await start({ rows: 120 });
  const checkpoint = since(20);
  const home = new Home(standIn, { clock, checkpoint });
  for (let turn = 1; last(await home.sync({ stopAfter: 3 })).phase !== 'done'; turn++) {
    clock.time += later;
    expect(turn).toBeLessThan(20);
  }
  expect(home.checkpoint.covered).toEqual([{ from: checkpoint.floor, to: expect.any(Number) }]);
  expectAll(home, standIn, checkpoint.floor);
});

it('uses nine tenths of the minute and never more than all of it, as the server counts', async () => {
  await start({ rows: 3000 });
  const home = new Home(standIn, { clock });
  const began = clock.time;
  // An hour of every day.
  const fill = Array.from({ length: 50 }, (_, i) => ({
    from: began - (i + 1) * DAY_MS,
    to: began - (i + 1) * DAY_MS + 3_600_000,
  }));
  const states = await home.sync({ fill });
  expect(last(states).phase).toBe('done');
  expect(waitsOf(states)).toContain('rate-limited');
  const sent = standIn.requests.filter(({ url }) => url.includes('/analytics/')).map(({ at }) => at);
  for (const at of sent)
    expect(sent.filter((other) => other > at - 60_000 && other <= at).length).toBeLessThanOrEqual(64);
  // The last minute is not full; each of the others is.
  const minutes = Math.floor((Math.max(...sent) - began) / 60_000);
  expect(minutes).toBeGreaterThan(2);
  const inThem = sent.filter((at) => at < began + minutes * 60_000).length;
  expect(inThem).toBeGreaterThanOrEqual(0.9 * 64 * minutes);
  expect(standIn.requests.filter(({ status }) => status === 429)).toEqual([]);
});

/** A checkpoint that asks for so many days only. */
const since = (days: number) => ({
  version: 2 as const,
  covered: [],
  floor: Math.floor((clock.time - days * DAY_MS) / 1000) * 1000,
  completedAt: null,
  source: null,
  refusedAt: null,
  run: null,
});

function lateRow(ms: number, tag = 'late') {
  const row = standIn.account.generation(0);
  const id = `gen-${Math.floor(ms / 1000)}-${tag}`;
  return {
    api: { ...row.api, id, created_at: new Date(ms).toISOString() },
    extra: { ...row.extra, created_ms: ms },
  };
}
