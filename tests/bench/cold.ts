/** From the start of the process to the users table on screen, beside a bare empty window. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { electronCommandFor, sandboxArgs } from '../../scripts/setup/app.mjs';
import { inRoot } from '../../scripts/setup/paths.mjs';
import { type Bench, count, median, RUNS } from './measure.ts';

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

export const cold: Bench = {
  name: 'cold',
  async run({ rows = 1_000_000, stores }) {
    const profile = await stores.copy(await stores.filled(rows));
    const blank = await stores.empty();
    const app: number[] = [];
    const empty: number[] = [];
    // By turns, so that whatever else the machine does falls on both.
    for (let run = -1; run < RUNS; run++) {
      const first = await start(blank, []);
      const second = await start(profile, [`--bench-app=${inRoot('out/main/main.js')}`]);
      if (run < 0) continue;
      empty.push(first);
      app.push(second);
    }
    const [ours, bare] = [median(app), median(empty)];
    return [
      {
        name: `start to users table with ${count(rows)} generations stored`,
        unit: 'ms',
        ours,
        peers: { 'empty window': bare },
        target: 'at most 1.5 × the empty window + 400 ms',
        met: ours <= 1.5 * bare + 400,
      },
    ];
  },
};
