import { Dexie } from 'dexie';
import type { ColumnRecord, Database } from './database.ts';
import type { Segment, StoredKey } from './segment.ts';

/** No record: it is not there, or the browser cannot read it. */
export interface ReadColumn {
  readonly record?: ColumnRecord;
}

/**
 * Reads the records of columns. One that cannot be read does not keep the others from it: large values lie in files
 * of their own, which can be missing or cut short while all the rest is whole.
 * @throws what the database throws when it cannot be read at all
 */
export async function readColumns(
  { columns }: Database,
  wants: readonly { readonly segment: Segment; readonly key: StoredKey }[],
): Promise<ReadColumn[]> {
  if (wants.length === 0) return [];
  const keys = wants.map(({ segment, key }): [number, StoredKey] => [segment.info.id, key]);
  try {
    return (await columns.bulkGet(keys)).map(toRead);
  } catch (thrown) {
    if (isOfDatabase(thrown)) throw thrown;
    const read: ReadColumn[] = [];
    for (const key of keys) {
      try {
        read.push(toRead(await columns.get(key)));
      } catch (one) {
        if (isOfDatabase(one)) throw one;
        read.push({});
      }
    }
    return read;
  }
}

const toRead = (record: ColumnRecord | undefined): ReadColumn => (record ? { record } : {});

/** Whether an error is not of one record: the database was closed, or the transaction is over. */
const isOfDatabase = (thrown: unknown): boolean =>
  thrown instanceof Dexie.DatabaseClosedError ||
  (thrown instanceof Error &&
    /^(InvalidState|DatabaseClosed|TransactionInactive|PrematureCommit)/.test(thrown.name));
