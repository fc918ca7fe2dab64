import { isSameId } from './hashes.ts';
import type { IdVector } from './vector.ts';

/** Where a generation stands: segment position × 65,536 + row. */
export type Address = number;

export const SEGMENT_ROWS = 65_536;

export const addressOf = (segment: number, row: number): Address => segment * SEGMENT_ROWS + row;
export const segmentOf = (address: Address): number => Math.floor(address / SEGMENT_ROWS);
export const rowOf = (address: Address): number => address % SEGMENT_ROWS;

const EMPTY = 0xffff_ffff;

/**
 * Finds ids in a list of any length: an open-addressing hash table of 8 bytes a slot that keeps no ids itself but
 * compares with the bytes in the list, so that two ids are the same only when every byte is.
 */
export class IdIndex {
  #hashes = new Uint32Array(0);
  /** Places in the list. */
  #places = new Uint32Array(0);
  #size = 0;
  readonly #list: IdVector;

  /** @param list those of its ids can be found that were added */
  constructor(list: IdVector) {
    this.#list = list;
    this.#resize(list.offsets.length - 1);
  }

  /** The place of an id in the list, or −1. */
  find(ids: IdVector, row: number): number {
    const hash = hashOf(ids, row);
    const mask = this.#places.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const place = this.#places[slot] as number;
      if (place === EMPTY) return -1;
      if (this.#hashes[slot] === hash && isSameId(this.#list, place, ids, row)) return place;
    }
  }

  /** Adds an id of the list that is not there yet. */
  add(place: number): void {
    if (this.#size * 2 >= this.#places.length) this.#resize(this.#size * 2);
    this.#size++;
    this.#put(hashOf(this.#list, place), place);
  }

  #put(hash: number, place: number): void {
    const mask = this.#places.length - 1;
    let slot = hash & mask;
    while (this.#places[slot] !== EMPTY) slot = (slot + 1) & mask;
    this.#hashes[slot] = hash;
    this.#places[slot] = place;
  }

  #resize(expected: number): void {
    const [hashes, places] = [this.#hashes, this.#places];
    let capacity = 1024;
    while (capacity < expected * 2) capacity *= 2;
    this.#hashes = new Uint32Array(capacity);
    this.#places = new Uint32Array(capacity).fill(EMPTY);
    for (let slot = 0; slot < places.length; slot++) {
      const place = places[slot] as number;
      if (place !== EMPTY) this.#put(hashes[slot] as number, place);
    }
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
