/** What is stored, beside what OpenRouter itself adds up: pure. Money is exact on this side of the border. */
import type { AccountTotals } from '../../shared/ipc.ts';
import { type Money, parseMoney, ratio } from '../../shared/money.ts';
import { DAY_MS, startOfDay } from '../../shared/time.ts';

/** Sums of some requests. */
export interface Sums {
  readonly requests: number;
  readonly credits: Money;
  readonly byok: Money;
}

/** The sums of one day and model. */
export interface ModelSums extends Sums {
  /** Midnight UTC at its start. */
  readonly day: number;
  /** The permaslug; null where it is not known. */
  readonly model: string | null;
}

/** Two sums that should be one. */
export interface Comparison {
  readonly here: Sums;
  readonly there: Sums;
  /** Spend here − spend there, exactly. */
  readonly gap: Money;
  /** The gap as a fraction of the spend there; null where that is nothing. */
  readonly share: number | null;
  /** The gap is no larger than the rounding of the API's numbers. */
  readonly ties: boolean;
  /** Requests here − requests there. */
  readonly requestGap: number;
}

export interface ModelComparison extends Comparison {
  readonly model: string | null;
}

export interface DayComparison extends Comparison {
  readonly day: number;
  /** The largest gap first. */
  readonly models: readonly ModelComparison[];
}

export interface Reconciliation extends Comparison {
  /** The newest first; every day that OpenRouter's totals cover, with or without requests. */
  readonly days: readonly DayComparison[];
}

const NOTHING: Sums = { requests: 0, credits: 0n, byok: 0n };
/** What rounding may add to a sum for each request: a millionth of a dollar. */
const ROUNDING: Money = 10n ** 18n;
/** `GET /activity` covers so many completed days. */
const ACTIVITY_DAYS = 30;

export const spendOf = ({ credits, byok }: Sums): Money => credits + byok;

function add(a: Sums, b: Sums): Sums {
  return { requests: a.requests + b.requests, credits: a.credits + b.credits, byok: a.byok + b.byok };
}

const size = (amount: Money): Money => (amount < 0n ? -amount : amount);

function compare(here: Sums, there: Sums): Comparison {
  const gap = spendOf(here) - spendOf(there);
  const counted = BigInt(Math.max(here.requests, there.requests));
  return {
    here,
    there,
    gap,
    share: ratio(gap, spendOf(there)),
    ties: gap === 0n || size(gap) < ROUNDING * counted,
    requestGap: here.requests - there.requests,
  };
}

/** OpenRouter's sums by day and model, from its own words. */
export function fromActivity(activity: AccountTotals['activity']): readonly ModelSums[] {
  return activity.flatMap(({ day, model, requests, credits, byok }) => {
    const time = Date.parse(`${day}T00:00:00Z`);
    if (Number.isNaN(time)) return [];
    return [{ day: time, model, requests, credits: parseMoney(credits) ?? 0n, byok: parseMoney(byok) ?? 0n }];
  });
}

/**
 * The days that OpenRouter's totals cover: the last 30 that are over. By this computer's clock, unless it is
 * contradicted by the totals themselves.
 */
export function activityDays(there: readonly ModelSums[], now: number): { first: number; last: number } {
  const yesterday = startOfDay(now) - DAY_MS;
  const newest = there.reduce((last, { day }) => Math.max(last, day), Number.NEGATIVE_INFINITY);
  const agrees = newest <= yesterday && yesterday - newest < ACTIVITY_DAYS * DAY_MS;
  const last = there.length === 0 || agrees ? yesterday : newest;
  return { first: last - (ACTIVITY_DAYS - 1) * DAY_MS, last };
}

/** Both sides of each day and model in a range. */
export function reconcile(
  here: readonly ModelSums[],
  there: readonly ModelSums[],
  range: { readonly first: number; readonly last: number },
): Reconciliation {
  const [ours, theirs] = [byDay(here), byDay(there)];
  const days: DayComparison[] = [];
  let [allHere, allThere] = [NOTHING, NOTHING];
  for (let day = range.last; day >= range.first; day -= DAY_MS) {
    const models = compareModels(ours.get(day) ?? new Map(), theirs.get(day) ?? new Map());
    const sumHere = models.reduce((sum, one) => add(sum, one.here), NOTHING);
    const sumThere = models.reduce((sum, one) => add(sum, one.there), NOTHING);
    days.push({ day, models, ...compare(sumHere, sumThere) });
    allHere = add(allHere, sumHere);
    allThere = add(allThere, sumThere);
  }
  const whole = compare(allHere, allThere);
  // Two gaps that cancel each other are still two gaps.
  return { ...whole, ties: days.every(({ ties }) => ties), days };
}

function byDay(sums: readonly ModelSums[]): ReadonlyMap<number, ReadonlyMap<string | null, Sums>> {
  const days = new Map<number, Map<string | null, Sums>>();
  for (const { day, model, ...one } of sums) {
    const models = days.get(day) ?? new Map<string | null, Sums>();
    models.set(model, add(models.get(model) ?? NOTHING, one));
    days.set(day, models);
  }
  return days;
}

function compareModels(
  here: ReadonlyMap<string | null, Sums>,
  there: ReadonlyMap<string | null, Sums>,
): readonly ModelComparison[] {
  return [...new Set([...here.keys(), ...there.keys()])]
    .map((model) => ({ model, ...compare(here.get(model) ?? NOTHING, there.get(model) ?? NOTHING) }))
    .sort(
      (a, b) =>
        descending(size(a.gap), size(b.gap)) ||
        descending(spendOf(a.there), spendOf(b.there)) ||
        (a.model ?? '').localeCompare(b.model ?? ''),
    );
}

const descending = (a: Money, b: Money): number => (a === b ? 0 : a > b ? -1 : 1);
