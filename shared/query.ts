/**
 * What can be asked of the store, and what comes back. Nothing here speaks of segments or typed arrays, so that
 * another engine could answer it.
 */
import type { ColumnKey, MoneyKey, NumberKey, SourceValue, TextKey } from './columns.ts';
import type { Money } from './money.ts';

/** All conditions hold. An empty list is every generation. */
export type Filter = readonly Condition[];

export type Condition =
  /** `from` is inside, `to` is outside; UTC ms. */
  | { readonly on: 'created_at'; readonly from?: number; readonly to?: number }
  /** Any of these values; null stands for unknown (for `user`: requests without one). */
  | { readonly on: TextKey; readonly in: readonly (string | null)[] }
  /** Holds the text anywhere, upper and lower case alike. */
  | { readonly on: TextKey; readonly contains: string }
  /** Exactly these generations. */
  | { readonly on: 'generation_id'; readonly in: readonly string[] }
  /** Came from any of these; a generation may have come from several. */
  | { readonly on: 'source'; readonly in: readonly SourceRef[] };

/** Where generations came from: a connection, by its id, or any file (or the sample). */
export type SourceRef = { readonly connectionId: string } | 'files';

/** What rows are grouped by: a text column, or the UTC day (its first millisecond). */
export type Dimension = TextKey | 'day';

/** A column, or one that is computed from others: spend = credits + BYOK. */
export type MoneyMeasure = MoneyKey | 'spend';

export type Aggregate =
  | { readonly fn: 'count' }
  | { readonly fn: 'sum'; readonly of: MoneyMeasure | NumberKey }
  /** Sum ÷ rows for which it is known. */
  | { readonly fn: 'mean'; readonly of: MoneyMeasure | NumberKey }
  /** The group's sum ÷ the sum of all groups of the answer. */
  | { readonly fn: 'share'; readonly of: MoneyMeasure }
  | { readonly fn: 'min' | 'max'; readonly of: 'created_at' }
  /** How many different known values. */
  | { readonly fn: 'distinct'; readonly of: TextKey }
  /** Which known values, in the order of their names. */
  | { readonly fn: 'values'; readonly of: TextKey };

/**
 * `known` is the number of rows the value rests on. `value` is null when it is 0 rows: unknown, not 0.
 * Money is exact (yocto-dollars); `share` is a fraction of 1.
 */
export interface AggregateValue {
  readonly value: number | Money | readonly string[] | null;
  readonly known: number;
}

export interface GroupQuery<A extends string = string> {
  readonly filter: Filter;
  /** One dimension or two. */
  readonly by: readonly Dimension[];
  readonly aggregates: Readonly<Record<A, Aggregate>>;
  /** By an aggregate's name or by the group's keys; ties fall back to the keys, so every order is total. */
  readonly sort: { readonly by: NoInfer<A> | 'key'; readonly descending: boolean };
  readonly offset: number;
  readonly limit: number;
}

export interface Group<A extends string = string> {
  /** In the order of the query's dimensions: a text, or a day in UTC ms; null where it is unknown in these rows. */
  readonly keys: readonly (string | number | null)[];
  readonly values: Readonly<Record<A, AggregateValue>>;
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
  readonly totals: Readonly<Record<A, AggregateValue>>;
  readonly coverage: Coverage;
}

export interface RowsQuery {
  readonly filter: Filter;
  readonly columns: readonly (ColumnKey | 'spend')[];
  readonly sort: { readonly by: ColumnKey | 'spend'; readonly descending: boolean };
  readonly offset: number;
  readonly limit: number;
}

/** Text and flags as they are, times in UTC ms, money in yocto-dollars; null is unknown. */
export type CellValue = Exclude<SourceValue, undefined> | Money;

export interface RowsAnswer {
  /** A list per row, in the order of the query's columns. */
  readonly rows: readonly (readonly CellValue[])[];
  readonly count: number;
  readonly coverage: Coverage;
}
