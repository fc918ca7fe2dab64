import type { Hashes } from './hashes.ts';
import type { Address } from './id-index.ts';

const SHARDS = 256;
/** Numbers a slot: the two lanes of the hash, and the address. */
const SLOT = 3;
const EMPTY = 0xffff_ffff;
const FULLEST = 0.7;
const GROWTH = 1.5;
const SMALLEST = 64;

/**
 * Where generations may stand, by the hash of their id: 12 bytes a slot, and no ids. An id that is not found is not
 * stored; one that is found may be another with the same hash, so whoever asks compares the bytes.
 *
 * It is made of many small tables that grow one by one, so that growing never takes the room of all of it twice.
 */
export class AddressIndex {
  readonly #shards: Uint32Array[];
  readonly #sizes = new Float64Array(SHARDS);

  /** @param expected how many ids are to be added, about */
  constructor(expected: number) {
    const each = Math.max(SMALLEST, Math.ceil(expected / SHARDS / (FULLEST - 0.1)));
    this.#shards = Array.from({ length: SHARDS }, () => table(each));
  }

  /** Adds the ids of some rows (all, unless told) under consecutive addresses. */
  add({ low, high }: Hashes, first: Address, rows?: Uint32Array): void {
    const count = rows ? rows.length : low.length;
    for (let i = 0; i < count; i++) {
      const row = rows ? (rows[i] as number) : i;
      const shard = (high[row] as number) >>> 24;
      let slots = this.#shards[shard] as Uint32Array;
      const size = (this.#sizes[shard] as number) + 1;
      if (size * SLOT > slots.length * FULLEST) {
        slots = grown(slots);
        this.#shards[shard] = slots;
      }
      this.#sizes[shard] = size;
      put(slots, low[row] as number, high[row] as number, first + i);
    }
  }

  /** Calls back with every address that an id with the hash of one of the rows stands at. */
  find({ low, high }: Hashes, found: (row: number, address: Address) => void): void {
    for (let row = 0; row < low.length; row++) {
      const [a, b] = [low[row] as number, high[row] as number];
      const slots = this.#shards[b >>> 24] as Uint32Array;
      for (let at = home(slots, a); ; at = at + SLOT === slots.length ? 0 : at + SLOT) {
        const address = slots[at + 2] as number;
        if (address === EMPTY) break;
        if (slots[at] === a && slots[at + 1] === b) found(row, address);
      }
    }
  }
}

const table = (capacity: number): Uint32Array => new Uint32Array(capacity * SLOT).fill(EMPTY);

/** Where the search for a hash begins. It grows with the hash, so that a table is filled anew from front to end. */
function home(slots: Uint32Array, low: number): number {
  return Math.floor((low * (slots.length / SLOT)) / 2 ** 32) * SLOT;
}

function put(slots: Uint32Array, low: number, high: number, address: Address): void {
  let at = home(slots, low);
  while (slots[at + 2] !== EMPTY) at = at + SLOT === slots.length ? 0 : at + SLOT;
  slots[at] = low;
  slots[at + 1] = high;
  slots[at + 2] = address;
}

function grown(before: Uint32Array): Uint32Array {
  const slots = table(Math.ceil((before.length / SLOT) * GROWTH));
  for (let at = 0; at < before.length; at += SLOT) {
    const address = before[at + 2] as number;
    if (address !== EMPTY) put(slots, before[at] as number, before[at + 1] as number, address);
  }
  return slots;
}
