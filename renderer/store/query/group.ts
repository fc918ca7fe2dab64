/** Answers a `GroupQuery`: runs over the columns once, then sorts and cuts windows as often as they are asked. */
import type { AggregateValue, Coverage, Group, GroupAnswer, GroupQuery } from '../../../shared/query.ts';
import { Aggregates, type Reader } from './aggregates.ts';
import { compareKeys, type Key, Slots } from './dimension.ts';
import { compileFilter } from './filter.ts';
import type { Snapshot } from './snapshot.ts';

/** All groups of a query, whatever its order and window. */
export class GroupTable<A extends string> {
  readonly #groups: Slots;
  readonly #slots: readonly number[];
  readonly #readers: ReadonlyMap<A, Reader>;
  readonly #coverage: Coverage;
  readonly #totals: Readonly<Record<A, AggregateValue>>;
  readonly #orders = new Map<string, readonly number[]>();

  private constructor(
    groups: Slots,
    slots: readonly number[],
    readers: ReadonlyMap<A, Reader>,
    coverage: Coverage,
  ) {
    this.#groups = groups;
    this.#slots = slots;
    this.#readers = readers;
    this.#coverage = coverage;
    this.#totals = this.#values(slots);
  }

  static async build<A extends string>(query: GroupQuery<A>, snapshot: Snapshot): Promise<GroupTable<A>> {
    const filter = compileFilter(query.filter, snapshot);
    const groups = new Slots(query.by, snapshot, filter.segments);
    await snapshot.load(filter.segments, new Set([...groups.columns, ...filter.columns]));
    const assigned = filter.segments.map((segment) => groups.assign(segment, filter.select(segment)));

    const [only, ...more] = query.by;
    const by = only === undefined || only === 'day' || more.length > 0 ? null : only;
    const aggregates = new Aggregates(snapshot, groups.size, by);
    const names = Object.keys(query.aggregates) as A[];
    const readers = new Map(names.map((name) => [name, aggregates.reader(query.aggregates[name])]));
    const columns = aggregates.accumulators.flatMap((accumulator) => [...accumulator.columns]);
    await snapshot.load(filter.segments, columns);
    filter.segments.forEach((segment, i) => {
      for (const accumulator of aggregates.accumulators) accumulator.add(segment, assigned[i] as Int32Array);
    });

    const present = aggregates.finish();
    const bound = (fn: 'min' | 'max') =>
      aggregates.reader({ fn, of: 'created_at' })(present).value as number | null;
    return new GroupTable(groups, present, readers, {
      rows: aggregates.reader({ fn: 'count' })(present).known,
      from: bound('min'),
      to: bound('max'),
      version: snapshot.version,
    });
  }

  /** A window of the groups in an order. */
  answer(sort: GroupQuery<A>['sort'], offset: number, limit: number): GroupAnswer<A> {
    return {
      groups: this.#order(sort)
        .slice(offset, offset + limit)
        .map((slot): Group<A> => ({ keys: this.#groups.keys(slot), values: this.#values([slot]) })),
      count: this.#slots.length,
      totals: this.#totals,
      coverage: this.#coverage,
    };
  }

  #values(slots: readonly number[]): Record<A, AggregateValue> {
    const values = {} as Record<A, AggregateValue>;
    for (const [name, read] of this.#readers) values[name] = read(slots);
    return values;
  }

  #order(sort: GroupQuery<A>['sort']): readonly number[] {
    const name = JSON.stringify(sort);
    let order = this.#orders.get(name);
    if (!order) {
      order = this.#sorted(sort);
      this.#orders.set(name, order);
    }
    return order;
  }

  /** Unknown values come last either way; equal ones in the order of their keys. */
  #sorted({ by, descending }: GroupQuery<A>['sort']): readonly number[] {
    const keys = new Map(this.#slots.map((slot) => [slot, this.#groups.keys(slot)]));
    const keysOf = (slot: number) => keys.get(slot) as readonly Key[];
    if (by === 'key') return [...this.#slots].sort((a, b) => compareKeys(keysOf(a), keysOf(b), descending));

    const sign = descending ? -1 : 1;
    const read = this.#readers.get(by);
    if (!read) throw new Error(`no aggregate is called ${by}`);
    const values = new Map(this.#slots.map((slot) => [slot, comparable(read([slot]).value)]));
    return [...this.#slots].sort((a, b) => {
      const [x, y] = [values.get(a) ?? null, values.get(b) ?? null];
      if (x !== y && (x === null || y === null)) return x === null ? 1 : -1;
      if (x !== null && y !== null && x !== y) return x < y ? -sign : sign;
      return compareKeys(keysOf(a), keysOf(b), false);
    });
  }
}

/** Lists order by their length. */
function comparable(value: AggregateValue['value']): number | bigint | null {
  return typeof value === 'object' && value !== null ? value.length : value;
}
