/** Ids as the store keeps and compares them: one run of UTF-8 bytes. */
import type { IdVector } from './vector.ts';

/** What most ids of generations take, and a little more. */
const ID_BYTES = 40;
/** No character of JavaScript's takes more. */
const CHARACTER_BYTES = 3;
const encoder = new TextEncoder();

/** Encodes ids that come in bites; its arrays are used again for those after `finish`. */
export class IdEncoder {
  #rows = 0;
  #offsets: Uint32Array;
  #bytes: Uint8Array;

  /** @param capacity ids that it has room for at first, about */
  constructor(capacity: number) {
    this.#offsets = new Uint32Array(capacity + 1);
    this.#bytes = new Uint8Array(capacity * ID_BYTES);
  }

  get rows(): number {
    return this.#rows;
  }

  add(ids: readonly string[]): void {
    const joined = ids.join('');
    let at = this.#offsets[this.#rows] as number;
    this.#makeRoom(ids.length, at + joined.length * CHARACTER_BYTES);
    // As many bytes as characters: all of them are ASCII.
    const isPlain = encoder.encodeInto(joined, this.#bytes.subarray(at)).written === joined.length;
    for (const id of ids) {
      at += isPlain ? id.length : encoder.encodeInto(id, this.#bytes.subarray(at)).written;
      this.#offsets[++this.#rows] = at;
    }
  }

  /** Takes back all but the first ids. */
  cutTo(rows: number): void {
    this.#rows = rows;
  }

  finish(): IdVector {
    const offsets = this.#offsets.slice(0, this.#rows + 1);
    const bytes = this.#bytes.slice(0, offsets[this.#rows]);
    this.#rows = 0;
    return { kind: 'id', offsets, bytes };
  }

  #makeRoom(ids: number, bytes: number): void {
    const rows = this.#rows + ids + 1;
    if (rows > this.#offsets.length) this.#offsets = longer(this.#offsets, rows);
    if (bytes > this.#bytes.length) this.#bytes = longer(this.#bytes, bytes);
  }
}

function longer<T extends Uint8Array | Uint32Array>(array: T, least: number): T {
  const copy = new (array.constructor as new (length: number) => T)(Math.max(least, array.length * 2));
  copy.set(array);
  return copy;
}

export function encodeIds(ids: readonly string[]): IdVector {
  const all = new IdEncoder(ids.length);
  all.add(ids);
  return all.finish();
}
