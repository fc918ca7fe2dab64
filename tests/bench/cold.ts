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
    const filled = await stores.filled(rows);
    const used = await stores.copy(filled);
    const blank = await stores.empty();
    const app = [`--bench-app=${inRoot('out/main/main.js')}`];
    const shown: number[] = [];
    const counted: number[] = [];
    const empty: number[] = [];
    // By turns, so that whatever else the machine does falls on all.
    for (let run = -1; run < RUNS; run++) {
      // The page has never been shown from these data: there is no answer beside them yet.
      const fresh = await stores.copy(filled);
      const [first, second, third] = [
        await start(blank, []),
        await start(used, app),
        await start(fresh, app),
      ];
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
        target: 'as fast as it goes',
        met: true,
      },
    ];
  },
};
