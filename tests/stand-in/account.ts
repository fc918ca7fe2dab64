import type { SampleAccount, SampleRow } from '../../shared/sample/types.ts';

/** What `/generation/content` shows of a generation. */
export interface StoredContent {
  messages: unknown[];
  completion: string;
}

interface Added {
  row: SampleRow;
  /** How many seeded generations are newer: its place among them. */
  newerSeeded: number;
}

/**
 * The account as it lives: the seeded generations and those added since, in one order, newest first.
 * An added generation may be older than others (real ones arrive late): it takes its place by time.
 */
export class LiveAccount {
  readonly #seeded: SampleAccount;
  /** Newest first, like everything here. */
  readonly #added: Added[] = [];
  readonly #injected: unknown[] = [];
  readonly #contents = new Map<string, StoredContent>();
  readonly #listeners: ((row: SampleRow) => void)[] = [];

  constructor(seeded: SampleAccount) {
    this.#seeded = seeded;
  }

  get keys() {
    return this.#seeded.keys;
  }

  /** End user ids of the seeded generations, the busiest first. */
  get users() {
    return this.#seeded.users;
  }

  get length(): number {
    return this.#seeded.length + this.#added.length;
  }

  /** Raw objects put in front of `/generations` by `inject`, the latest first. */
  get injected(): readonly unknown[] {
    return this.#injected;
  }

  /** The generation at `index`, newest first. Throws RangeError outside 0…length−1. */
  generation(index: number): SampleRow {
    const added = this.#addedBefore(index);
    const next = this.#added[added];
    return next && next.newerSeeded + added === index ? next.row : this.#seeded.generation(index - added);
  }

  /** UTC milliseconds of the generation at `index`, without building it. */
  createdMs(index: number): number {
    const added = this.#addedBefore(index);
    const next = this.#added[added];
    return next && next.newerSeeded + added === index
      ? next.row.extra.created_ms
      : this.#seeded.createdMs(index - added);
  }

  /** The generations with start ≤ created_at < end (UTC milliseconds), newest first. */
  *between(start: number, end: number): Generator<SampleRow> {
    const last = this.#firstBefore(start);
    for (let i = this.#firstBefore(end); i < last; i++) yield this.generation(i);
  }

  /** Every generation, newest first. */
  *all(): Generator<SampleRow> {
    for (let i = 0; i < this.length; i++) yield this.generation(i);
  }

  /** The generation with this id, or undefined. */
  find(id: string): SampleRow | undefined {
    const added = this.#added.find(({ row }) => row.api.id === id);
    if (added) return added.row;
    // The id carries its second: look at the few generations of that second.
    const second = Number(/^gen-(\d+)-/.exec(id)?.[1] ?? Number.NaN) * 1000;
    if (Number.isNaN(second)) return undefined;
    for (const row of this.between(second, second + 1000)) if (row.api.id === id) return row;
    return undefined;
  }

  /** Adds a generation at its place by time (`extra.created_ms`), with what was said if that is known. */
  add(row: SampleRow, content?: StoredContent): void {
    const ms = row.extra.created_ms;
    const newerSeeded = firstWhere(this.#seeded.length, (i) => this.#seeded.createdMs(i) < ms);
    const place = this.#added.findIndex((other) => other.row.extra.created_ms <= ms);
    this.#added.splice(place < 0 ? this.#added.length : place, 0, { row, newerSeeded });
    if (content) this.#contents.set(row.api.id, content);
    for (const listener of this.#listeners) listener(row);
  }

  /** Puts any JSON value in front of `/generations`, as it is: for what a client must survive. */
  inject(raw: unknown): void {
    this.#injected.unshift(raw);
  }

  /** Calls `listener` for each generation added from now on. */
  onAdd(listener: (row: SampleRow) => void): void {
    this.#listeners.push(listener);
  }

  /** What was said in a generation that was sent to this server; undefined for seeded ones. */
  content(id: string): StoredContent | undefined {
    return this.#contents.get(id);
  }

  /** How many added generations come before the overall `index`. */
  #addedBefore(index: number): number {
    return firstWhere(this.#added.length, (i) => this.#added[i]!.newerSeeded + i >= index);
  }

  #firstBefore(ms: number): number {
    return firstWhere(this.length, (i) => this.createdMs(i) < ms);
  }
}

/** The first of 0…length for which `test` holds, by bisection: it must stay true once it is. */
function firstWhere(length: number, test: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (test(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
