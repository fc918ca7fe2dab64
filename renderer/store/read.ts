import { Dexie, type Table } from 'dexie';
import type { ColumnRecord, Database } from './database.ts';
import type { Segment, StoredKey } from './segment.ts';

/** No record: it is not there, or the browser cannot read it. */
export interface ReadColumn {
  readonly record?: ColumnRecord;
  /** It may be there, and whole: it was the reading that failed. */
  readonly failed?: boolean;
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
        read.push({ failed: true });
      }
    }
    return read;
  }
}

/**
 * Reads within a time: of a file that was cut short, some reads are never answered.
 * @throws what the database throws, also when the time is over
 */
export function readWithin<T, K, R>(
  ms: number,
  database: Database,
  table: Table<T, K>,
  read: () => Promise<R>,
): Promise<R> {
  return database.transaction('r', table, async (transaction) => {
    const timer = setTimeout(() => transaction.abort(), ms);
    try {
      return await read();
    } finally {
      clearTimeout(timer);
    }
  });
}

const PATIENCE_MS = 5000;

/** Reads the records of columns, all or none, and never for long: changes wait until it is over. */
export async function readSoon(
  database: Database,
  wants: readonly { readonly segment: Segment; readonly key: StoredKey }[],
): Promise<ReadColumn[]> {
  try {
    const { columns } = database;
    const keys = wants.map(({ segment, key }): [number, StoredKey] => [segment.info.id, key]);
    const records = await readWithin(PATIENCE_MS, database, columns, () => columns.bulkGet(keys));
    return records.map(toRead);
  } catch (thrown) {
    if (isOfDatabase(thrown)) throw thrown;
    return wants.map(() => ({ failed: true }));
  }
}

const toRead = (record: ColumnRecord | undefined): ReadColumn => (record ? { record } : {});

/** Whether an error is not of one record: the database was closed, or the transaction is over. */
const isOfDatabase = (thrown: unknown): boolean =>
  thrown instanceof Dexie.DatabaseClosedError ||
  (thrown instanceof Error &&
    /^(InvalidState|DatabaseClosed|TransactionInactive|PrematureCommit)/.test(thrown.name));
