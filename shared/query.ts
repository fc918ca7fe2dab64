/**
 * What can be asked of the store, and what comes back. Nothing here speaks of segments or typed arrays, so that
 * another engine could answer it.
 */
import type { ColumnKey, CountKey, DurationKey, FlagKey, MoneyKey, SourceValue, TextKey } from './columns.ts';
import type { Money } from './money.ts';

/** A column, or one that is computed from others: spend = credits + BYOK. */
export type MoneyMeasure = MoneyKey | 'spend';
/** What has a size: amounts of money, tokens, milliseconds. */
export type Quantity = MoneyMeasure | CountKey | DurationKey;
/** What can be added up; of a flag, true is 1 and false is 0. */
export type Measure = Quantity | FlagKey;

/** All conditions hold. An empty list is every generation. */
export type Filter = readonly Condition[];

export type Condition =
  /** `from` is inside, `to` is outside; UTC ms. For days of a zone see shared/zone.ts. */
  | { readonly on: 'created_at'; readonly from?: number; readonly to?: number }
  /** Any of these values; null stands for unknown (for `user`: requests without one). */
  | { readonly on: TextKey; readonly in: readonly (string | null)[] }
  /** None of these values; unknown passes unless null is among them. */
  | { readonly on: TextKey; readonly notIn: readonly (string | null)[] }
  /** Holds the text anywhere, upper and lower case alike. */
  | { readonly on: TextKey; readonly contains: string }
  | { readonly on: FlagKey; readonly in: readonly (boolean | null)[] }
  /** Both ends are inside; unknown is neither. */
  | { readonly on: CountKey | DurationKey; readonly atLeast?: number; readonly atMost?: number }
  | { readonly on: MoneyMeasure; readonly atLeast?: Money; readonly atMost?: Money }
  /** Whether the value is known; for `user`: with one, or without. */
  | { readonly on: Exclude<ColumnKey, 'generation_id' | 'created_at'> | 'spend'; readonly known: boolean }
  /** Exactly these generations. */
  | { readonly on: 'generation_id'; readonly in: readonly string[] }
  /** Came from any of these; a generation may have come from several. */
  | { readonly on: 'source'; readonly in: readonly SourceRef[] };

/** Where generations came from: a connection, one import (by its origin's id), or any file (or the sample). */
export type SourceRef = { readonly connectionId: string } | { readonly origin: number } | 'files';

export type BucketUnit = 'minute' | 'hour' | 'day' | 'week' | 'month';

/** A stretch of time in a zone (IANA name); weeks begin on Monday. Its key is its first millisecond, UTC. */
export interface Bucket {
  readonly every: BucketUnit;
  readonly zone: string;
}
export const UTC_DAY: Bucket = { every: 'day', zone: 'UTC' };

/** A column whose values can be grouped by; of `spend`, the amount of each request. */
export type KeyColumn = Exclude<ColumnKey, 'generation_id' | 'created_at'> | 'spend';
export type Dimension = KeyColumn | Bucket;

export type Aggregate =
  | { readonly fn: 'count' }
  /** Rows for which it is known; that rests on all rows, so it may be 0. */
  | { readonly fn: 'known'; readonly of: KeyColumn }
  | { readonly fn: 'sum'; readonly of: Measure }
  /** Sum ÷ rows for which it is known. */
  | { readonly fn: 'mean'; readonly of: Measure }
  /** The group's sum ÷ the sum of all groups of the answer. */
  | { readonly fn: 'share'; readonly of: Measure }
  /**
   * Sum of one ÷ sum of the other, over the rows for which both are known; null also where the other is 0. Money per
   * something is in dollars.
   */
  | { readonly fn: 'rate'; readonly of: Measure; readonly per: Measure; readonly times?: number }
  | { readonly fn: 'min' | 'max'; readonly of: Quantity | 'created_at' }
  /**
   * The smallest of the known values that at least `percent` of 100 of them do not exceed (nearest rank, SQL's
   * PERCENTILE_DISC): always a value that occurs. A whole number from 0 (the smallest) to 100.
   */
  | { readonly fn: 'quantile'; readonly of: Quantity; readonly percent: number }
  /** How many different known values. */
  | { readonly fn: 'distinct'; readonly of: TextKey }
  /** Which known values, in the order of their names. */
  | { readonly fn: 'values'; readonly of: TextKey };

/** The rates that people ask for, by their names. */
export const RATES = {
  /** Cached tokens of the prompt tokens, a fraction of 1. */
  cacheHit: { fn: 'rate', of: 'tokens_cached', per: 'tokens_prompt' },
  /** Completion tokens a second of generation time. */
  tokensPerSecond: { fn: 'rate', of: 'tokens_completion', per: 'generation_time_ms', times: 1000 },
  spendPerRequest: { fn: 'mean', of: 'spend' },
  /** Cancelled requests, a fraction of 1. */
  cancelledShare: { fn: 'mean', of: 'cancelled' },
} as const satisfies Readonly<Record<string, Aggregate>>;

/**
 * `known` is the number of rows the value rests on. `value` is null when it is 0 rows: unknown, not 0.
 * Money is exact (yocto-dollars); shares and rates are plain numbers.
 */
export interface AggregateValue {
  readonly value: number | Money | readonly string[] | null;
  readonly known: number;
}
/** A number, or null where it is not known: what rests on no row at all says nothing, not 0. */
export const asNumber = ({ value, known }: AggregateValue): number | null =>
  typeof value === 'number' && known > 0 ? value : null;
export const asMoney = ({ value }: AggregateValue): Money | null =>
  typeof value === 'bigint' ? value : null;
export const asNames = ({ value }: AggregateValue): readonly string[] => (Array.isArray(value) ? value : []);

export type Values<A extends string> = Readonly<Record<A, AggregateValue>>;

export interface GroupQuery<A extends string = string> {
  readonly filter: Filter;
  /** One column or two, or a bucket, or a bucket with one column or two; in any order. */
  readonly by: readonly Dimension[];
  readonly aggregates: Readonly<Record<A, Aggregate>>;
  /** By an aggregate's name or by the group's keys; ties fall back to the keys, so every order is total. */
  readonly sort: { readonly by: NoInfer<A> | 'key'; readonly descending: boolean };
  readonly offset: number;
  readonly limit: number;
  /** Whether the groups outside the window are asked for too, as one. */
  readonly other?: boolean;
}

/** Texts and flags as they are, times in UTC ms, money in yocto-dollars; null is unknown. */
export type CellValue = Exclude<SourceValue, undefined> | Money;

export interface Group<A extends string = string> {
  /** In the order of the query's dimensions; a bucket by its first millisecond. */
  readonly keys: readonly CellValue[];
  readonly values: Values<A>;
}

/** The text that a group of a text column stands for; null where it is unknown. */
export function textKey(group: Pick<Group, 'keys'>): string | null {
  const [key] = group.keys;
  return key === null || key === undefined ? null : String(key);
}

/** What every answer says about itself. */
export interface Coverage {
  /** Generations that the answer rests on. */
  readonly rows: number;
  /** The span of time they lie in, UTC ms; null when there are none. */
  readonly from: number | null;
  readonly to: number | null;
  /** The version of the store that was seen. */
  readonly version: number;
}

export interface GroupAnswer<A extends string = string> {
  readonly groups: readonly Group<A>[];
  /** How many groups there are in all. */
  readonly count: number;
  /** The aggregates over all rows of the answer; a sum here is the sum of the groups' sums, exactly. */
  readonly totals: Values<A>;
  /** All groups outside the window taken together; null where there are none, or they were not asked for. */
  readonly other: { readonly count: number; readonly values: Values<A> } | null;
  readonly coverage: Coverage;
}

/** UTC ms; `from` is inside, `to` is outside. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** The same question for two ranges of time. The filter holds for both, and has no range of its own. */
export interface CompareQuery<A extends string = string> {
  readonly filter: Filter;
  readonly now: TimeRange;
  readonly before: TimeRange;
  readonly by: readonly Dimension[];
  readonly aggregates: Readonly<Record<A, Aggregate>>;
  /**
   * By the value now, before, or by what it grew; by `key`, `of` says nothing. A range without rows of a group has no
   * value; what adds up (all but mean, rate, min, max and quantile) grows from or to 0 there.
   */
  readonly sort: {
    readonly by: NoInfer<A> | 'key';
    readonly of: 'now' | 'before' | 'change';
    readonly descending: boolean;
  };
  readonly offset: number;
  readonly limit: number;
}

export interface ComparedGroup<A extends string = string> {
  /** A bucket stands for the one of now; that of before is the one with the same number from its range's start. */
  readonly keys: readonly CellValue[];
  /** null where the range has no rows of this group. */
  readonly now: Values<A> | null;
  readonly before: Values<A> | null;
}

export interface CompareAnswer<A extends string = string> {
  readonly groups: readonly ComparedGroup<A>[];
  readonly count: number;
  readonly totals: { readonly now: Values<A>; readonly before: Values<A> };
  readonly coverage: { readonly now: Coverage; readonly before: Coverage };
}

/** The values of a column that occur, for a menu of filters. The filter should leave out what is set on that column. */
export interface FacetQuery {
  readonly filter: Filter;
  readonly of: TextKey | FlagKey;
  /** Only values that hold this text, upper and lower case alike; unknown and flags are always there. */
  readonly search?: string;
  readonly offset: number;
  readonly limit: number;
}

export interface FacetAnswer {
  /** By their number of rows, descending, then by name; unknown last. */
  readonly values: readonly { readonly value: string | boolean | null; readonly rows: number }[];
  /** How many values there are in all. */
  readonly count: number;
  readonly coverage: Coverage;
}

export interface HistogramQuery {
  readonly filter: Filter;
  readonly of: Quantity;
  /**
   * The values of single requests, or the sums of each value of a text column (of each user); requests for which
   * that is unknown are left out then.
   */
  readonly per: 'request' | TextKey;
  /**
   * Of bins of equal width, or of about equal ratio. Values of 0 and below have a bin of their own then; with them is
   * what is less than a nano-dollar, a token or a thousandth of a millisecond.
   */
  readonly scale: 'linear' | 'log';
  /** About how many bins: their edges are round numbers. At most 200. */
  readonly bins: number;
}

export interface HistogramAnswer {
  /** Ascending and without gaps between; `from` is inside, `to` is outside, but inside in the last. */
  readonly bins: readonly HistogramBin[];
  /** Requests (or users) whose value is known, and those whose is not. */
  readonly known: number;
  readonly unknown: number;
  readonly min: number | Money | null;
  readonly max: number | Money | null;
  readonly coverage: Coverage;
}

/** Money for money, plain numbers for the rest. */
export interface HistogramBin {
  readonly from: number | Money;
  readonly to: number | Money;
  readonly count: number;
}

export interface RowsQuery {
  readonly filter: Filter;
  readonly columns: readonly (ColumnKey | 'spend')[];
  readonly sort: { readonly by: ColumnKey | 'spend'; readonly descending: boolean };
  readonly offset: number;
  readonly limit: number;
}

export interface RowsAnswer {
  /** A list per row, in the order of the query's columns. */
  readonly rows: readonly (readonly CellValue[])[];
  readonly count: number;
  readonly coverage: Coverage;
}
