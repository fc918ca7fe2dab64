/** An activity CSV through the real reader into the real store. */
import { Room } from '../../../renderer/csv/kept.ts';
import { type ImportTarget, Judge, NO_PREVIEW_COUNTS, Session } from '../../../renderer/csv/session.ts';
import type { IngestCounts } from '../../../shared/sync.ts';
import { csvPieces } from '../../oracle/sql/csv.ts';
import { readersHere } from '../../renderer/csv/readers.ts';
import type { World } from '../page/world.ts';

/** Makes the file that a seed stands for, and imports it. @returns what became of its lines */
export async function imported(
  { store }: World,
  { rows, seed }: { rows: number; seed: number },
): Promise<IngestCounts> {
  const target = {
    beginOrigin: store.beginOrigin,
    finishOrigin: store.finishOrigin,
    undoOrigin: store.undoOrigin,
    judge: async () => NO_PREVIEW_COUNTS,
    ingest: store.ingestEncoded,
  } as unknown as ImportTarget;
  const blob = new Blob([...csvPieces({ rows, seed })]);
  const session = new Session({ name: 'activity.csv', blob }, target, new Room(), readersHere());
  const { signal } = new AbortController();
  await session.read(
    {},
    new Judge(NO_PREVIEW_COUNTS, async () => NO_PREVIEW_COUNTS),
    () => undefined,
    signal,
  );
  const origin = await session.import(() => undefined, signal);
  if (!origin) throw new Error('the import was stopped');
  return origin.counts;
}
