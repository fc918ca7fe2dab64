/** Whether the app answers while it imports. */
import { Lab } from '../lab/lab.ts';
import { type Bench, count, percentile } from './measure.ts';
import { PAGE } from './stores.ts';

export const importQueries: Bench = {
  name: 'import-queries',
  async run({ rows = 1_000_000, stores }) {
    const lab = await Lab.launch({ profile: await stores.copy(await stores.filled(rows)), jobs: PAGE });
    try {
      const jobs = lab.jobs<typeof import('./page/importing.ts')>('importing');
      const more = Math.ceil(rows / 2);
      const ms = await jobs.queriesWhileImporting({ rows: more, seed: 2 });
      const ours = percentile(ms, 95);
      return [
        {
          name: `users table of ${count(rows)} while ${count(more)} are imported: p95 of ${ms.length} queries`,
          unit: 'ms',
          ours,
          peers: {},
          target: 'at most 150 ms',
          met: ours <= 150,
        },
      ];
    } finally {
      await lab.close();
    }
  },
};
