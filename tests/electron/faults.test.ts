/** What goes wrong on the way, for each source: what is read, what is tried again, that nothing is lost. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { PullState } from '../../electron/sync/pull.ts';
import type { AppError, ErrorCode } from '../../shared/errors.ts';
import { NO_CHECKPOINT } from '../../shared/sync.ts';
import { DAY_MS } from '../../shared/time.ts';
import type { Fault } from '../stand-in/faults.ts';
import { type StandIn, startStandIn } from '../stand-in/server.ts';
import { expectAll, Home, last, Skipping, waitsOf } from './home.ts';

const clock = new Skipping();
const DAYS = 3;
const floor = clock.time - DAYS * DAY_MS;
/** How long a server that does not answer is waited for: long enough for one that does. */
const PATIENCE_MS = 400;

let standIn: StandIn;
/** Everything that anybody printed. */
const printed: string[] = [];
beforeAll(async () => {
  for (const stream of [process.stdout, process.stderr] as const)
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      printed.push(String(text));
      return true;
    });
  // Each home has a limiter of its own, and they share the account.
  const analyticsPerMinute = Number.POSITIVE_INFINITY;
  standIn = await startStandIn({ rows: 2200, now: clock.now, endTime: clock.time, analyticsPerMinute });
  await new Home(standIn).sync();
});
afterEach(() => {
  standIn.faults.clear();
  standIn.offer.generations = true;
});
afterAll(async () => {
  await standIn.close();
  vi.restoreAllMocks();
  expect(printed.join('')).not.toMatch(/sk-or-v1|Bearer s/);
});

type Way = 'generations' | 'analytics' | 'ids';
const PATHS: Readonly<Record<Way, string>> = {
  generations: '/generations',
  analytics: '/analytics/query',
  ids: '/generation',
};

interface Outcome {
  readonly error: AppError | null;
  readonly waits: readonly string[];
}

/** Somebody who gets generations one way, and can be asked again. */
function traveller(way: Way, timeoutMs = 10_000): { go(): Promise<Outcome>; expectAll(): void } {
  if (way === 'ids') {
    const home = new Home(standIn, { kind: 'inference', timeoutMs });
    const ids = Array.from({ length: 30 }, (_, i) => standIn.account.generation(i).api.id);
    return {
      async go() {
        const waits: AppError[] = [];
        const error = await home.lookUp(ids, waits).then(
          () => null,
          (thrown) => thrown.error,
        );
        return { error, waits: waits.map(({ code }) => code) };
      },
      expectAll: () => expect([...home.rows.keys()].sort()).toEqual([...ids].sort()),
    };
  }
  if (way === 'analytics') standIn.offer.generations = 404;
  const checkpoint = way === 'analytics' ? { ...NO_CHECKPOINT, floor } : NO_CHECKPOINT;
  const home = new Home(standIn, { clock, checkpoint, timeoutMs });
  return {
    async go() {
      const states: PullState[] = await home.sync();
      const end = last(states);
      // The limiter’s own pauses are no failures.
      const waits = way === 'analytics' ? waitsOf(states.filter(isAsked)) : waitsOf(states);
      return { error: end.phase === 'failed' ? end.error : null, waits };
    },
    expectAll: () => expectAll(home, standIn, way === 'analytics' ? floor : 0),
  };
}

const isAsked = (state: PullState): boolean =>
  state.phase !== 'waiting' || !/a minute/.test(state.error.title);

/** The fault in the middle: on the second page, after some queries, after some ids. */
function inTheMiddle(way: Way, fault: Partial<Fault>): Fault {
  let seen = 0;
  const when =
    way === 'generations' ? (url: URL) => Number(url.searchParams.get('offset')) >= 1000 : () => ++seen > 4;
  return { path: PATHS[way], when, ...fault };
}

const HTML = {
  body: '<!DOCTYPE html><title>Sign in</title><p>sk-or-v1-standin',
  contentType: 'text/html',
} as const;

interface Row {
  readonly what: string;
  readonly fault: Partial<Fault>;
  readonly code: ErrorCode;
  readonly words: RegExp;
  /** It is worth trying again. */
  readonly again: boolean;
  /** It is found out by waiting. */
  readonly late: boolean;
}
const row = (what: string, fault: Partial<Fault>, code: ErrorCode, words: RegExp, again = false): Row => ({
  what,
  fault,
  code,
  words,
  again,
  late: fault.hang === true || fault.dripMs !== undefined,
});

const FAULTS: readonly Row[] = [
  row('402', { status: 402 }, 'no-credits', /no credits left.*Add credits/),
  row('413', { status: 413 }, 'bad-answer', /did not accept/),
  row('429', { status: 429 }, 'rate-limited', /asks for a pause/, true),
  row(
    '429 with Retry-After',
    { status: 429, headers: { 'retry-after': '0' } },
    'rate-limited',
    /asks for a pause/,
    true,
  ),
  row('500', { status: 500 }, 'server-error', /has a problem at the moment.*Nothing on your side/, true),
  row('502 as a web page', { ...HTML, status: 502 }, 'server-error', /has a problem/, true),
  row('503', { status: 503 }, 'server-error', /has a problem/, true),
  row('524', { status: 524 }, 'server-error', /has a problem/, true),
  row('529', { status: 529 }, 'server-error', /has a problem/, true),
  row(
    'a web page instead of JSON',
    { ...HTML, status: 200 },
    'not-openrouter',
    /not OpenRouter’s API.*web page/,
  ),
  row(
    'JSON cut in the middle',
    { status: 200, body: '{"data":[{"id":"ge' },
    'bad-answer',
    /cut off or no JSON/,
  ),
  row(
    'JSON of another form',
    { status: 200, body: { data: 7 } },
    'bad-answer',
    /in a form Whospent does not know/,
  ),
  row('a hanging socket', { hang: true }, 'offline', /did not answer in time/, true),
  row('a slow drip', { status: 200, dripMs: 20 }, 'offline', /did not answer in time/, true),
  row('a reset connection', { drop: 'reset' }, 'offline', /broke off|cannot be reached/, true),
  row('a closed connection', { drop: 'before' }, 'offline', /broke off|cannot be reached/, true),
  row(
    'a connection cut halfway',
    { drop: 'midway', status: 200, body: { data: [] } },
    'offline',
    /broke off/,
    true,
  ),
];

describe.each(['generations', 'analytics', 'ids'] as const)('%s', (way) => {
  it.each(FAULTS)('$what', async ({ fault, code, words, again, late }) => {
    const timeoutMs = late ? PATIENCE_MS : undefined;
    const { go, expectAll } = traveller(way, timeoutMs);

    // Once: what may pass is waited for, and the reader need not do anything.
    standIn.faults.next(inTheMiddle(way, fault));
    const once = await go();
    expect(standIn.faults.pending).toBe(0);
    // A machine that is busy may be late more than once.
    expect(late ? [...new Set(once.waits)] : once.waits).toEqual(again ? [code] : []);
    expect(once.error?.code ?? null).toBe(again ? null : code);
    if (again) expectAll();

    // For ever: it ends, and says what happened, what it means and what to do.
    const other = traveller(way, timeoutMs);
    standIn.faults.next({ ...inTheMiddle(way, fault), times: Number.POSITIVE_INFINITY });
    const { error } = await other.go();
    standIn.faults.clear();
    expect(error).toMatchObject({ code });
    expect(`${error?.title} ${error?.meaning} ${error?.action}`).toMatch(words);
    expect(JSON.stringify(error)).not.toMatch(/sk-or-v1/);

    // Asked again when it is over, everything is there, once.
    expect((await other.go()).error).toBeNull();
    other.expectAll();
    expect(printed.join('')).not.toMatch(/sk-or-v1/);
  });

  it('a key that is revoked in the middle', async () => {
    const { go, expectAll } = traveller(way);
    let seen = 0;
    standIn.faults.next({
      path: /./,
      when: () => ++seen > 2,
      status: 401,
      times: Number.POSITIVE_INFINITY,
      body: { error: { code: 401, message: `No such key: ${standIn.managementKey}` } },
    });
    const { error, waits } = await go();
    expect(waits).toEqual([]);
    expect(error).toMatchObject({
      code: 'key-refused',
      title: expect.stringMatching(/does not accept this key/),
    });
    expect(JSON.stringify(error)).not.toContain(standIn.managementKey);
    standIn.faults.clear();
    expect((await go()).error).toBeNull();
    expectAll();
  });

  it('a network that is gone', async () => {
    const fetchNothing = () => Promise.reject(new Error('net::ERR_INTERNET_DISCONNECTED'));
    if (way === 'analytics') standIn.offer.generations = 404;
    const home = new Home(standIn, { clock, fetch: fetchNothing });
    const error =
      way === 'ids'
        ? await home.lookUp(['gen-1']).catch((thrown) => thrown.error)
        : await home.sync().then((states) => {
            expect(waitsOf(states)).toEqual(['offline']);
            const end = last(states);
            return end.phase === 'failed' ? end.error : null;
          });
    expect(error).toMatchObject({ code: 'offline', action: expect.stringMatching(/internet connection/) });
    expect(home.rows.size).toBe(0);
    expect(home.checkpoint).toEqual(NO_CHECKPOINT);
  });
});

describe('what only lists have', () => {
  it.each([404, 405, 403] as const)('%i in the middle: the analytics go on with the rest', async (status) => {
    const home = new Home(standIn, { clock });
    standIn.faults.next({ ...inTheMiddle('generations', { status }), times: Number.POSITIVE_INFINITY });
    expect(last(await home.sync())).toMatchObject({ phase: 'done', progress: { source: 'analytics' } });
    expectAll(home, standIn);
    expect(home.sources).toEqual(['analytics', 'ids']);
    expect(home.checkpoint).toMatchObject({ source: 'analytics', run: null, refusedAt: expect.any(Number) });

    // It is not asked again today, but another day.
    standIn.faults.clear();
    const before = standIn.requests.length;
    await home.sync();
    expect(standIn.requests.slice(before).some(({ url }) => url.includes('/generations'))).toBe(false);
    home.checkpoint = { ...home.checkpoint, refusedAt: clock.time - 2 * DAY_MS };
    expect(last(await home.sync())).toMatchObject({ phase: 'done', progress: { source: 'generations' } });
    expect(home.checkpoint).toMatchObject({ refusedAt: null, covered: [{ from: 0 }] });
    expectAll(home, standIn);
  });

  it.each([404, 405, 403] as const)('%i for an inference key: it says to paste ids', async (status) => {
    standIn.faults.next({ path: '/generations', status, times: Number.POSITIVE_INFINITY });
    const home = new Home(standIn, { kind: 'inference' });
    expect(last(await home.sync())).toMatchObject({
      phase: 'failed',
      error: { code: 'generations-not-offered', action: expect.stringMatching(/Paste generation ids/) },
    });
    expect(home.sources).toEqual(['ids']);
    expect(home.checkpoint.refusedAt).toEqual(expect.any(Number));
  });

  it.each([400, 403, 404])('%i for an id: it is missing, the others are there', async (status) => {
    const home = new Home(standIn, { kind: 'inference' });
    const ids = Array.from({ length: 5 }, (_, i) => standIn.account.generation(i).api.id);
    standIn.faults.next({ path: '/generation', status, when: (url) => url.href.endsWith(ids[2]!) });
    expect(await home.lookUp(ids)).toEqual([ids[2]]);
    expect(home.rows.size).toBe(4);
  });

  it('408 on a page is tried again as it is', async () => {
    const home = new Home(standIn);
    standIn.faults.next({ path: '/generations', status: 408 });
    const states = await home.sync();
    expect(waitsOf(states)).toEqual(['server-error']);
    expectAll(home, standIn);
  });

  it('a page that comes twice', async () => {
    const home = new Home(standIn);
    const first = Array.from({ length: 1000 }, (_, i) => standIn.account.generation(i).api);
    standIn.faults.next({ ...inTheMiddle('generations', {}), status: 200, body: { data: first } });
    expect(last(await home.sync())).toMatchObject({ phase: 'done' });
    expectAll(home, standIn);
  });

  it('pages that shift, while generations arrive', async () => {
    const own = await startStandIn({ rows: 2200 });
    try {
      const home = new Home(own);
      let arrivals = 0;
      const arrive = () => {
        const newest = own.account.generation(0);
        const ms = newest.extra.created_ms + 60_000;
        const id = `gen-${Math.floor(ms / 1000)}-new${++arrivals}`;
        own.account.add({
          api: { ...newest.api, id, created_at: new Date(ms).toISOString() },
          extra: { ...newest.extra, created_ms: ms },
        });
      };
      own.faults.next({
        path: '/generations',
        when: () => {
          for (let i = 0; i < 7; i++) arrive();
          return false;
        },
      });
      expect(last(await home.sync())).toMatchObject({ phase: 'done' });
      own.faults.clear();
      await home.sync();
      expect(arrivals).toBeGreaterThan(20);
      expectAll(home, own);
    } finally {
      await own.close();
    }
  });

  it('an id whose cost changes is one generation, with the newer cost', async () => {
    const own = await startStandIn({ rows: 50 });
    try {
      const home = new Home(own);
      await home.sync();
      const { api } = own.account.generation(10);
      const changed = { ...api, total_cost: 0.123, is_byok: false };
      const list = [...own.account.all()].map((row) => (row.api.id === api.id ? changed : row.api));
      own.faults.next({ path: '/generations', status: 200, body: { data: list } });
      expect(last(await home.sync())).toMatchObject({ phase: 'done', progress: { new: 0 } });
      expect(home.rows.size).toBe(50);
      expect(home.rows.get(api.id)).toMatchObject({ cost_total: 0.123, byok_usage_inference: 0 });
    } finally {
      await own.close();
    }
  });

  it.each([-3, 3])('a clock that is wrong by %i days', async (days) => {
    const own = await startStandIn({ rows: 300, now: () => Date.now() + days * DAY_MS });
    try {
      const home = new Home(own);
      await home.sync();
      expectAll(home, own);
      const [span] = home.checkpoint.covered;
      expect(span?.from).toBe(0);
      expect(Math.abs((span?.to ?? 0) - (Date.now() + days * DAY_MS))).toBeLessThan(60_000);
      own.offer.generations = 404;
      await home.sync();
      expect(Math.abs((home.checkpoint.refusedAt ?? 0) - (Date.now() + days * DAY_MS))).toBeLessThan(60_000);
      expect(home.checkpoint.covered).toHaveLength(1);
    } finally {
      await own.close();
    }
  });
});
