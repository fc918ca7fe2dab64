import { cold } from './cold.ts';
import { csvImport, csvMemory } from './csv.ts';
import { exportSpeed } from './export.ts';
import { importQueries } from './importing.ts';
import { ingest } from './ingest.ts';
import { type Bench, type Measurement, table } from './measure.ts';
import { memory } from './memory.ts';
import { queries, rows as rowsBench } from './queries.ts';
import { headLine, readHead, writeDocs, writeResults } from './results.ts';
import { Stores } from './stores.ts';
import { analyticsRate, syncMemory, syncSpeed } from './sync.ts';
import { tenMillion } from './ten-million.ts';

/** In the order of the table. One file a theme; a new one is a line here. */
const BENCHES: readonly Bench[] = [
  ingest,
  queries,
  rowsBench,
  importQueries,
  cold,
  memory,
  tenMillion,
  csvImport,
  csvMemory,
  exportSpeed,
  syncSpeed,
  syncMemory,
  analyticsRate,
];
export const benchNames: readonly string[] = BENCHES.map(({ name }) => name);

export interface BenchOptions {
  /** Another size than each benchmark's own; the figures are then not kept. */
  readonly rows: number | undefined;
  /** Only these; all when it is empty. */
  readonly only: readonly string[];
  readonly say: (line: string) => void;
}

/** Runs the benchmarks, prints their table, and keeps the figures in `results.json` and docs/benchmarks.md. */
export async function runBenches({ rows, only, say }: BenchOptions): Promise<void> {
  const stores = new Stores(say);
  const groups = new Map<string, readonly Measurement[]>();
  try {
    for (const { name, run } of BENCHES) {
      if (only.length > 0 && !only.includes(name)) continue;
      say(`${name} …`);
      groups.set(name, await run({ rows, say, stores }));
    }
  } finally {
    await stores.remove();
  }
  const head = await readHead();
  process.stdout.write(`\n${headLine(head)}\n\n${table([...groups.values()].flat())}\n`);
  if (rows !== undefined) return;
  const dropped = writeResults(head, groups, benchNames);
  if (dropped.length > 0) {
    say(`Dropped, since they were from another machine or other versions: ${dropped.join(', ')}.`);
  }
  writeDocs();
}
