import type { IdVector } from './vector.ts';

/** Where a generation stands: segment position × 65,536 + row. */
export type Address = number;

export const SEGMENT_ROWS = 65_536;

export const addressOf = (segment: number, row: number): Address => segment * SEGMENT_ROWS + row;
export const segmentOf = (address: Address): number => Math.floor(address / SEGMENT_ROWS);
export const rowOf = (address: Address): number => address % SEGMENT_ROWS;

const EMPTY = 0xffff_ffff;

/**
 * Finds generations by their id: an open-addressing hash table of 8 bytes a slot that keeps no ids itself but
 * compares with the bytes in the segments, so that two ids are the same only when every byte is.
 */
export class IdIndex {
  #hashes = new Uint32Array(0);
  #addresses = new Uint32Array(0);
  #size = 0;
  readonly #ids: (segment: number) => IdVector;

  /** @param ids the ids of the segment at a position */
  constructor(ids: (segment: number) => IdVector, expected: number) {
    this.#ids = ids;
    this.#resize(expected);
  }

  /** The address of a generation with this id, or −1. */
  find(ids: IdVector, row: number): Address {
    const hash = hashOf(ids, row);
    const mask = this.#addresses.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const address = this.#addresses[slot] as number;
      if (address === EMPTY) return -1;
      if (this.#hashes[slot] === hash && this.#isSame(address, ids, row)) return address;
    }
  }

  /** Adds an id that is not there yet. */
  add(ids: IdVector, row: number, address: Address): void {
    if (this.#size * 2 >= this.#addresses.length) this.#resize(this.#size * 2);
    this.#size++;
    this.#put(hashOf(ids, row), address);
  }

  #put(hash: number, address: Address): void {
    const mask = this.#addresses.length - 1;
    let slot = hash & mask;
    while (this.#addresses[slot] !== EMPTY) slot = (slot + 1) & mask;
    this.#hashes[slot] = hash;
    this.#addresses[slot] = address;
  }

  #resize(expected: number): void {
    const [hashes, addresses] = [this.#hashes, this.#addresses];
    let capacity = 1024;
    while (capacity < expected * 2) capacity *= 2;
    this.#hashes = new Uint32Array(capacity);
    this.#addresses = new Uint32Array(capacity).fill(EMPTY);
    for (let slot = 0; slot < addresses.length; slot++) {
      const address = addresses[slot] as number;
      if (address !== EMPTY) this.#put(hashes[slot] as number, address);
    }
  }

  #isSame(address: Address, ids: IdVector, row: number): boolean {
    const stored = this.#ids(segmentOf(address));
    const at = rowOf(address);
    const start = stored.offsets[at] as number;
    const length = (stored.offsets[at + 1] as number) - start;
    const from = ids.offsets[row] as number;
    if ((ids.offsets[row + 1] as number) - from !== length) return false;
    for (let i = 0; i < length; i++) if (stored.bytes[start + i] !== ids.bytes[from + i]) return false;
    return true;
  }
}

/** FNV-1a over the id's bytes, with a final mix, since ids of one second share their beginning. */
function hashOf(ids: IdVector, row: number): number {
  let hash = 0x811c9dc5;
  const end = ids.offsets[row + 1] as number;
  for (let i = ids.offsets[row] as number; i < end; i++) {
    hash = Math.imul(hash ^ (ids.bytes[i] as number), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return (hash ^ (hash >>> 15)) >>> 0;
}
