/** What the store keeps, at a size that crosses no border in pieces: many rows, and a store with little memory. */
import { type ColumnRecord, Database } from '../../../renderer/store/database.ts';
import { type EncodedBatch, encodeBatch } from '../../../renderer/store/encode.ts';
import type { StoredKey } from '../../../renderer/store/segment.ts';
import { Store } from '../../../renderer/store/store.ts';
import type { GenerationBatch } from '../../../shared/batch.ts';
import { batchFromApi } from '../../../shared/batch.ts';
import type { GroupQuery, RowsQuery } from '../../../shared/query.ts';
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

/** How fast batches of new rows are stored, rows a second; then the same rows from a second source, and again. */
export async function speed(
  _: World,
  { batches, size }: { batches: number; size: number },
): Promise<{ readonly fresh: number; readonly second: number; readonly again: number }> {
  const store = new Store();
  await store.remove('sample');
  await store.open('sample');
  const encoded = Array.from({ length: batches }, (_batch, i) =>
    encodeBatch(part(batches * size, i * size, (i + 1) * size, 9)),
  );
  const time = async (name: string, of: (one: EncodedBatch) => EncodedBatch) => {
    const origin = await store.beginOrigin({ kind: 'sync', name, connectionId: name });
    const begun = performance.now();
    for (const one of encoded) await store.ingestEncoded(origin, of(one));
    return Math.round((batches * size * 1000) / (performance.now() - begun));
  };
  const whole = (one: EncodedBatch) => one;
  const fresh = await time('one', whole);
  const second = await time(
    'two',
    ({ columns: { is_byok, router, api_type, latency_ms, ...columns }, ...one }) => ({
      ...one,
      columns: { ...columns, ...(columns.streamed ? { cancelled: columns.streamed } : {}) },
    }),
  );
  return { fresh, second, again: await time('one', whole) };
}

/** A store that keeps what the page begins with. */
async function begin(query?: GroupQuery): Promise<Store> {
  const store = new Store({ code: 'of a test' });
  await store.open('sample');
  if (query) await store.prepare(query);
  return store;
}

async function addFile(store: Store, name: string, batch: GenerationBatch): Promise<void> {
  const origin = await store.beginOrigin({ kind: 'file', name });
  await store.ingestEncoded(origin, encodeBatch(batch));
  await store.finishOrigin(origin, 'complete');
}

/** Resolves when everything was kept that was to be: it waits for nobody, but for the next change. */
const kept = (store: Store): Promise<void> => store.clearLookUps('nobody');

/** How many rows the answer to a question covers, or why there is none. */
const rowsOf = (store: Store, query: GroupQuery): Promise<string> =>
  store.group(query).then(
    ({ coverage }) => `${coverage.rows} rows`,
    (thrown) => String(thrown),
  );

/**
 * Asks twice what the page begins with, while the database gives nothing any more. Returns what is told: the answer
 * that was kept, and, once it is said that there is another, what comes in its place.
 */
export async function unreadable(
  _: World,
  { rows, query }: { rows: number; query: GroupQuery },
): Promise<readonly string[]> {
  await new Store().remove('sample');
  const before = await begin(query);
  await addFile(before, 'one', part(rows, 0, rows, 3));
  await before.group(query);
  await kept(before);

  const store = await begin(query);
  const { objectStore } = IDBTransaction.prototype;
  IDBTransaction.prototype.objectStore = () => {
    throw new DOMException('Nothing can be read.', 'TransactionInactiveError');
  };
  try {
    const told = new Promise<void>((resolve) => void store.subscribe(() => resolve()));
    const first = await rowsOf(store, query);
    await told;
    return [first, await rowsOf(store, query)];
  } finally {
    IDBTransaction.prototype.objectStore = objectStore;
  }
}

/**
 * Asks what the page begins with while a column is gone, and the disk too full to write down that its rows are
 * missed; then again at a start where the column is there. Returns what is told.
 */
export async function unwritten(
  _: World,
  { rows, query }: { rows: number; query: GroupQuery },
): Promise<readonly string[]> {
  await new Store().remove('sample');
  const before = await begin();
  await addFile(before, 'one', part(rows, 0, rows, 3));

  const database = new Database('sample');
  const store = await begin();
  const column: [number, StoredKey] = [0, 'user'];
  const record = await database.columns.get(column);
  await database.columns.delete(column);
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...args) {
    if (this.name === 'segments') throw new DOMException('The disk is full.', 'QuotaExceededError');
    return put.apply(this, args);
  };
  try {
    await store.prepare(query);
    const first = await rowsOf(store, query);
    await kept(store);
    await database.columns.put(record as ColumnRecord);
    return [first, await rowsOf(await begin(query), query)];
  } finally {
    IDBObjectStore.prototype.put = put;
    database.close();
  }
}
