/** Ten million generations: a CSV file through the real app, and then its users table. */
import { rm } from 'node:fs/promises';
import { App } from '../e2e/app.ts';
import { Lab } from '../lab/lab.ts';
import type { Engine } from './engine.ts';
import { type Bench, count, median, RUNS } from './measure.ts';
import { MEMORY_KIND, peakDuring } from './process-memory.ts';
import { PAGE } from './stores.ts';

const GIB = 2 ** 30;
const LONGEST_MS = 3_600_000;

export const tenMillion: Bench = {
  name: 'ten-million',
  async run({ rows = 10_000_000, say, stores }) {
    const data = { rows };
    const file = await stores.csv(data);
    const profile = await stores.empty();
    say('  importing it …');
    const app = await App.launch({ profile });
    const importing = await peakDuring(app.electron, async () => {
      const begun = performance.now();
      await app.importFiles([file]);
      await app.button('Save summary (JSON)').waitFor({ timeout: LONGEST_MS });
      return (performance.now() - begun) / 1000;
    }).finally(() => app.close());
    await rm(file);

    say('  asking …');
    const lab = await Lab.launch({ profile, jobs: PAGE });
    const asking = await peakDuring(lab.electron, async () => {
      const ours = lab.jobs<Engine>('ours');
      await ours.load(data);
      return ours.ask({ question: 'users', data, runs: RUNS });
    }).finally(() => lab.close());
    const stored = asking.value.answer.rows.length > 0;
    const ms = median(asking.value.ms);
    const peak = Math.max(importing.peak, asking.peak) / GIB;
    const about = `${count(rows)} generations`;
    return [
      {
        name: `${about}: import of the CSV (one run)`,
        unit: 's',
        ours: importing.value,
        peers: {},
        target: 'finishes',
        met: stored,
      },
      {
        name: `${about}: users table`,
        unit: 'ms',
        ours: ms,
        peers: {},
        target: 'at most 600 ms',
        met: ms <= 600,
      },
      {
        name: `${about}: most memory, import and users table (${MEMORY_KIND})`,
        unit: 'GiB',
        ours: peak,
        peers: {},
        target: 'under 2 GB',
        met: peak * GIB < 2e9,
      },
    ];
  },
};
