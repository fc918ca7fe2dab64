/** Answers a `CompareQuery`: the groups of two ranges of time, side by side. */
import type {
  AggregateValue,
  CellValue,
  CompareAnswer,
  ComparedGroup,
  CompareQuery,
  Dimension,
  TimeRange,
} from '../../../shared/query.ts';
import { type Zone, zoneOf } from '../../../shared/zone.ts';
import { compareKeys, isBucket } from './dimension.ts';
import { comparable, type GroupTable } from './group.ts';

type CompareSort<A extends string> = CompareQuery<A>['sort'];

/** A group of either range, by its slots; −1 where a range has no rows of it. */
interface Joined {
  readonly keys: readonly CellValue[];
  readonly now: number;
  before: number;
}

/** The groups of both ranges, whatever the order and window. */
export class Comparison<A extends string> {
  readonly #query: Pick<CompareQuery<A>, 'aggregates'>;
  readonly #now: GroupTable<A>;
  readonly #before: GroupTable<A>;
  readonly #groups: readonly Joined[];
  readonly #orders = new Map<string, readonly Joined[]>();

  constructor(
    query: Pick<CompareQuery<A>, 'by' | 'now' | 'before' | 'aggregates'>,
    now: GroupTable<A>,
    before: GroupTable<A>,
  ) {
    this.#query = query;
    this.#now = now;
    this.#before = before;
    this.#groups = join(query, now, before);
  }

  answer(sort: CompareSort<A>, offset: number, limit: number): CompareAnswer<A> {
    return {
      groups: this.#order(sort)
        .slice(offset, offset + limit)
        .map(
          ({ keys, now, before }): ComparedGroup<A> => ({
            keys,
            now: now < 0 ? null : this.#now.values(now),
            before: before < 0 ? null : this.#before.values(before),
          }),
        ),
      count: this.#groups.length,
      totals: { now: this.#now.totals, before: this.#before.totals },
      coverage: { now: this.#now.coverage, before: this.#before.coverage },
    };
  }

  #order(sort: CompareSort<A>): readonly Joined[] {
    const name = JSON.stringify([sort.by, sort.of, sort.descending]);
    let order = this.#orders.get(name);
    if (!order) {
      order = this.#sorted(sort);
      this.#orders.set(name, order);
    }
    return order;
  }

  /** Unknown values come last either way; equal ones in the order of their keys. */
  #sorted({ by, of, descending }: CompareSort<A>): readonly Joined[] {
    const sign = descending ? -1 : 1;
    if (by === 'key') return [...this.#groups].sort((a, b) => compareKeysIn(a.keys, b.keys, descending));
    const values = new Map(this.#groups.map((group) => [group, this.#valueOf(group, by, of)]));
    return [...this.#groups].sort((a, b) => {
      const [x, y] = [values.get(a) ?? null, values.get(b) ?? null];
      if (x !== y && (x === null || y === null)) return x === null ? 1 : -1;
      if (x !== null && y !== null && x !== y) return x < y ? -sign : sign;
      return compareKeys(a.keys, b.keys);
    });
  }

  #valueOf(group: Joined, by: A, of: CompareSort<A>['of']): number | bigint | null {
    const now = this.#side(this.#now, group.now, by);
    if (of === 'now') return group.now < 0 ? null : now;
    const before = this.#side(this.#before, group.before, by);
    if (of === 'before') return group.before < 0 ? null : before;
    if (now === null || before === null) return null;
    // Where one is money, the other is, or stands for no rows.
    return typeof now === 'number' && typeof before === 'number'
      ? now - before
      : BigInt(now) - BigInt(before);
  }

  /** A value; of a range without rows, 0 for what adds up, and unknown for the rest. */
  #side(table: GroupTable<A>, slot: number, by: A): number | bigint | null {
    if (slot < 0) return ADDS_UP.has(this.#query.aggregates[by].fn) ? 0 : null;
    const { value }: AggregateValue = table.reader(by).one(slot);
    return value === null ? null : comparable(value);
  }
}

const ADDS_UP: ReadonlySet<string> = new Set(['count', 'known', 'sum', 'share', 'distinct', 'values']);

function compareKeysIn(a: readonly CellValue[], b: readonly CellValue[], descending: boolean): number {
  if (!descending) return compareKeys(a, b);
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [[a[i] ?? null], [b[i] ?? null]];
    const order = compareKeys(x, y);
    if (order !== 0) return x[0] === null || y[0] === null ? order : -order;
  }
  return 0;
}

/** Joins the groups of two ranges: by their keys, buckets by their number from the range's first. */
function join<A extends string>(
  { by, now: nowRange, before: beforeRange }: Pick<CompareQuery<A>, 'by' | 'now' | 'before'>,
  now: GroupTable<A>,
  before: GroupTable<A>,
): Joined[] {
  const groups: Joined[] = [];
  const byName = new Map<string, Joined>();
  for (let i = 0; i < now.slots.length; i++) {
    const slot = now.slots[i] as number;
    const joined = { keys: now.keys(slot), now: slot, before: -1 };
    groups.push(joined);
    byName.set(nameOf(by, joined.keys, nowRange), joined);
  }
  for (let i = 0; i < before.slots.length; i++) {
    const slot = before.slots[i] as number;
    const keys = before.keys(slot);
    const joined = byName.get(nameOf(by, keys, beforeRange));
    if (joined) joined.before = slot;
    else groups.push({ keys: moved(by, keys, beforeRange, nowRange), now: -1, before: slot });
  }
  return groups;
}

/** What groups of both ranges have in common. */
function nameOf(by: readonly Dimension[], keys: readonly CellValue[], range: TimeRange): string {
  const parts = by.map((dimension, i) => {
    const key = keys[i] as CellValue;
    if (isBucket(dimension)) return clockOf(dimension).number(range.from, key as number, dimension.every);
    return typeof key === 'bigint' ? `${key}` : key;
  });
  return JSON.stringify(parts);
}

/** The keys of a group of one range as they would be in the other. */
function moved(
  by: readonly Dimension[],
  keys: readonly CellValue[],
  from: TimeRange,
  to: TimeRange,
): readonly CellValue[] {
  return keys.map((key, i) => {
    const dimension = by[i] as Dimension;
    if (!isBucket(dimension)) return key;
    const clock = clockOf(dimension);
    return clock.nth(to.from, clock.number(from.from, key as number, dimension.every), dimension.every);
  });
}

const clockOf = ({ zone }: { readonly zone: string }): Zone => zoneOf(zone);
