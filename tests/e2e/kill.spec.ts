/** The app is killed at random moments of a sync; what is stored in the end is that of an undisturbed run. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as moment } from 'node:timers/promises';
import { startStandIn } from '../stand-in/server.ts';
import type { App } from './app.ts';
import { expect, test } from './fixtures.ts';
import { startKeyring } from './keyring.ts';

test.skip(process.platform !== 'linux', 'SIGKILL and the keyring of the tests are those of Linux.');

const long = Boolean(process.env.WHOSPENT_LONG);
const KILLS = long ? 50 : 12;
/** Long enough to be killed in, pages that take their time included. */
const ACCOUNT = {
  rows: 6000,
  users: 50,
  seed: 3,
  endTime: Date.UTC(2026, 10, 20),
  now: () => Date.UTC(2026, 10, 20),
};

/** A small generator of numbers, so that a failure can be had again. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

for (const source of ['generations', 'analytics'] as const) {
  test(`${KILLS} kills while pulling from ${source}`, async ({ start, folder }) => {
    test.setTimeout(long ? 900_000 : 240_000);
    const seed = Number(process.env.WHOSPENT_SEED ?? Date.now() % 1_000_000);
    console.log(`kill test, ${source}: WHOSPENT_SEED=${seed}`);
    const random = randomOf(seed);
    const standIn = await startStandIn({ ...ACCOUNT, analyticsPerMinute: Number.POSITIVE_INFINITY });
    if (source === 'analytics') standIn.offer.generations = 404;
    const keyring = await startKeyring(folder);
    try {
      const profile = join(folder, 'killed');
      let app = await start({ ...keyring, profile });
      await app.connect(standIn.managementKey, standIn.baseUrl);
      for (let kill = 0; kill < KILLS; kill++) {
        await moment(random() * 700);
        app.electron.process().kill('SIGKILL');
        await app.closed();
        // It syncs by itself when it starts.
        app = await start({ ...keyring, profile });
        await connected(app, standIn.managementKey, standIn.baseUrl);
      }
      await app.synced();
      const killed = await exported(app, join(folder, 'killed.csv'));
      await app.close();

      const calm = await start({ ...keyring, profile: join(folder, 'calm') });
      await calm.pullAll(standIn);
      expect(killed).toBe(await exported(calm, join(folder, 'calm.csv')));
      expect(killed.split('\n')).toHaveLength(ACCOUNT.rows + 2);
    } finally {
      await keyring.stop();
      await standIn.close();
    }
  });
}

/** A kill before the key was written leaves none. */
async function connected(app: App, key: string, baseUrl: string): Promise<void> {
  await app.page.getByRole('navigation', { name: 'Views' }).or(app.button('Connect')).first().waitFor();
  if (await app.button('Connect').isVisible()) await app.connect(key, baseUrl);
}

async function exported(app: App, path: string): Promise<string> {
  await app.showUsers();
  await app.export('Generations (CSV)', path);
  return readFile(path, 'utf8');
}
