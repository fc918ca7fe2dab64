/** An activity CSV through the real reader into the real store. */
import { importFile } from '../../../renderer/csv/import.ts';
import type { IngestCounts } from '../../../shared/sync.ts';
import { csvPieces } from '../../oracle/sql/csv.ts';
import type { World } from '../page/world.ts';

/** Makes the file that a seed stands for, and imports it. @returns what became of its lines */
export async function imported(
  { store }: World,
  { rows, seed }: { rows: number; seed: number },
): Promise<IngestCounts> {
  const file = new File([...csvPieces({ rows, seed })], 'activity.csv');
  const target = {
    beginOrigin: store.beginOrigin,
    finishOrigin: store.finishOrigin,
    ingestEncoded: store.ingestEncoded,
  } as unknown as Parameters<typeof importFile>[1];
  return (await importFile(file, target, () => undefined, new AbortController().signal)).counts;
}
