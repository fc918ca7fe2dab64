/** What the engines are asked. Everybody gets the same question, and the answers must be the same. */
import { DAY_MS } from '../../shared/time.ts';
import { DATA_END, MODELS } from './data.ts';

export type Question =
  /** The users table, all its columns, by spend; the first 128. */
  | 'users'
  /** The same for 30 days, five models and a text in the user's id. */
  | 'filtered'
  /** The 50th and 95th percentile of latency of every user, by the 95th; the first 128. */
  | 'latency'
  /** Requests and spend of each user on each UTC day of 30, by spend; the first 128. */
  | 'days'
  /** Requests by spend: the first 100, with the columns of the requests table. */
  | 'rows'
  /** 100 others of them, from the middle and elsewhere. */
  | 'window';

/** UTC ms; 30 whole days. */
export const RANGE = { from: DATA_END - 45 * DAY_MS, to: DATA_END - 15 * DAY_MS };
export const SOME_MODELS: readonly string[] = [0, 1, 4, 9, 20].map((place) => MODELS[place]?.name ?? '');
/** Looked for in ids, upper and lower case alike. */
export const SEARCH = 'ACME';
/** Groups asked for at a time. */
export const GROUPS = 128;
export const ROWS = 100;

/** Tokens that the users table adds up. */
export const SUMMED = ['tokens_prompt', 'tokens_completion', 'tokens_reasoning', 'tokens_cached'] as const;

/** Where the window of a run begins: everywhere, as a reader scrolls. */
export const windowStart = (run: number, rows: number): number =>
  Math.floor((rows - ROWS) * (0.5 + 0.37 * run - Math.floor(0.5 + 0.37 * run)));

export type Cell = string | number | null;

/** What all engines must agree on; money in nano-dollars. */
export interface Answer {
  /** How many groups (or rows) there are in all. */
  readonly count: number;
  /** The spend of all of them. */
  readonly spend: number;
  readonly rows: readonly (readonly Cell[])[];
}

/** Which cell of a row the answer is sorted by, descending. */
const SORTED_BY: Readonly<Record<Question, number>> = {
  users: 2,
  filtered: 2,
  latency: 2,
  days: 3,
  rows: 1,
  window: 0,
};

/** What two answers differ in, or undefined. Ties at the window's end may be cut differently. */
export function difference(question: Question, a: Answer, b: Answer): string | undefined {
  const by = SORTED_BY[question];
  const order = (answer: Answer) => JSON.stringify(answer.rows.map((row) => row[by]));
  const last = a.rows.at(-1)?.[by];
  const sure = (answer: Answer) =>
    answer.rows
      .filter((row) => row[by] !== last)
      .map((row) => JSON.stringify(row))
      .sort();
  if (a.count !== b.count) return `${a.count} and ${b.count} groups or rows`;
  if (a.spend !== b.spend) return `spend of ${a.spend} and ${b.spend} nano-dollars`;
  if (order(a) !== order(b)) return 'another order';
  const [ours, theirs] = [sure(a), sure(b)];
  const at = ours.findIndex((row, i) => row !== theirs[i]);
  return at < 0 ? undefined : `${ours[at]} and ${theirs[at]}`;
}
