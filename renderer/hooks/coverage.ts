/**
 * What is known of each UTC day: pulled whole, in part, from a file, or not at all. Pure; `use-coverage.ts` feeds
 * it from the checkpoints and the store.
 */
import type { Money } from '../../shared/money.ts';
import { joinSpans } from '../../shared/spans.ts';
import { type Checkpoint, LATE_MS, type Span } from '../../shared/sync.ts';
import { DAY_MS, startOfDay } from '../../shared/time.ts';
import type { DayRange } from './filters.ts';

/**
 * - `complete`: pulled whole, late arrivals and all
 * - `partial`: something of it is stored, but nobody has seen all of it; today is at best this
 * - `pulling`: the sync under way has it before it
 * - `imported`: from a file, and as whole as the file
 * - `never`: nobody asked for it
 * - `beyond`: before what the API still gives
 */
export const DAY_STATES = ['complete', 'partial', 'pulling', 'imported', 'never', 'beyond'] as const;
export type DayState = (typeof DAY_STATES)[number];
/** What one connection makes of a day. */
export type PulledState = Exclude<DayState, 'imported'>;

/** A connection as far as coverage goes. */
export interface Coverer {
  readonly connectionId: string;
  readonly label: string;
  readonly checkpoint: Checkpoint;
  /** Whether it can be asked for whole days: not one that only looks up ids, nor one that is not connected any more. */
  readonly lists: boolean;
  /** Whether its sync is under way. */
  readonly syncing: boolean;
}

export interface DayFigures {
  readonly requests: number;
  /** null: not known. */
  readonly spend: Money | null;
}

/** Everything that the states of days follow from. */
export interface CoverageFacts {
  readonly coverers: readonly Coverer[];
  /** What is stored, by day; days without requests are absent. */
  readonly stored: ReadonlyMap<number, DayFigures>;
  /** Days of which files brought something. */
  readonly fromFiles: ReadonlySet<number>;
  /** UTC ms. */
  readonly now: number;
}

export interface CoverageDay extends DayFigures {
  /** Its first millisecond, UTC. */
  readonly day: number;
  readonly state: DayState;
  /** What each connection makes of it, where there are several that list days. */
  readonly each: readonly { readonly label: string; readonly state: PulledState }[];
}

/** Whether it was ever asked for whole days. */
const hasListed = ({ checkpoint: { covered, run } }: Coverer): boolean => covered.length > 0 || run !== null;

/**
 * Those that tell of days. Where none is connected (its key was kept for one session only, or it was removed), what
 * they had seen by then still counts.
 */
function tellers(coverers: readonly Coverer[]): readonly Coverer[] {
  const connected = coverers.filter(({ lists }) => lists);
  return connected.length > 0 ? connected : coverers.filter(hasListed);
}

/** A day and what is known of it. */
export function coverageDay(facts: CoverageFacts, day: number): CoverageDay {
  const { coverers, stored, fromFiles } = facts;
  const figures = stored.get(day) ?? { requests: 0, spend: null };
  const each = tellers(coverers).map((coverer) => ({
    label: coverer.label,
    state: pulledState(coverer, day),
  }));
  const pulled = together(each.map(({ state }) => state)) ?? 'never';
  return { day, state: withRows(pulled), ...figures, each: each.length > 1 ? each : [] };

  function withRows(state: PulledState): DayState {
    if (state !== 'never' && state !== 'beyond') return state;
    if (fromFiles.has(day)) return 'imported';
    return figures.requests > 0 ? 'partial' : state;
  }
}

/** What one connection makes of a day. */
export function pulledState({ checkpoint, syncing }: Coverer, day: number): PulledState {
  const { covered, run } = checkpoint;
  // What was deleted because it is old is as far away as what the API does not give.
  const { keepFrom = null } = checkpoint;
  const floor = Math.max(checkpoint.floor ?? Number.NEGATIVE_INFINITY, keepFrom ?? Number.NEGATIVE_INFINITY);
  const end = day + DAY_MS;
  const spans = covered.map((span) => fromFloor(span, floor));
  // What lies before the floor cannot be had, so a day that holds the floor is whole without it.
  const from = floor < end ? Math.max(day, floor) : day;
  if (spans.some((span) => span.from <= from && span.to >= end + LATE_MS)) return 'complete';
  if (end <= floor) return 'beyond';
  if (run && syncing && hasBefore(run, day, end)) return 'pulling';
  if (spans.some((span) => overlaps(span, day, end)) || (run && hasSeen(run, day, end))) return 'partial';
  return 'never';
}

/** A pull that reached the end of the list covers all time before; what the API does not give is not part of it. */
const fromFloor = (span: Span, floor: number): Span =>
  span.from === 0 && floor > 0 ? { from: startOfDay(floor), to: span.to } : span;

const overlaps = (span: Span, from: number, to: number): boolean => span.from < to && span.to > from;

type Run = NonNullable<Checkpoint['run']>;

/** Whether a run still has something of a stretch before it. A list is gone through from the newest to its end. */
function hasBefore(run: Run, from: number, to: number): boolean {
  return run.source === 'analytics'
    ? run.left.some((span) => overlaps(span, from, to))
    : from <= run.startedAt;
}

/** Whether a run has brought something of a stretch that is not counted as covered yet. */
function hasSeen(run: Run, from: number, to: number): boolean {
  return run.source === 'generations' && run.oldest !== null && to > run.oldest && from <= run.startedAt;
}

/** What several connections together make of a day; null where there is none. */
function together(states: readonly PulledState[]): PulledState | null {
  if (states.length === 0) return null;
  if (states.includes('pulling')) return 'pulling';
  // Before what one connection's API gives, there is nothing more to be had from it.
  const open = states.filter((state) => state !== 'beyond');
  if (open.length === 0) return 'beyond';
  if (open.every((state) => state === 'complete')) return 'complete';
  return open.every((state) => state === 'never') ? 'never' : 'partial';
}

/** The day of the oldest request that is stored; today when there is none. */
export function firstKnownDay({ stored, now }: CoverageFacts): number {
  let first = startOfDay(now);
  for (const day of stored.keys()) first = Math.min(first, day);
  return first;
}

/** Whether older days than those that are known are still to be pulled: a first pull was stopped, or never began. */
export function olderMissing(facts: CoverageFacts): boolean {
  const first = firstKnownDay(facts);
  return tellers(facts.coverers).some(({ checkpoint: { covered, run } }) => {
    if (run?.source === 'analytics') return run.left.some(({ from }) => from < first);
    return covered.length === 0 || (run !== null && covered[0]!.from > first);
  });
}

/** The days of a range up to today; for all time, from the first that is known. */
export function* daysOf(facts: CoverageFacts, range: DayRange | null): Generator<number> {
  const last = Math.min(range?.last ?? Number.POSITIVE_INFINITY, startOfDay(facts.now));
  for (let day = range?.first ?? firstKnownDay(facts); day <= last; day += DAY_MS) yield day;
}

/** How far a total over some days can be relied on. */
export interface Completeness {
  readonly days: number;
  /** Days of which something may be missing though it could be pulled. */
  readonly incomplete: number;
  /** All that is incomplete cannot be complete yet: today, and yesterday while late generations arrive. */
  readonly onlyUnderWay: boolean;
  /** The days reach back to time that was never pulled to its beginning. */
  readonly olderMissing: boolean;
  /** No connection ever listed days, and some requests were only looked up by their ids. */
  readonly onlyLookedUp: boolean;
  /** The days begin before this time, from before which the reader deleted what was there, UTC ms. */
  readonly deletedBefore: number | null;
}

const INCOMPLETE: ReadonlySet<DayState> = new Set(['partial', 'pulling', 'never']);

/** What is to be said of a total over these days. Where no connection ever listed days, nothing is missing. */
export function completeness(facts: CoverageFacts, range: DayRange | null): Completeness {
  let [days, incomplete, underWay] = [0, 0, 0];
  const isTold = tellers(facts.coverers).length > 0;
  for (const day of daysOf(facts, range)) {
    days++;
    const { state } = coverageDay(facts, day);
    if (!isIncomplete(state, isTold)) continue;
    incomplete++;
    if (isUnderWay(day, facts.now)) underWay++;
  }
  return {
    days,
    incomplete,
    onlyUnderWay: incomplete > 0 && incomplete === underWay,
    olderMissing: range === null && olderMissing(facts),
    onlyLookedUp: incomplete > 0 && !isTold,
    deletedBefore: range && deletedBefore(facts, range.first),
  };
}

function deletedBefore({ coverers }: CoverageFacts, first: number): number | null {
  const latest = Math.max(...coverers.map(({ checkpoint }) => checkpoint.keepFrom ?? first));
  return latest > first ? latest : null;
}

/** The days that `completeness` counts as incomplete, the oldest first. */
export function incompleteDays(facts: CoverageFacts, range: DayRange | null): readonly number[] {
  const isTold = tellers(facts.coverers).length > 0;
  return [...daysOf(facts, range)].filter((day) => isIncomplete(coverageDay(facts, day).state, isTold));
}

/** Where no connection ever listed days, a day that was never pulled is no hole. */
const isIncomplete = (state: DayState, isTold: boolean): boolean =>
  INCOMPLETE.has(state) && (isTold || state !== 'never');

/** Whether a day cannot be complete yet. */
const isUnderWay = (day: number, now: number): boolean => day + DAY_MS + LATE_MS > now;

/** Days that are over, hold a hole, and could be pulled: the newest first. */
export function missingDays(facts: CoverageFacts): readonly number[] {
  if (!facts.coverers.some(({ lists }) => lists)) return [];
  return [...daysOf(facts, null)]
    .filter((day) => {
      const { state } = coverageDay(facts, day);
      return !isUnderWay(day, facts.now) && (state === 'partial' || state === 'never');
    })
    .reverse();
}

/** What one connection has to pull to make days whole. */
export interface Fill {
  readonly connectionId: string;
  /** The newest first, disjoint. */
  readonly spans: readonly Span[];
}

/**
 * The pulls that fill days. A connection is asked for what it has not covered; if every connection has covered all
 * of them, they are all pulled again: that is what was asked for. Nothing is asked for beyond the API's reach.
 */
export function fillsFor({ coverers, now }: CoverageFacts, days: readonly number[]): readonly Fill[] {
  const lists = coverers.filter((coverer) => coverer.lists);
  const wanted = (wants: (state: PulledState) => boolean) =>
    lists
      .map((coverer) => ({
        connectionId: coverer.connectionId,
        spans: spansOf(
          days.filter((day) => wants(pulledState(coverer, day))),
          now,
        ),
      }))
      .filter(({ spans }) => spans.length > 0);
  const holes = wanted((state) => state !== 'complete' && state !== 'beyond');
  return holes.length > 0 ? holes : wanted((state) => state !== 'beyond');
}

/** Days as spans, neighbours joined, the newest first; none reaches beyond now. */
export function spansOf(days: readonly number[], now: number): readonly Span[] {
  const begun = days.filter((day) => day < now);
  return joinSpans(begun.map((day) => ({ from: day, to: Math.min(day + DAY_MS, now) }))).reverse();
}
