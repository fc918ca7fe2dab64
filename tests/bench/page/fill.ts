/** The data into the store, in batches as large as the CSV reader hands over. */
import * as Comlink from '../../../renderer/comlink.ts';
import { buffersOf } from '../../../renderer/store/encode.ts';
import type { World } from '../../lab/page/world.ts';
import { Data, type DataOptions } from '../data.ts';

/** Milliseconds that the store took, without the making of the data. The store must be open. */
export async function fill({ store }: World, options: DataOptions): Promise<number> {
  let ms = 0;
  const origin = await store.beginOrigin({ kind: 'file', name: 'activity.csv' });
  for (const batch of new Data(options).batches()) {
    const begun = performance.now();
    await store.ingestEncoded(origin, Comlink.transfer(batch, buffersOf(batch)));
    ms += performance.now() - begun;
  }
  await store.finishOrigin(origin, 'complete');
  return ms;
}
