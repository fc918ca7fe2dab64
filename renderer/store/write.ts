/** What a change writes: each of these only from within its transaction. */
import { type Collection, Dexie, type Table } from 'dexie';
import { addCounts, type IngestCounts } from '../../shared/sync.ts';
import type { CodedKey, Database } from './database.ts';
import type { ChangedSegment } from './draft.ts';
import type { Memory } from './memory.ts';
import { recordOf } from './records.ts';
import { type Rejection, TOTAL_LINE } from './rejection.ts';
import { datasetClosed } from './storage-errors.ts';

/** The records whose key of two parts begins with one. */
export const startingWith = <T, K>(
  table: Table<T, K>,
  key: string,
  first: number | string,
): Collection<T, K> => table.where(key).between([first, Dexie.minKey], [first, Dexie.maxKey]);

/** A segment with the columns of it that are new, without those that are gone. */
export async function writeSegment(
  { segments, columns }: Database,
  { segment: { info, vectors }, written, dropped }: ChangedSegment,
): Promise<void> {
  await segments.put(info);
  const records = written.map((key) => {
    const vector = vectors.get(key);
    if (!vector) throw new Error(`column ${key} was to be written and is not there`);
    return recordOf(info, key, vector);
  });
  await columns.bulkPut(records);
  if (dropped.length > 0) await columns.bulkDelete(dropped.map((key) => [info.id, key]));
}

export async function deleteSegment({ segments, columns }: Database, id: number): Promise<void> {
  await segments.delete(id);
  await startingWith(columns, '[segment+column]', id).delete();
}

/** How many words each dictionary has. */
export type WordCounts = ReadonlyMap<CodedKey, number>;

export const wordCounts = (dictionaries: Memory['dictionaries']): WordCounts =>
  new Map([...dictionaries].map(([key, dictionary]) => [key, dictionary.size]));

/** The words that were added since the dictionaries had these sizes. */
export async function writeWords(
  database: Database,
  dictionaries: Memory['dictionaries'],
  sizes: WordCounts,
): Promise<void> {
  for (const [column, dictionary] of dictionaries) {
    const start = sizes.get(column) ?? 0;
    if (dictionary.size === start) continue;
    await database.dictionaries.put({ column, start, words: dictionary.since(start) });
  }
}

/** Other words in the place of all that a dictionary had. */
export async function replaceWords(
  { dictionaries }: Database,
  column: CodedKey,
  words: readonly string[],
): Promise<void> {
  await startingWith(dictionaries, '[column+start]', column).delete();
  if (words.length > 0) await dictionaries.put({ column, start: 0, words });
}

/** What became of a batch, on top of what its origin is counted with so far. */
export async function countUnder(
  { origins, rejections }: Database,
  origin: number,
  counts: IngestCounts,
  rejected: readonly Rejection[],
): Promise<void> {
  const { counts: before, totalLines = 0 } = (await origins.get(origin)) ?? {};
  if (!before) throw datasetClosed();
  const totals = rejected.filter(({ reason }) => reason === TOTAL_LINE).length;
  await origins.update(origin, {
    counts: addCounts(before, counts),
    ...(totals > 0 && { totalLines: totalLines + totals }),
  });
  if (rejected.length > 0) await rejections.put({ origin, start: before.rejected, list: rejected });
}
