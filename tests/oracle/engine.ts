/** The engine in memory, fed by the real CSV reader. */
import { Room } from '../../renderer/csv/kept.ts';
import { type ImportTarget, Judge, NO_PREVIEW_COUNTS, Session } from '../../renderer/csv/session.ts';
import type { Origin } from '../../renderer/store/api.ts';
import type { IngestCounts } from '../../shared/sync.ts';
import { addCounts, NO_COUNTS } from '../../shared/sync.ts';
import { readersHere } from '../renderer/csv/readers.ts';
import { MemoryEngine } from '../renderer/store/memory.ts';

/** Reads a CSV text as the app does. @returns the engine, and what became of the lines */
export async function engineFrom(
  pieces: Iterable<string>,
): Promise<{ engine: MemoryEngine; counts: IngestCounts }> {
  const engine = new MemoryEngine();
  let counts = NO_COUNTS;
  const target: ImportTarget = {
    beginOrigin: async () => 1,
    judge: async () => NO_PREVIEW_COUNTS,
    ingest: async (_, batch) => {
      const rejected = batch.rejections.length;
      const added = { ...engine.ingestEncoded(batch), rejected, rows: batch.rows + rejected };
      counts = addCounts(counts, added);
      return added;
    },
    finishOrigin: async (_, state, error) => {
      if (state !== 'complete') throw new Error(`the import is ${state}: ${error?.title}`);
      return {} as Origin;
    },
    undoOrigin: async () => 0,
  };
  const blob = new Blob([...pieces]);
  const session = new Session({ name: 'activity.csv', blob }, target, new Room(), readersHere(50_000));
  const { signal } = new AbortController();
  await session.read(
    {},
    new Judge(NO_PREVIEW_COUNTS, async () => NO_PREVIEW_COUNTS),
    () => undefined,
    signal,
  );
  await session.import(() => undefined, signal);
  return { engine, counts };
}
