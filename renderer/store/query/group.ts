/** Answers a `GroupQuery`: runs over the columns once, then sorts and cuts windows as often as they are asked. */

import type { TextKey } from '../../../shared/columns.ts';
import type { AggregateValue, Coverage, Group, GroupAnswer, GroupQuery } from '../../../shared/query.ts';
import { compareText, type Dictionary } from '../dictionary.ts';
import { type Segment, vectorAs } from '../segment.ts';
import { Aggregates, type Reader } from './aggregates.ts';
import { compileFilter } from './filter.ts';
import type { Snapshot } from './source.ts';

/** All groups of a query, whatever its order and window. */
export class GroupTable<A extends string> {
  readonly #dictionary: Dictionary;
  readonly #slots: readonly number[];
  readonly #readers: ReadonlyMap<A, Reader>;
  readonly #coverage: Coverage;
  readonly #totals: Readonly<Record<A, AggregateValue>>;
  readonly #orders = new Map<string, readonly number[]>();

  private constructor(
    dictionary: Dictionary,
    slots: readonly number[],
    readers: ReadonlyMap<A, Reader>,
    coverage: Coverage,
  ) {
    this.#dictionary = dictionary;
    this.#slots = slots;
    this.#readers = readers;
    this.#coverage = coverage;
    this.#totals = this.#values(slots);
  }

  static async build<A extends string>(query: GroupQuery<A>, snapshot: Snapshot): Promise<GroupTable<A>> {
    const dictionary = snapshot.dictionary(query.by);
    const filter = compileFilter(query.filter, snapshot);
    const aggregates = new Aggregates(snapshot, dictionary.size + 1);
    const names = Object.keys(query.aggregates) as A[];
    const readers = new Map(names.map((name) => [name, aggregates.reader(query.aggregates[name])]));

    const columns = aggregates.accumulators.flatMap((accumulator) => [...accumulator.columns]);
    await snapshot.load(filter.segments, new Set([query.by, ...filter.columns, ...columns]));
    for (const segment of filter.segments) {
      const slots = slotsOf(segment, query.by, filter.select(segment));
      for (const accumulator of aggregates.accumulators) accumulator.add(segment, slots);
    }

    const present = aggregates.finish();
    const bound = (fn: 'min' | 'max') =>
      aggregates.reader({ fn, of: 'created_at' })(present).value as number | null;
    return new GroupTable(dictionary, present, readers, {
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
        .map((slot): Group<A> => ({ key: this.#dictionary.word(slot), values: this.#values([slot]) })),
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
      order = sort.by === 'key' ? this.#byKey(sort.descending) : this.#byValue(sort.by, sort.descending);
      this.#orders.set(name, order);
    }
    return order;
  }

  #compareKeys(a: number, b: number): number {
    return compareText(this.#dictionary.word(a) ?? '', this.#dictionary.word(b) ?? '');
  }

  /** The group without a key comes last either way: it is no key among keys. */
  #byKey(descending: boolean): readonly number[] {
    const sign = descending ? -1 : 1;
    const keys = this.#slots.filter((slot) => slot !== 0).sort((a, b) => sign * this.#compareKeys(a, b));
    return this.#slots[0] === 0 ? [...keys, 0] : keys;
  }

  /** Unknown values come last either way; equal ones in the order of their keys. */
  #byValue(by: A, descending: boolean): readonly number[] {
    const sign = descending ? -1 : 1;
    const read = this.#readers.get(by);
    if (!read) throw new Error(`no aggregate is called ${by}`);
    const values = new Map(this.#slots.map((slot) => [slot, comparable(read([slot]).value)]));
    return [...this.#slots].sort((a, b) => {
      const [x, y] = [values.get(a) ?? null, values.get(b) ?? null];
      if (x === null || y === null) return x === y ? this.#compareKeys(a, b) : x === null ? 1 : -1;
      return x < y ? -sign : x > y ? sign : this.#compareKeys(a, b);
    });
  }
}

/** Lists order by their length. */
function comparable(value: AggregateValue['value']): number | bigint | null {
  return typeof value === 'object' && value !== null ? value.length : value;
}

/** The group of each row: the code of its word (0: unknown), or −1 for a row the filter leaves out. */
function slotsOf(segment: Segment, by: TextKey, selected: Uint8Array | null): Int32Array {
  const slots = new Int32Array(segment.info.rows);
  const codes = vectorAs(segment, by, 'text')?.codes;
  if (codes) slots.set(codes);
  if (selected) for (let row = 0; row < slots.length; row++) if (selected[row] === 0) slots[row] = -1;
  return slots;
}
