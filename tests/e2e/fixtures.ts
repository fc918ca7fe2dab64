import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from 'playwright/test';
import { type StandIn, startStandIn } from '../stand-in/server.ts';
import { App, type LaunchOptions } from './app.ts';

interface Fixtures {
  /** An empty folder of this test's own. */
  folder: string;
  /** Starts the app; every start of one test shares its profile, and all are closed at its end. */
  start: (options?: Partial<LaunchOptions>) => Promise<App>;
  /** The app, just started with an empty profile. */
  app: App;
  /** The API, with a small account. */
  standIn: StandIn;
}

/** All data end here, so that one run is like every other. */
export const END = Date.UTC(2026, 10, 20);

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern.
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'whospent-e2e-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  },

  start: async ({ folder }, use, testInfo) => {
    const started: App[] = [];
    await use(async (options = {}) => {
      const app = await App.launch({
        profile: join(folder, 'profile'),
        sandbox: Boolean(process.env.WHOSPENT_E2E_SANDBOX),
        ...options,
      });
      started.push(app);
      return app;
    });
    // Of some machines a run's words are all that is left.
    if (testInfo.status !== testInfo.expectedStatus)
      for (const app of started) console.log(await app.inWords().catch(() => 'The app has ended.'));
    await Promise.all(started.map((app) => app.close().catch(() => undefined)));
  },

  app: async ({ start }, use) => {
    await use(await start());
  },

  // biome-ignore lint/correctness/noEmptyPattern: as above.
  standIn: async ({}, use) => {
    const standIn = await startStandIn({ rows: 1200, users: 30, seed: 7, endTime: END, now: () => END });
    await use(standIn);
    await standIn.close();
  },
});

/** The second page of the list never comes, until the faults are cleared: a pull is caught in the middle. */
export function catchInTheMiddle(standIn: StandIn): void {
  standIn.faults.next({
    path: '/generations',
    when: (url) => url.searchParams.get('offset') === '1000',
    hang: true,
  });
}

export { expect } from 'playwright/test';
