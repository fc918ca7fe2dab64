/** From the start of the process to the users table on screen, beside a bare empty window. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { electronCommandFor, sandboxArgs } from '../../scripts/setup/app.mjs';
import { inRoot } from '../../scripts/setup/paths.mjs';
import { Lab } from '../lab/lab.ts';
import { type Bench, count, median, RUNS } from './measure.ts';
import { PAGE } from './stores.ts';

/** Milliseconds. @param args what is started on which profile */
async function start(profile: string, args: readonly string[]): Promise<number> {
  const command = await electronCommandFor(join(import.meta.dirname, 'start'));
  const begun = performance.timeOrigin + performance.now();
  const child = spawn(
    command.executablePath,
    [...command.args, ...sandboxArgs().args, `--user-data-dir=${profile}`, ...args],
    { stdio: ['ignore', 'pipe', 'ignore'], timeout: 120_000 },
  );
  let said = '';
  for await (const piece of child.stdout) said += piece;
  const shown = /^shown at ([\d.]+)$/m.exec(said)?.[1];
  if (shown === undefined) throw new Error('the window was never shown');
  return Number(shown) - begun;
}

/** Leaves the data without the answer of before, as a change of them does. */
async function forgetAnswer(profile: string): Promise<void> {
  const lab = await Lab.launch({ profile, jobs: PAGE });
  await lab.store.open('account');
  const origin = await lab.store.beginOrigin({ kind: 'file', name: 'nothing' });
  await lab.store.finishOrigin(origin, 'complete');
  await lab.store.undoOrigin(origin);
  await lab.close();
}

export const cold: Bench = {
  name: 'cold',
  async run({ rows = 1_000_000, stores }) {
    const filled = await stores.filled(rows);
    const [kept, forgotten] = [await stores.copy(filled), await stores.copy(filled)];
    const blank = await stores.empty();
    const app = [`--bench-app=${inRoot('out/main/main.js')}`];
    const shown: number[] = [];
    const counted: number[] = [];
    const empty: number[] = [];
    // By turns, so that whatever else the machine does falls on all.
    for (let run = -1; run < RUNS; run++) {
      await forgetAnswer(forgotten);
      const first = await start(blank, []);
      const second = await start(kept, app);
      const third = await start(forgotten, app);
      if (run < 0) continue;
      empty.push(first);
      shown.push(second);
      counted.push(third);
    }
    const bare = median(empty);
    const from = `start to users table with ${count(rows)} generations stored`;
    const ours = median(shown);
    const peers = { 'empty window': bare };
    return [
      {
        name: from,
        unit: 'ms',
        ours,
        peers,
        target: 'at most 1.5 × the empty window + 400 ms',
        met: ours <= 1.5 * bare + 400,
      },
      {
        name: `${from}, where no answer is kept`,
        unit: 'ms',
        ours: median(counted),
        peers,
        target: 'at most 1.5 × the empty window + 400 ms',
        met: median(counted) <= 1.5 * bare + 400,
      },
    ];
  },
};
