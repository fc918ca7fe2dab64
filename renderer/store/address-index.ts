import type { Hashes } from './hashes.ts';
import type { Address } from './id-index.ts';

const SHARDS = 256;
/** Numbers a slot: the two lanes of the hash, and the address. */
const SLOT = 3;
const EMPTY = 0xffff_ffff;
const FULLEST = 0.7;
const GROWTH = 1.5;
const SMALLEST = 16;

/**
 * Where generations may stand, by the hash of their id: 12 bytes a slot, and no ids. An id that is not found is not
 * stored; one that is found may be another with the same hash, so whoever asks compares the bytes.
 *
 * It is made of many small tables that grow one by one, so that growing never takes the room of all of it twice.
 */
export class AddressIndex {
  readonly #shards: Shard[];

  /** @param expected how many ids are to be added, about */
  constructor(expected: number) {
    const each = Math.ceil(expected / SHARDS / (FULLEST - 0.1));
    this.#shards = Array.from({ length: SHARDS }, () => new Shard(each));
  }

  /** Adds the ids of some rows (all, unless told) under consecutive addresses. */
  add({ low, high }: Hashes, first: Address, rows?: Uint32Array): void {
    const count = rows ? rows.length : low.length;
    for (let i = 0; i < count; i++) {
      const row = rows ? (rows[i] as number) : i;
      this.#shard(high[row] as number).add(low[row] as number, high[row] as number, first + i);
    }
  }

  /** Calls back with every address that an id with the hash of one of the rows stands at. */
  find({ low, high }: Hashes, found: (row: number, address: Address) => void): void {
    for (let row = 0; row < low.length; row++) {
      this.#shard(high[row] as number).find(low[row] as number, high[row] as number, row, found);
    }
  }

  #shard(high: number): Shard {
    return this.#shards[high >>> 24] as Shard;
  }
}

class Shard {
  #slots: Uint32Array;
  #capacity: number;
  #size = 0;

  constructor(capacity: number) {
    this.#capacity = Math.max(SMALLEST, capacity);
    this.#slots = new Uint32Array(this.#capacity * SLOT).fill(EMPTY);
  }

  add(low: number, high: number, address: Address): void {
    if (this.#size + 1 > this.#capacity * FULLEST) this.#grow();
    this.#size++;
    this.#put(low, high, address);
  }

  find(low: number, high: number, row: number, found: (row: number, address: Address) => void): void {
    const slots = this.#slots;
    for (let at = this.#home(low); ; at = this.#next(at)) {
      const address = slots[at + 2] as number;
      if (address === EMPTY) return;
      if (slots[at] === low && slots[at + 1] === high) found(row, address);
    }
  }

  /** Where the search for a hash begins. */
  #home(low: number): number {
    return Math.floor((low / 2 ** 32) * this.#capacity) * SLOT;
  }

  #next(at: number): number {
    return at + SLOT === this.#slots.length ? 0 : at + SLOT;
  }

  #put(low: number, high: number, address: Address): void {
    const slots = this.#slots;
    let at = this.#home(low);
    while (slots[at + 2] !== EMPTY) at = this.#next(at);
    slots[at] = low;
    slots[at + 1] = high;
    slots[at + 2] = address;
  }

  #grow(): void {
    const before = this.#slots;
    this.#capacity = Math.ceil(this.#capacity * GROWTH);
    this.#slots = new Uint32Array(this.#capacity * SLOT).fill(EMPTY);
    for (let at = 0; at < before.length; at += SLOT) {
      const address = before[at + 2] as number;
      if (address !== EMPTY) this.#put(before[at] as number, before[at + 1] as number, address);
    }
  }
}
