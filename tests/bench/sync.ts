/** How fast, how politely and in how little memory a pull runs: the real app against the stand-in. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setInterval as every } from 'node:timers/promises';
import { App } from '../e2e/app.ts';
import { type StandIn, type StandInOptions, startStandIn } from '../stand-in/server.ts';
import type { Bench } from './measure.ts';

async function withApp<T>(
  options: StandInOptions,
  use: (app: App, standIn: StandIn) => Promise<T>,
): Promise<T> {
  const profile = await mkdtemp(join(tmpdir(), 'whospent-bench-'));
  const standIn = await startStandIn(options);
  standIn.warm();
  const app = await App.launch({ profile });
  try {
    return await use(app, standIn);
  } finally {
    await app.close().catch(() => undefined);
    await standIn.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Megabytes that the main process holds. */
const mainMemory = (app: App): Promise<number> =>
  app.electron.evaluate(() => process.memoryUsage().rss / 2 ** 20);

async function pullAll(app: App, standIn: StandIn): Promise<number> {
  const begun = performance.now();
  await app.pullAll(standIn);
  return (performance.now() - begun) / 1000;
}

export const syncSpeed: Bench = {
  name: 'sync-speed',
  async run({ rows = 100_000 }) {
    const seconds = await withApp({ rows, users: 2000, seed: 1 }, pullAll);
    const limit = (20 * rows) / 100_000;
    return [
      {
        name: `pull ${rows.toLocaleString('en-US')} generations into the store`,
        unit: 's',
        ours: seconds,
        peers: {},
        target: `under ${limit} s`,
        met: seconds < limit,
      },
    ];
  },
};

export const syncMemory: Bench = {
  name: 'sync-memory',
  async run({ rows = 500_000 }) {
    const most = (count: number) =>
      withApp({ rows: count, users: 2000, seed: 1 }, async (app, standIn) => {
        let peak = await mainMemory(app);
        const abort = new AbortController();
        const watching = (async () => {
          for await (const _ of every(250, undefined, { signal: abort.signal })) {
            peak = Math.max(peak, await mainMemory(app));
          }
        })().catch(() => undefined);
        await pullAll(app, standIn);
        abort.abort();
        await watching;
        return peak;
      });
    const small = await most(10_000);
    const large = await most(rows);
    return [
      {
        name: `main process: ${rows.toLocaleString('en-US')} generations over 10,000`,
        unit: 'MB more',
        ours: large - small,
        peers: {},
        target: 'within ±50 MB',
        met: Math.abs(large - small) <= 50,
      },
    ];
  },
};

const MINUTE = 60_000;
/** Long enough for the 60 seconds to pass over themselves. */
const WATCHED_MS = 150_000;

export const analyticsRate: Bench = {
  name: 'analytics-rate',
  async run({ rows = 600_000 }) {
    const asked = await withApp(
      { rows, users: 2000, seed: 1, offer: { generations: 404 } },
      async (app, standIn) => {
        await app.connect(standIn.managementKey, standIn.baseUrl);
        const abort = AbortSignal.timeout(WATCHED_MS);
        await new Promise((resolve) => abort.addEventListener('abort', resolve));
        return standIn.requests.filter(({ url }) => url.includes('/analytics/')).map(({ at }) => at);
      },
    );
    const counts = asked.map((at) => asked.filter((other) => other > at - MINUTE && other <= at).length);
    const busiest = Math.max(...counts);
    const first = asked[0] ?? 0;
    const last = first + 2 * MINUTE;
    const used = asked.filter((at) => at < last).length / (2 * 64);
    return [
      {
        name: 'analytics requests in the busiest 60 s',
        unit: 'requests',
        ours: busiest,
        peers: {},
        target: 'never above 64',
        met: busiest <= 64,
      },
      {
        name: 'of the analytics allowance used while there is work',
        unit: '%',
        ours: used * 100,
        peers: {},
        target: 'at least 90 %',
        met: used >= 0.9,
      },
    ];
  },
};
