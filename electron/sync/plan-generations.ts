/**
 * Where a pull through `GET /generations` goes next: pure, from the checkpoint and the page that came.
 *
 * The list has the newest first and is paged by offset. Generations that arrive meanwhile push the others down,
 * so pages overlap but never leave a gap, and an old offset stays safe for ever.
 *
 * - A run goes from offset 0 back to the oldest time that is missing, or to the end of the list.
 * - A stopped run goes on at its offset. What arrived since lies above it, so a second run from 0 follows.
 * - `covered` grows only when a run ends: until then nobody knows that the pages were in order.
 */
import { addSpan } from '../../shared/spans.ts';
import { type Checkpoint, LATE_MS, type Span } from '../../shared/sync.ts';
import { DAY_MS, parseTime } from '../../shared/time.ts';
import { isRecord } from '../openrouter/record.ts';

/** So many pages in a row that begin the list anew mean that the server does not page. */
const MAX_REPEATS = 3;

/** A run under way; lives as long as the process, while the checkpoint outlives it. */
export interface Run {
  /** What is stored, and where a later process would go on. */
  readonly checkpoint: Checkpoint;
  /** The offset of the next page. */
  readonly offset: number;
  /** It is at its end when everything from this time on was seen, UTC ms; null: only at the end of the list. */
  readonly target: number | null;
  /** It went on where an earlier process stopped. */
  readonly resumed: boolean;
  /** The ids of the page before, its first one in front. */
  readonly lastPage: readonly string[];
  /** The most that a page held. */
  readonly longest: number;
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

/** When a page was asked for and came: UTC ms by the server's clock. */
export interface When {
  readonly asked: number;
  readonly now: number;
}

/**
 * The run that a checkpoint asks for: a new one, or the rest of the one that was stopped.
 * @param fill go back as far as the oldest of these, whatever is covered
 */
export function beginRun(checkpoint: Checkpoint, fill?: readonly Span[]): Run {
  const before = checkpoint.run?.source === 'generations' ? checkpoint.run : null;
  const offset = before?.offset ?? 0;
  return {
    checkpoint: { ...checkpoint, run: before },
    offset,
    target: fill
      ? Math.max(Math.min(...fill.map(({ from }) => from)), checkpoint.keepFrom ?? 0)
      : missingFrom(checkpoint),
    resumed: offset > 0,
    lastPage: [],
    longest: 0,
    repeats: 0,
  };
}

/**
 * The oldest time from which on something may be missing, UTC ms; null where that is the beginning of time. The
 * list can only be read from its newest end, so a hole in the middle means all the way back to it.
 */
function missingFrom({ covered: [first], keepFrom }: Checkpoint): number | null {
  return first && first.from <= (keepFrom ?? 0) ? first.to - LATE_MS : (keepFrom ?? null);
}

/** The items of a page that are not older than what the reader wants to keep. */
export function itemsToKeep(items: readonly unknown[], { keepFrom }: Checkpoint): readonly unknown[] {
  return keepFrom === undefined ? items : items.filter((item) => (timeOf(item) ?? keepFrom) >= keepFrom);
}

/**
 * What follows from a page.
 * @param items the page at `run.offset`, as it came
 */
export function afterPage(run: Run, items: readonly unknown[], when: When): Step {
  const { checkpoint } = run;
  const before = checkpoint.run?.source === 'generations' ? checkpoint.run : null;
  const page = items.map(identity);
  const [lastFirst] = run.lastPage;
  const repeats = lastFirst !== undefined && page.includes(lastFirst) ? run.repeats + 1 : 0;
  // Offsets that mean nothing to the server are worth nothing: the next run begins anew.
  if (repeats >= MAX_REPEATS) return { kind: 'repeats', checkpoint: { ...checkpoint, run: null } };

  const times = items.map(timeOf);
  const known = times.filter((time) => time !== undefined && time <= when.now + DAY_MS) as number[];
  const newest = greatest(before?.newest, max(known));
  const oldest = least(before?.oldest, min(known));
  const startedAt = before?.startedAt ?? when.asked;

  // A short page is not the end: it may be all this server gives at once. An empty one is; and so is one that ends
  // where the page before did, where generations arrive so fast that they always push the last ones down.
  const endsAlike = page.at(-1) === run.lastPage.at(-1) && page.length < run.longest;
  const isLast = items.length === 0 || endsAlike;
  if (isLast || reachesBack(times, run.target)) {
    const from = isLast ? 0 : (oldest ?? startedAt) + 1;
    return {
      kind: 'end',
      checkpoint: {
        ...checkpoint,
        covered: addSpan(checkpoint.covered, { from, to: startedAt }),
        floor: isLast ? least(checkpoint.floor, oldest) : checkpoint.floor,
        source: 'generations',
        run: null,
      },
      again: run.resumed,
    };
  }

  // The page before once more hides the page that was asked for: it is asked for again, not skipped.
  const seen = new Set(run.lastPage);
  const hides = repeats > 0 && page.every((id) => seen.has(id));
  const offset = hides ? run.offset : run.offset + items.length;
  // While the server is under suspicion, the stored offset stays where it was certain.
  const safeOffset = repeats > 0 ? (before?.offset ?? 0) : offset;
  return {
    kind: 'next',
    run: {
      ...run,
      checkpoint: {
        ...checkpoint,
        run: { source: 'generations', offset: safeOffset, startedAt, newest, oldest },
      },
      offset,
      lastPage: page,
      longest: Math.max(run.longest, page.length),
      repeats,
    },
  };
}

/** Whether a page goes back beyond a time; believed only if it is in order throughout. */
function reachesBack(times: readonly (number | undefined)[], target: number | null): boolean {
  if (target === null) return false;
  let previous = Number.POSITIVE_INFINITY;
  for (const time of times) {
    if (time === undefined || time > previous) return false;
    previous = time;
  }
  return previous < target;
}

const field = (item: unknown, name: 'id' | 'created_at'): unknown =>
  isRecord(item) ? item[name] : undefined;

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
