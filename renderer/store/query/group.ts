/** Answers a `GroupQuery`: runs over the columns once, then sorts and cuts windows as often as they are asked. */
import type {
  AggregateValue,
  CellValue,
  Coverage,
  Filter,
  Group,
  GroupAnswer,
  GroupQuery,
  TimeRange,
  Values,
} from '../../../shared/query.ts';
import { Aggregates, type Groups, type Reader } from './aggregates.ts';
import { isBucket } from './dimension.ts';
import { rangeOf } from './filter.ts';
import { GroupOrder } from './group-order.ts';
import { isText } from './measure.ts';
import { type Order, sortByKeys } from './order.ts';
import { Pace } from './pace.ts';
import { blocksOf, scratch } from './part.ts';
import { scan } from './scan.ts';
import { Slots } from './slots.ts';
import type { Snapshot } from './snapshot.ts';

/** What is grouped, whatever the order and window. */
export type GroupBasis<A extends string> = Pick<GroupQuery<A>, 'filter' | 'by' | 'aggregates'>;

/** All groups of a query. */
export class GroupTable<A extends string> {
  readonly #groups: Slots;
  readonly #slots: Order;
  readonly #readers: ReadonlyMap<A, Reader>;
  readonly #orders = new Map<string, Promise<GroupOrder>>();
  readonly coverage: Coverage;
  readonly totals: Values<A>;

  private constructor(
    groups: Slots,
    slots: Order,
    readers: ReadonlyMap<A, Reader>,
    coverage: Coverage,
    totals: Values<A>,
  ) {
    this.#groups = groups;
    this.#slots = slots;
    this.#readers = readers;
    this.coverage = coverage;
    this.totals = totals;
  }

  /** @throws what `pace` is stopped with */
  static async build<A extends string>(
    query: GroupBasis<A>,
    snapshot: Snapshot,
    pace = new Pace(),
  ): Promise<GroupTable<A>> {
    const groups = new Slots(query.by, snapshot, spanOf(query.filter, snapshot));
    const [only, ...more] = query.by;
    const isOneText = only !== undefined && more.length === 0 && !isBucket(only) && isText(only);
    const aggregates = new Aggregates(snapshot, isOneText ? only : null);
    const names = Object.keys(query.aggregates) as A[];
    const readers = new Map(names.map((name) => [name, aggregates.reader(query.aggregates[name])]));
    const { accumulators } = aggregates;
    const columns = [...groups.columns, ...accumulators.flatMap((accumulator) => [...accumulator.columns])];
    const { slots } = scratch;
    const { coverage } = await scan(snapshot, query.filter, columns, pace, (part) => {
      for (const block of blocksOf(part)) {
        groups.assign(block, slots);
        for (const accumulator of accumulators) {
          accumulator.resize(groups.size);
          accumulator.add(block, slots);
        }
      }
    });
    const present = await aggregates.finish(groups.size, pace);
    return new GroupTable(groups, present, readers, coverage, await valuesOf(readers, present, pace));
  }

  /** How many groups there are. */
  get count(): number {
    return this.#slots.length;
  }

  /** The groups, by numbers that only this table knows. */
  get slots(): Groups {
    return this.#slots;
  }

  keys(slot: number): readonly CellValue[] {
    return this.#groups.keys(slot);
  }

  values(slot: number): Values<A> {
    const values = {} as Record<A, AggregateValue>;
    for (const [name, read] of this.#readers) values[name] = read.one(slot);
    return values;
  }

  /** @throws Error when no aggregate has this name */
  reader(name: A): Reader {
    const found = this.#readers.get(name);
    if (!found) throw new Error(`no aggregate is called ${name}`);
    return found;
  }

  /** Makes an order ready to be asked for. Of a table that nobody else has yet: stopped, it must not be used. */
  async sort(sort: GroupQuery<A>['sort'], pace: Pace): Promise<void> {
    await this.#order(sort, pace);
  }

  /** A window of the groups in an order. */
  async answer(
    { sort, offset, limit, other = false }: Omit<GroupQuery<A>, keyof GroupBasis<A>>,
    pace = new Pace(),
  ): Promise<GroupAnswer<A>> {
    const sorted = await this.#order(sort);
    await sorted.settle(offset, offset + limit, pace);
    const order = sorted.places;
    const window = order.subarray(offset, offset + limit);
    const outside = other
      ? without(order, Math.min(offset, order.length), window.length)
      : order.subarray(0, 0);
    return {
      groups: Array.from(window, (slot): Group<A> => ({ keys: this.keys(slot), values: this.values(slot) })),
      count: this.count,
      totals: this.totals,
      other:
        outside.length === 0
          ? null
          : { count: outside.length, values: await valuesOf(this.#readers, outside, pace) },
      coverage: this.coverage,
    };
  }

  /** All groups in an order. Made at a pace of its own, since others may wait for the same. */
  #order(sort: GroupQuery<A>['sort'], pace = new Pace()): Promise<GroupOrder> {
    const name = JSON.stringify([sort.by, sort.descending]);
    const order = this.#orders.get(name) ?? this.#sorted(sort, pace);
    this.#orders.set(name, order);
    return order;
  }

  /** Unknown values come last either way; equal ones in the order of their keys. */
  async #sorted({ by, descending }: GroupQuery<A>['sort'], pace: Pace): Promise<GroupOrder> {
    const ties = { dimensions: this.#groups.dimensions, ranks: (d: number) => this.#groups.ranks(d) };
    if (by === 'key') {
      // Every group has a place of its own, so there are no ties.
      const order = await this.byKeys(descending, pace);
      return new GroupOrder(order, ascendingBy(order, this.#groups.size), { ...ties, exact: null });
    }
    const read = this.reader(by);
    const keys = new Float64Array(this.#groups.size);
    for (let i = 0; i < this.#slots.length; i++) {
      const slot = this.#slots[i] as number;
      // Adding 0 makes one zero of two.
      keys[slot] = read.key(slot) + 0;
      if ((i & 0xfff) === 0) await pace.step();
    }
    const order = await sortByKeys(this.#slots, keys, descending, pace);
    const exact = read.rough() ? exactly(read, descending ? -1 : 1) : null;
    return new GroupOrder(order, keys, { ...ties, exact });
  }

  /** All groups in the order of their keys, unknown last either way. */
  async byKeys(descending: boolean, pace = new Pace()): Promise<Order> {
    let order = this.#slots;
    for (let dimension = this.#groups.dimensions - 1; dimension >= 0; dimension--)
      order = await sortByKeys(order, this.#groups.ranks(dimension), descending, pace);
    return order;
  }
}

/** For each of the places where it stands. */
function ascendingBy(order: Order, size: number): Float64Array {
  const places = new Float64Array(size);
  for (let i = 0; i < order.length; i++) places[order[i] as number] = i;
  return places;
}

/** Compares the values of two groups to the last digit. */
function exactly(read: Reader, sign: number): (a: number, b: number) => number {
  const values = new Map<number, number | bigint>();
  const amountOf = (slot: number): number | bigint => {
    let value = values.get(slot);
    if (value === undefined) {
      value = comparable(read.one(slot).value);
      values.set(slot, value);
    }
    return value;
  };
  return (a, b) => {
    const [x, y] = [amountOf(a), amountOf(b)];
    return x === y ? 0 : x < y ? -sign : sign;
  };
}

async function valuesOf<A extends string>(
  readers: ReadonlyMap<A, Reader>,
  slots: Groups,
  pace: Pace,
): Promise<Values<A>> {
  const values = {} as Record<A, AggregateValue>;
  for (const [name, read] of readers) {
    values[name] = await read.all(slots, pace);
    await pace.step();
  }
  return values;
}

/** The time in which the rows of a filter lie, as far as that is known without reading them. */
function spanOf(filter: Filter, snapshot: Snapshot): TimeRange {
  const { from, to } = rangeOf(filter);
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { info } of snapshot.segments) {
    first = Math.min(first, info.from);
    last = Math.max(last, info.to);
  }
  return { from: Math.max(from, first), to: Math.min(to, last + 1) };
}

/** The places outside a window. */
function without(order: Order, from: number, length: number): Order {
  const outside = new Uint32Array(order.length - length);
  outside.set(order.subarray(0, from));
  outside.set(order.subarray(from + length), from);
  return outside;
}

/** Lists order by their length. */
export function comparable(value: AggregateValue['value']): number | bigint {
  if (value === null) return 0;
  return typeof value === 'object' ? value.length : value;
}
