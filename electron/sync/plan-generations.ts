/**
 * Where a pull goes next: pure, from the checkpoint and the page that came.
 *
 * `GET /generations` lists the newest first and is paged by offset. Generations that arrive meanwhile push the
 * others down, so pages overlap but never leave a gap, and an old offset stays safe for ever.
 *
 * - A run goes from offset 0 to the end, or until it meets what an earlier run completed.
 * - A stopped run goes on at its offset. What arrived since lies above it, so a second run from 0 follows.
 * - `completeThrough` moves only when a run ends.
 */
import type { Checkpoint } from '../../shared/sync.ts';
import { DAY_MS, parseTime } from '../../shared/time.ts';

/** Generations arrive late: so much of the recent past is asked for again, ms. */
export const OVERLAP_MS = 3_600_000;

/** So many pages in a row that begin the list anew mean that the server does not page. */
const MAX_REPEATS = 3;

/** A run under way; lives as long as the process, while the checkpoint outlives it. */
export interface Run {
  /** What is stored, and where a later process would go on. */
  readonly checkpoint: Checkpoint;
  /** The offset of the next page. */
  readonly offset: number;
  /** It went on where an earlier process stopped. */
  readonly resumed: boolean;
  /** What the page before began with. */
  readonly lastFirst: string | null;
  /** Pages in a row that held the beginning of the page before. */
  readonly repeats: number;
}

export type Step =
  /** Store the page with `run.checkpoint` and ask for `run.offset`. */
  | { readonly kind: 'next'; readonly run: Run }
  /** Store the page with `checkpoint`: the run is at its end. `again`: what arrived since it began is missing. */
  | { readonly kind: 'end'; readonly checkpoint: Checkpoint; readonly again: boolean }
  /** The server gives the same page whatever the offset. Store nothing of it but `checkpoint`. */
  | { readonly kind: 'repeats'; readonly checkpoint: Checkpoint };

/** The run that a checkpoint asks for: a new one, or the rest of the one that was stopped. */
export function beginRun(checkpoint: Checkpoint): Run {
  const offset = checkpoint.run?.offset ?? 0;
  return { checkpoint, offset, resumed: offset > 0, lastFirst: null, repeats: 0 };
}

/**
 * What follows from a page.
 * @param items the page at `run.offset`, as it came
 * @param now UTC ms
 */
export function afterPage(run: Run, items: readonly unknown[], now: number): Step {
  const { checkpoint } = run;
  const repeats =
    run.lastFirst !== null && items.some((item) => identity(item) === run.lastFirst) ? run.repeats + 1 : 0;
  // Offsets that mean nothing to the server are worth nothing: the next run begins anew.
  if (repeats >= MAX_REPEATS) return { kind: 'repeats', checkpoint: { ...checkpoint, run: null } };

  const times = items.map(timeOf);
  const known = times.filter((time) => time !== undefined && time <= now + DAY_MS) as number[];
  const newest = greatest(checkpoint.run?.newest, max(known));
  const oldest = least(checkpoint.run?.oldest, min(known));

  // Only an empty page is the end: a short one may be all this server gives at once.
  if (items.length === 0 || reachesBack(times, checkpoint.completeThrough)) {
    return {
      kind: 'end',
      checkpoint: {
        ...checkpoint,
        completeThrough: greatest(checkpoint.completeThrough, newest),
        completedAt: now,
        run: null,
      },
      again: run.resumed,
    };
  }

  const offset = run.offset + items.length;
  // While the server is under suspicion, the stored offset stays where it was certain.
  const safeOffset = repeats > 0 ? (checkpoint.run?.offset ?? 0) : offset;
  return {
    kind: 'next',
    run: {
      checkpoint: { ...checkpoint, run: { offset: safeOffset, newest, oldest } },
      offset,
      resumed: run.resumed,
      lastFirst: identity(items[0]),
      repeats,
    },
  };
}

/** Whether a page goes back to what an earlier run completed; believed only if it is in order throughout. */
function reachesBack(times: readonly (number | undefined)[], completeThrough: number | null): boolean {
  if (completeThrough === null) return false;
  let previous = Number.POSITIVE_INFINITY;
  for (const time of times) {
    if (time === undefined || time > previous) return false;
    previous = time;
  }
  return previous < completeThrough - OVERLAP_MS;
}

const field = (item: unknown, name: 'id' | 'created_at'): unknown =>
  typeof item === 'object' && item !== null ? (item as Record<string, unknown>)[name] : undefined;

/** UTC ms of an item of the API, or undefined. */
export function timeOf(item: unknown): number | undefined {
  const created = field(item, 'created_at');
  return typeof created === 'string' ? parseTime(created) : undefined;
}

function identity(item: unknown): string {
  const id = field(item, 'id');
  return typeof id === 'string' ? id : (JSON.stringify(item) ?? '');
}

type Maybe = number | null | undefined;

/** Not `Math.max(...values)`: a page may be longer than a call has room for arguments. */
const max = (values: readonly number[]): number | null => values.reduce<number | null>(greatest, null);
const min = (values: readonly number[]): number | null => values.reduce<number | null>(least, null);

function greatest(a: Maybe, b: Maybe): number | null {
  if (a == null || b == null) return a ?? b ?? null;
  return Math.max(a, b);
}

function least(a: Maybe, b: Maybe): number | null {
  if (a == null || b == null) return a ?? b ?? null;
  return Math.min(a, b);
}
