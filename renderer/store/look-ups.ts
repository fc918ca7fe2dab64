/** The queue of ids to be looked up, one for each connection; it outlives the app, so that a long list can be gone on with. */
import { Dexie } from 'dexie';
import type { LookUpQueue } from './api.ts';
import type { Database } from './database.ts';

const keysOf = (connectionId: string, ids: readonly string[]): [string, string][] =>
  ids.map((id) => [connectionId, id]);

const allOf = ({ lookUps }: Database, connectionId: string) =>
  lookUps.where('[connectionId+id]').between([connectionId, Dexie.minKey], [connectionId, Dexie.maxKey]);

/** The waiting ids (or those that OpenRouter does not know), in the order they were added. */
const inOrder = ({ lookUps }: Database, connectionId: string, missing: 0 | 1) =>
  lookUps
    .where('[connectionId+missing+place]')
    .between([connectionId, missing, Dexie.minKey], [connectionId, missing, Dexie.maxKey]);

/** Adds ids that are not in the queue yet. Returns how many. */
export async function addLookUps(
  database: Database,
  connectionId: string,
  ids: readonly string[],
): Promise<number> {
  const { lookUps } = database;
  return database.transaction('rw', lookUps, async () => {
    const known = await lookUps.bulkGet(keysOf(connectionId, ids));
    const fresh = ids.filter((_, i) => known[i] === undefined);
    const last = await inOrder(database, connectionId, 0).last();
    const first = (last?.place ?? 0) + 1;
    await lookUps.bulkAdd(fresh.map((id, i) => ({ connectionId, id, missing: 0, place: first + i })));
    return fresh.length;
  });
}

export async function nextLookUps(
  database: Database,
  connectionId: string,
  limit: number,
): Promise<string[]> {
  const records = await inOrder(database, connectionId, 0).limit(limit).toArray();
  return records.map(({ id }) => id);
}

export async function countLookUps(database: Database, connectionId: string): Promise<LookUpQueue> {
  return {
    waiting: await inOrder(database, connectionId, 0).count(),
    missing: await inOrder(database, connectionId, 1).count(),
  };
}

/** Takes the ids that were found out of the queue, and marks those that OpenRouter does not know. */
export async function settleLookUps(
  { lookUps }: Database,
  connectionId: string,
  ids: readonly string[],
  missing: readonly string[],
): Promise<void> {
  await lookUps.where('[connectionId+id]').anyOf(keysOf(connectionId, missing)).modify({ missing: 1 });
  const unknown = new Set(missing);
  await lookUps.bulkDelete(
    keysOf(
      connectionId,
      ids.filter((id) => !unknown.has(id)),
    ),
  );
}

export async function clearLookUps(database: Database, connectionId: string): Promise<void> {
  await allOf(database, connectionId).delete();
}
