/** What stored generations cost in memory: the real app with its users table on screen. */
import { setTimeout as moment } from 'node:timers/promises';
import { App } from '../e2e/app.ts';
import { type Bench, count, median, RUNS } from './measure.ts';
import { MEMORY_KIND, memoryOf } from './process-memory.ts';

/** Until what a start leaves behind has been given back. */
const SETTLE_MS = 4000;

/** Bytes. */
async function memoryWith(profile: string, isEmpty: boolean): Promise<number> {
  const app = await App.launch({ profile });
  try {
    if (isEmpty) await app.button('Connect').waitFor();
    else await app.rowsOf(app.users).first().waitFor();
    await moment(SETTLE_MS);
    return await memoryOf(app.electron);
  } finally {
    await app.close();
  }
}

export const memory: Bench = {
  name: 'memory',
  async run({ rows = 1_000_000, stores }) {
    const profile = await stores.copy(await stores.filled(rows));
    const blank = await stores.empty();
    const [empty, filled]: [number[], number[]] = [[], []];
    for (let run = -1; run < RUNS; run++) {
      const first = await memoryWith(blank, true);
      const second = await memoryWith(profile, false);
      if (run < 0) continue;
      empty.push(first);
      filled.push(second);
    }
    const ours = (median(filled) - median(empty)) / rows;
    return [
      {
        name: `memory above an empty store, users table of ${count(rows)} shown (${MEMORY_KIND})`,
        unit: 'bytes/row',
        ours,
        peers: {},
        target: 'at most 150 bytes a row',
        met: ours <= 150,
      },
    ];
  },
};
