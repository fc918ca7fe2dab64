import type { CellValue, Dimension, TimeRange } from '../../../shared/query.ts';
import type { StoredKey } from '../segment.ts';
import { type Coder, coderOf } from './dimension.ts';
import { Pairs } from './pairs.ts';
import { type Part, scratch } from './part.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * The groups of a query, as numbers: a slot each. With one dimension they are its codes; with more, the combinations
 * that occur, since all that could are far too many.
 */
export class Slots {
  readonly #coders: readonly Coder[];
  /** The slots of the dimensions up to the second, the third …, each a pair of those before and a code. */
  readonly #pairs: readonly Pairs[];

  /** @param range in which the rows lie */
  constructor(by: readonly Dimension[], snapshot: Snapshot, range: TimeRange) {
    this.#coders = by.map((dimension) => coderOf(dimension, snapshot, range));
    this.#pairs = this.#coders.slice(1).map((coder, i) => {
      const before = i === 0 ? (this.#coders[0] as Coder).most : null;
      return new Pairs(before !== null && coder.most !== null ? [before, coder.most] : null);
    });
  }

  get columns(): readonly StoredKey[] {
    return this.#coders.flatMap((coder) => [...coder.columns]);
  }

  /** Slots lie below this; of what has been assigned so far. */
  get size(): number {
    return this.#pairs.at(-1)?.size ?? this.#coders[0]?.size ?? 1;
  }

  /** Writes the slot of each row of a part. */
  assign(part: Part, target: Int32Array): void {
    const [first, ...more] = this.#coders;
    if (first) first.code(part, target);
    else target.fill(0, 0, part.count);
    more.forEach((coder, i) => {
      const pairs = this.#pairs[i] as Pairs;
      const { codes } = scratch;
      coder.code(part, codes);
      for (let row = 0; row < part.count; row++)
        target[row] = pairs.number(target[row] as number, codes[row] as number);
    });
  }

  /** The values that a group stands for. */
  keys(slot: number): readonly CellValue[] {
    return this.#coders.map((coder, i) => coder.key(this.code(slot, i)));
  }

  /** For each slot the place of its key in one dimension, NaN for unknown. */
  ranks(dimension: number): Float64Array {
    const ranks = (this.#coders[dimension] as Coder).ranks();
    if (this.#pairs.length === 0) return ranks;
    const ofSlots = new Float64Array(this.size);
    for (let slot = 0; slot < ofSlots.length; slot++)
      ofSlots[slot] = ranks[this.code(slot, dimension)] as number;
    return ofSlots;
  }

  get dimensions(): number {
    return this.#coders.length;
  }

  /** The code of a slot in a dimension. */
  code(slot: number, dimension: number): number {
    let at = slot;
    for (let i = this.#pairs.length; i > dimension; i--) at = (this.#pairs[i - 1] as Pairs).first(at);
    return dimension === 0 ? at : (this.#pairs[dimension - 1] as Pairs).second(at);
  }
}
