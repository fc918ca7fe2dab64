/** What the store keeps, at a size that crosses no border in pieces: many rows, and a store with little memory. */
import { encodeBatch } from '../../../renderer/store/encode.ts';
import { Store } from '../../../renderer/store/store.ts';
import type { GenerationBatch } from '../../../shared/batch.ts';
import { batchFromApi } from '../../../shared/batch.ts';
import type { RowsQuery } from '../../../shared/query.ts';
import { createAccount } from '../../../shared/sample/account.ts';
import type { World } from '../page/world.ts';

/** A file of a made account; of a share of the rows another cost. */
function part(rows: number, from: number, to: number, seed: number): GenerationBatch {
  const account = createAccount({ rows, users: 50, seed });
  return batchFromApi(Array.from({ length: to - from }, (_, i) => account.generation(from + i).api));
}

/**
 * Rows through a store that keeps next to no columns in memory: their cells must be those of one that keeps all.
 * Returns the rows of both as text, which are to be the same.
 */
export async function scarce(
  _: World,
  { rows, seed, query }: { rows: number; seed: number; query: RowsQuery },
): Promise<readonly string[]> {
  const told: string[] = [];
  for (const budget of [1, Number.POSITIVE_INFINITY]) {
    const store = new Store({ budget });
    await store.remove('sample');
    await store.open('sample');
    for (const name of ['one', 'two']) {
      const origin = await store.beginOrigin({ kind: 'file', name });
      for (let at = 0; at < rows; at += rows / 4) {
        await store.ingestEncoded(origin, encodeBatch(part(rows, at, at + rows / 4, seed)));
      }
      await store.finishOrigin(origin, 'complete');
    }
    const answer = await store.rows(query);
    told.push(JSON.stringify(answer.rows, (_key, value) => (typeof value === 'bigint' ? `${value}` : value)));
  }
  return told;
}
