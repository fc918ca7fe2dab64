/**
 * The answer that the page begins with. It is kept with the data that it is of, so that the next start has it before
 * any column is read; every change of the data deletes it within its own transaction.
 */
import type { GroupAnswer } from '../../shared/query.ts';
import type { Database } from './database.ts';
import { nameOf } from './query/name.ts';

export interface FirstAnswer {
  /** The question (see `nameOf`). */
  readonly question: string;
  /** The code that gave it: other code may count differently. */
  readonly code: string;
  /** Its version is that of an earlier process. */
  readonly answer: GroupAnswer;
}

export async function readFirstAnswer({ answers }: Database): Promise<FirstAnswer | null> {
  return (await answers.toCollection().first()) ?? null;
}

/** Puts an answer in the place of the one that was kept. */
export async function writeFirstAnswer(database: Database, first: FirstAnswer): Promise<void> {
  const { answers } = database;
  await database.transaction('rw', answers, async () => {
    await answers.clear();
    await answers.put(first);
  });
}

/** Whether two answers say the same, whatever their versions. */
export const isSameAnswer = (one: GroupAnswer, other: GroupAnswer): boolean =>
  nameOf(withVersion(one, 0)) === nameOf(withVersion(other, 0));

export const withVersion = (answer: GroupAnswer, version: number): GroupAnswer => ({
  ...answer,
  coverage: { ...answer.coverage, version },
});
