/** How fast parsed generations get into the durable store. */
import { Lab } from '../lab/lab.ts';
import { type Bench, count, median, RUNS } from './measure.ts';
import { PAGE } from './stores.ts';

/** Of Dexie a part is enough: its rate falls as the table grows, so this favours it. */
const MOST_IN_DEXIE = 100_000;

export const ingest: Bench = {
  name: 'ingest',
  async run({ rows = 1_000_000, say, stores }) {
    const lab = await Lab.launch({ profile: await stores.empty(), jobs: PAGE });
    try {
      const ours: number[] = [];
      for (let run = -1; run < RUNS; run++) {
        await lab.store.remove('account');
        await lab.store.open('account');
        const ms = await lab.jobs<typeof import('./page/fill.ts')>('fill').fill({ rows });
        if (run >= 0) ours.push((rows / ms) * 1000);
      }
      await lab.store.remove('account');

      say('  Dexie …');
      const few = Math.min(rows, MOST_IN_DEXIE);
      const dexie: number[] = [];
      for (let run = -1; run < RUNS; run++) {
        const ms = await lab.jobs<typeof import('./page/dexie.ts')>('dexie').ingest({ rows: few });
        if (run >= 0) dexie.push((few / ms) * 1000);
      }
      const [our, its] = [median(ours), median(dexie)];
      return [
        {
          name: `storing ${count(rows)} parsed generations`,
          unit: 'rows/s',
          ours: our,
          peers: { [`Dexie, ${count(few)} of them`]: its },
          target: 'at least 40 × Dexie',
          met: our >= 40 * its,
        },
      ];
    } finally {
      await lab.close();
    }
  },
};
