/** The engine in memory, fed by the real CSV reader. */
import { File } from 'node:buffer';
import { type ImportTarget, importFile } from '../../renderer/csv/import.ts';
import type { Origin } from '../../renderer/store/api.ts';
import type { IngestCounts } from '../../shared/sync.ts';
import { addCounts, NO_COUNTS } from '../../shared/sync.ts';
import { MemoryEngine } from '../renderer/store/memory.ts';

/** Reads a CSV text as the app does. @returns the engine, and what became of the lines */
export async function engineFrom(
  pieces: Iterable<string>,
): Promise<{ engine: MemoryEngine; counts: IngestCounts }> {
  const engine = new MemoryEngine();
  let counts = NO_COUNTS;
  const target: ImportTarget = {
    beginOrigin: async () => 1,
    ingestEncoded: async (_, batch) => {
      const rejected = batch.rejections.length;
      const added = { ...engine.ingestEncoded(batch), rejected, rows: batch.rows + rejected };
      counts = addCounts(counts, added);
      return added;
    },
    finishOrigin: async (_, state, error) => {
      if (state !== 'complete') throw new Error(`the import is ${state}: ${error?.title}`);
      return {} as Origin;
    },
  };
  const file = new File([...pieces], 'activity.csv');
  await importFile(file as never, target, () => undefined, new AbortController().signal);
  return { engine, counts };
}
