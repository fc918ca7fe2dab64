/**
 * Which window of time a pull through `POST /analytics/query` asks for next: pure, from the checkpoint and what
 * became of the window before.
 *
 * - Newest first, so that what matters most is there first.
 * - A window is of whole seconds: the API takes no finer times.
 * - Truncated or too heavy: half of it. Small: the next one may be twice as long.
 * - Refused although newer ones were not: OpenRouter gives nothing so old, which is the floor.
 * - Every whole window is covered at once. A stopped run goes on with what it left; what came since is pulled
 *   behind it, or before it when that is more than the overlap: every start gets further than the one before.
 */
import { addSpan, clipSpans, joinSpans, lengthOf, removeSpan } from '../../shared/spans.ts';
import { type Checkpoint, LATE_MS, type Span } from '../../shared/sync.ts';
import { DAY_MS } from '../../shared/time.ts';

const SECOND_MS = 1000;
/** The longest range OpenRouter takes with these dimensions. */
export const LONGEST_MS = 31 * DAY_MS;
/** The longest range it takes without them. */
const LONGEST_COUNTED_MS = 365 * DAY_MS;
/** What a first pull begins with: much of a large account, little of a small one, and both are soon found out. */
const FIRST_MS = DAY_MS;
/** Fewer rows than this, and a window of twice the length would most likely be whole too. */
const FEW_ROWS = 2500;
/** How finely the border of what OpenRouter still gives is looked for. */
const FLOOR_STEP_MS = 3_600_000;
/** Whatever bounds the age of data, it leaves the last day. */
const ALWAYS_GIVEN_MS = DAY_MS;
/** There was no OpenRouter before 2023. */
export const BEGINNING = Date.UTC(2023, 0, 1);

/** A run under way. */
export interface Run {
  /** What is stored, and where a later process would go on; its `run` says what is left. */
  readonly checkpoint: Checkpoint;
  readonly startedAt: number;
  /** What is still to be asked for: ascending, disjoint. */
  readonly left: readonly Span[];
  readonly windowMs: number;
  /** The length of all it set out to ask for, ms. */
  readonly total: number;
  /** It went on where an earlier process stopped: what came since is missing at its end. */
  readonly resumed: boolean;
  /** The newest start of a window that was refused, UTC ms: what OpenRouter still gives begins later. */
  readonly refusedFrom: number | null;
  /** Seconds that hold more generations than OpenRouter gives at once: never covered. */
  readonly gaps: readonly Span[];
}

/** What became of a window. */
export type Outcome =
  | { readonly kind: 'whole'; readonly rows: number }
  /** There is more in it than OpenRouter gives at once. */
  | { readonly kind: 'truncated' }
  /** HTTP 408: more than OpenRouter can add up in time. */
  | { readonly kind: 'too-heavy' }
  /** HTTP 400: a range that is not taken. */
  | { readonly kind: 'refused' };

/**
 * The run that a checkpoint asks for: everything missing up to now, and what a stopped run left.
 * @param now UTC ms, by the server's clock
 * @param fill only these spans, whatever is covered
 */
export function beginRun(checkpoint: Checkpoint, now: number, fill?: readonly Span[]): Run {
  const before = checkpoint.run?.source === 'analytics' ? checkpoint.run : null;
  const resumed = !fill && before !== null && now - before.startedAt < LATE_MS;
  const startedAt = resumed ? before.startedAt : downToSecond(now);
  const range = {
    from: downToSecond(Math.max(BEGINNING, checkpoint.floor ?? BEGINNING, checkpoint.keepFrom ?? BEGINNING)),
    to: startedAt,
  };
  const fresh = resumed ? [] : missing(checkpoint.covered, range);
  const wanted = (fill ?? [...fresh, ...(before?.left ?? [])]).map(toSeconds);
  const left = clipSpans(joinSpans(wanted), range);
  return withRun({
    checkpoint,
    startedAt,
    left,
    windowMs: before?.windowMs ?? FIRST_MS,
    total: lengthOf(left),
    resumed,
    refusedFrom: null,
    gaps: [],
  });
}

/** What is not covered, and the end of each covered span once more: generations arrive late. */
function missing(covered: readonly Span[], range: Span): Span[] {
  const settled = covered.map(({ from, to }) => ({ from, to: to - LATE_MS }));
  return settled.reduce<Span[]>(removeSpan, [range]);
}

const upToSecond = (time: number): number => Math.ceil(time / SECOND_MS) * SECOND_MS;
const downToSecond = (time: number): number => Math.floor(time / SECOND_MS) * SECOND_MS;
const toSeconds = ({ from, to }: Span): Span => ({ from: downToSecond(from), to: upToSecond(to) });

/** The next window to ask for, the newest that is left; null when nothing is. */
export function nextWindow({ left, windowMs, refusedFrom }: Run): Span | null {
  const newest = left.at(-1);
  if (!newest) return null;
  const { from, to } = newest;
  // Halfway to where it was refused, so that the border is found in a few steps.
  const given = refusedFrom === null ? from : upToSecond((refusedFrom + to) / 2);
  return { from: Math.max(from, to - windowMs, given), to };
}

/** As much of what is left next as can be asked at once whether there is anything in it; null when nothing is left. */
export function nextStretch({ left }: Run): Span | null {
  const newest = left.at(-1);
  return newest ? { from: Math.max(newest.from, newest.to - LONGEST_COUNTED_MS), to: newest.to } : null;
}

/** Whether a window can be asked for in halves. */
export const canHalve = ({ from, to }: Span): boolean => to - from >= 2 * SECOND_MS;

/**
 * The run after a window.
 * @returns undefined where the refusal is no matter of age, and nobody can go on
 */
export function afterWindow(run: Run, window: Span, outcome: Outcome): Run | undefined {
  const length = window.to - window.from;
  const half = Math.max(SECOND_MS, downToSecond(length / 2));
  switch (outcome.kind) {
    case 'whole': {
      const covered = addSpan(run.checkpoint.covered, window);
      const grown = length === run.windowMs && outcome.rows < FEW_ROWS ? 2 * length : run.windowMs;
      return atFloor({
        ...run,
        checkpoint: { ...run.checkpoint, covered },
        left: removeSpan(run.left, window),
        windowMs: Math.min(grown, LONGEST_MS),
      });
    }
    case 'truncated':
      if (canHalve(window)) return withRun({ ...run, windowMs: half });
      return withRun({ ...run, left: removeSpan(run.left, window), gaps: addSpan(run.gaps, window) });
    case 'too-heavy':
      return canHalve(window) ? withRun({ ...run, windowMs: half }) : undefined;
    case 'refused':
      return atFloor({ ...run, refusedFrom: Math.max(window.from, run.refusedFrom ?? window.from) });
  }
}

/** The run, which is at its end where all that is left is too old. */
function atFloor(run: Run): Run | undefined {
  const newest = run.left.at(-1);
  const isBorder = newest && run.refusedFrom !== null && newest.to - run.refusedFrom <= FLOOR_STEP_MS;
  if (!isBorder) return withRun(run);
  if (newest.to > run.startedAt - ALWAYS_GIVEN_MS) return undefined;
  const total = run.total - lengthOf(run.left);
  return withRun({ ...run, checkpoint: { ...run.checkpoint, floor: newest.to }, left: [], total });
}

/** The run with its checkpoint brought up to date. */
function withRun(run: Run): Run {
  const { startedAt, left, windowMs } = run;
  const descending = [...left].reverse();
  return {
    ...run,
    checkpoint: {
      ...run.checkpoint,
      ...(left.length === 0 && { source: 'analytics' as const }),
      run: left.length === 0 ? null : { source: 'analytics', startedAt, left: descending, windowMs },
    },
  };
}

/** How much of its time a run has gone through, 0 to 1. */
export const doneOf = ({ left, total }: Run): number => (total === 0 ? 1 : 1 - lengthOf(left) / total);
