/** More cells than this are not laid out; 16 MB. */
const MOST_CELLS = 1 << 22;

/** Numbers the pairs of two codes in the order they are met. */
export class Pairs {
  #first = new Int32Array(1024);
  #second = new Int32Array(1024);
  #size = 0;
  /** Number + 1 of a pair, 0 for none: a cell for each that there can be, or an open-addressing hash table. */
  #table: Int32Array;
  /** How many second codes there are, with a cell for each pair; 0 for a hash table. */
  readonly #width: number;

  /** @param sizes how many first and second codes there are, where that is known */
  constructor(sizes: readonly [number, number] | null) {
    const cells = sizes ? sizes[0] * sizes[1] : Number.POSITIVE_INFINITY;
    this.#width = sizes && cells <= MOST_CELLS ? sizes[1] : 0;
    this.#table = new Int32Array(this.#width > 0 ? cells : 4096);
  }

  /** How many pairs have been met. */
  get size(): number {
    return this.#size;
  }

  /** The number of a pair, which is given one when it is new. */
  number(first: number, second: number): number {
    let cell = first * this.#width + second;
    if (this.#width === 0) {
      if (this.#size * 2 >= this.#table.length) this.#grow();
      cell = this.#find(first, second);
    }
    const known = this.#table[cell] as number;
    if (known !== 0) return known - 1;
    if (this.#size === this.#first.length) {
      this.#first = doubled(this.#first);
      this.#second = doubled(this.#second);
    }
    this.#first[this.#size] = first;
    this.#second[this.#size] = second;
    this.#table[cell] = ++this.#size;
    return this.#size - 1;
  }

  first(pair: number): number {
    return this.#first[pair] as number;
  }

  second(pair: number): number {
    return this.#second[pair] as number;
  }

  /** The cell of a pair, or the empty one where it belongs. */
  #find(first: number, second: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    for (let cell = (hash ^ (hash >>> 13)) & mask; ; cell = (cell + 1) & mask) {
      const pair = (table[cell] as number) - 1;
      if (pair < 0 || (this.#first[pair] === first && this.#second[pair] === second)) return cell;
    }
  }

  #grow(): void {
    this.#table = new Int32Array(this.#table.length * 2);
    for (let pair = 0; pair < this.#size; pair++) {
      this.#table[this.#find(this.#first[pair] as number, this.#second[pair] as number)] = pair + 1;
    }
  }
}

function doubled(values: Int32Array): Int32Array<ArrayBuffer> {
  const more = new Int32Array(values.length * 2);
  more.set(values);
  return more;
}
