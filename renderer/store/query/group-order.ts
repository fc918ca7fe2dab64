import { createTurns } from '../../../shared/turns.ts';
import { type Order, sortByKeys } from './order.ts';
import type { Pace } from './pace.ts';

/** Shorter runs are sorted by comparing. */
const SHORT = 512;

/** How groups of equal value stand to each other. */
export interface Ties {
  /** Where the values are known to more digits than the keys; null where the keys say it all. */
  readonly exact: ((a: number, b: number) => number) | null;
  readonly dimensions: number;
  /** For each group the place of its key in one dimension, NaN for unknown. */
  readonly ranks: (dimension: number) => Float64Array;
}

/**
 * Groups in the order of a value. Those of equal value are put in the order of their keys when a window shows them:
 * hundreds of thousands of groups have many ties, and nearly all of them are never looked at.
 */
export class GroupOrder {
  readonly places: Order;
  readonly #keys: Float64Array;
  readonly #ties: Ties;
  readonly #ranks: Float64Array[] = [];
  /** Where the runs begin that are in order. */
  readonly #settled = new Set<number>();
  readonly #inTurn = createTurns();

  /**
   * @param places sorted by their keys
   * @param keys by place; NaN for unknown
   */
  constructor(places: Order, keys: Float64Array, ties: Ties) {
    this.places = places;
    this.#keys = keys;
    this.#ties = ties;
  }

  /** Puts the ties in order that a window shows or cuts. */
  settle(from: number, to: number, pace: Pace): Promise<void> {
    return this.#inTurn(() => this.#settle(from, to, pace));
  }

  async #settle(from: number, to: number, pace: Pace): Promise<void> {
    const { places } = this;
    const end = Math.min(to, places.length);
    let start = Math.max(0, Math.min(from, places.length - 1));
    while (start > 0 && this.#tie(start - 1, start)) start--;
    while (start < end) {
      let next = start + 1;
      while (next < places.length && this.#tie(start, next)) next++;
      if (next - start > 1 && !this.#settled.has(start)) {
        await this.#sort(places.subarray(start, next), pace);
        this.#settled.add(start);
      }
      start = next;
    }
  }

  #tie(a: number, b: number): boolean {
    const { places } = this;
    return Object.is(this.#keys[places[a] as number], this.#keys[places[b] as number]);
  }

  async #sort(run: Order, pace: Pace): Promise<void> {
    const { exact, dimensions } = this.#ties;
    if (run.length <= SHORT) {
      run.sort((a, b) => exact?.(a, b) || this.#byRanks(a, b));
      return;
    }
    let sorted: Order = run;
    for (let dimension = dimensions - 1; dimension >= 0; dimension--)
      sorted = await sortByKeys(sorted, this.#ranksOf(dimension), false, pace);
    if (exact) sorted.sort(exact);
    run.set(sorted);
  }

  #byRanks(a: number, b: number): number {
    for (let dimension = 0; dimension < this.#ties.dimensions; dimension++) {
      const ranks = this.#ranksOf(dimension);
      const [x, y] = [ranks[a] as number, ranks[b] as number];
      if (Object.is(x, y)) continue;
      if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
      return x - y;
    }
    return 0;
  }

  #ranksOf(dimension: number): Float64Array {
    let ranks = this.#ranks[dimension];
    if (!ranks) {
      ranks = this.#ties.ranks(dimension);
      this.#ranks[dimension] = ranks;
    }
    return ranks;
  }
}
