import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { csvRead } from './csv.ts';
import { type Bench, type Measurement, machine, table } from './measure.ts';
import { analyticsRate, syncMemory, syncSpeed } from './sync.ts';

const BENCHES: readonly Bench[] = [syncSpeed, syncMemory, analyticsRate, csvRead];

export interface BenchOptions {
  readonly rows: number | undefined;
  /** Only this one. */
  readonly only: string | undefined;
  readonly say: (line: string) => void;
}

/** Runs the benchmarks, prints their table, and writes `results.json` when all of them ran at their own size. */
export async function runBenches({ rows, only, say }: BenchOptions): Promise<void> {
  const chosen = BENCHES.filter(({ name }) => only === undefined || name === only);
  if (chosen.length === 0)
    throw new Error(`--only takes one of ${BENCHES.map(({ name }) => name).join(', ')}.`);
  const measurements: Measurement[] = [];
  for (const bench of chosen) {
    say(`${bench.name} …`);
    measurements.push(...(await bench.run(rows)));
  }
  process.stdout.write(`\n${machine()}\n\n${table(measurements)}\n`);
  if (only !== undefined || rows !== undefined) return;
  const file = join(import.meta.dirname, 'results.json');
  await writeFile(file, `${JSON.stringify({ machine: machine(), measurements }, null, 2)}\n`);
}
