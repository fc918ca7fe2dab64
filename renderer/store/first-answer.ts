/**
 * The answer that the page begins with. It is kept with the data that it is of, so that the next start has it before
 * any column is read; every change of the data deletes it within its own transaction.
 */
import type { GroupAnswer } from '../../shared/query.ts';
import type { Database, FirstAnswer } from './database.ts';
import { nameOf } from './query/name.ts';
import { readWithin } from './read.ts';

/** There is one at most. */
const PLACE = 0;
/** The start of the app waits for it. */
const PATIENCE_MS = 1000;

/** null also where it cannot be read, or not soon: it can be counted again. */
export async function readFirstAnswer(database: Database): Promise<FirstAnswer | null> {
  const { answers } = database;
  try {
    return (await readWithin(PATIENCE_MS, database, answers, () => answers.get(PLACE))) ?? null;
  } catch {
    return null;
  }
}

/** Puts an answer in the place of the one that was kept. */
export async function writeFirstAnswer({ answers }: Database, first: FirstAnswer): Promise<void> {
  await answers.put(first, PLACE);
}

/** Whether two answers say the same, whatever their versions. */
export const isSameAnswer = (one: GroupAnswer, other: GroupAnswer): boolean =>
  nameOf(withVersion(one, 0)) === nameOf(withVersion(other, 0));

export const withVersion = (answer: GroupAnswer, version: number): GroupAnswer => ({
  ...answer,
  coverage: { ...answer.coverage, version },
});
