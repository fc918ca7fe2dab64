/** Data for tests of other things. */
import { batchFromApi } from '../../../shared/batch.ts';
import { createAccount } from '../../../shared/sample/account.ts';
import type { IngestCounts } from '../../../shared/sync.ts';
import type { World } from '../page/world.ts';

/** Stores an account made from a seed, in batches under one origin. Returns the counts of the origin. */
export async function sample(
  { store }: World,
  { rows, users, seed = 1, batch = 10_000 }: { rows: number; users: number; seed?: number; batch?: number },
): Promise<IngestCounts> {
  const account = createAccount({ rows, users, seed });
  const origin = await store.beginOrigin({ kind: 'file', name: `sample of ${rows}` });
  for (let at = 0; at < rows; at += batch) {
    const size = Math.min(batch, rows - at);
    const generations = Array.from({ length: size }, (_, i) => account.generation(at + i).api);
    await store.ingest(origin, batchFromApi(generations));
  }
  return (await store.finishOrigin(origin, 'complete')).counts;
}
