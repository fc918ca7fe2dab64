/** Answers a `FacetQuery`: counts the rows of each value once, then finds and cuts as often as they are asked. */
import type { FacetAnswer, FacetQuery } from '../../../shared/query.ts';
import { GroupTable } from './group.ts';
import { isText } from './measure.ts';
import { type Order, sortByKeys } from './order.ts';
import { Pace } from './pace.ts';
import type { Snapshot } from './snapshot.ts';

/** The values of a column and how many rows have each, whatever is searched among them. */
export class FacetTable {
  readonly #of: FacetQuery['of'];
  readonly #snapshot: Snapshot;
  readonly #table: GroupTable<'rows'>;
  /** By rows, then by name; unknown last. */
  readonly #order: Order;

  private constructor(of: FacetQuery['of'], snapshot: Snapshot, table: GroupTable<'rows'>, order: Order) {
    this.#of = of;
    this.#snapshot = snapshot;
    this.#table = table;
    this.#order = order;
  }

  /** @throws what `pace` is stopped with */
  static async build(
    { filter, of }: Pick<FacetQuery, 'filter' | 'of'>,
    snapshot: Snapshot,
    pace = new Pace(),
  ): Promise<FacetTable> {
    const query = { filter, by: [of], aggregates: { rows: { fn: 'count' } } } as const;
    const table = await GroupTable.build(query, snapshot, pace);
    const byName = await table.order({ by: 'key', descending: false });
    const { key } = table.reader('rows');
    const rows = new Float64Array(byName.reduce((most, slot) => Math.max(most, slot + 1), 0));
    for (const slot of byName) rows[slot] = isUnknown(table, slot) ? Number.NaN : key(slot);
    return new FacetTable(of, snapshot, table, await sortByKeys(byName, rows, true, pace));
  }

  answer({ search = '', offset, limit }: Pick<FacetQuery, 'search' | 'offset' | 'limit'>): FacetAnswer {
    const order = search === '' ? this.#order : this.#found(search);
    const { one } = this.#table.reader('rows');
    return {
      values: Array.from(order.subarray(offset, offset + limit), (slot) => ({
        value: this.#table.keys(slot)[0] as string | boolean | null,
        rows: one(slot).known,
      })),
      count: order.length,
      coverage: this.#table.coverage,
    };
  }

  /** Flags are always there, and so is unknown, which holds no text. */
  #found(search: string): Order {
    if (!isText(this.#of)) return this.#order;
    const holds = this.#snapshot.dictionary(this.#of).holding(search);
    // The slots of a text column are its codes, and code 0 is unknown.
    return this.#order.filter((code) => code === 0 || holds[code] === 1);
  }
}

const isUnknown = (table: GroupTable<'rows'>, slot: number): boolean => table.keys(slot)[0] === null;
