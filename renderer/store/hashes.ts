import type { IdVector } from './vector.ts';

/** 64 bits of hash for each id of a vector, in two lanes. */
export interface Hashes {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
}

/** Two FNV-1a runs over the id’s bytes with different primes, each mixed at its end, since ids of one second share their beginning. */
export function hashIds({ offsets, bytes }: IdVector): Hashes {
  const rows = offsets.length - 1;
  const low = new Uint32Array(rows);
  const high = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    let a = 0x811c9dc5;
    let b = 0x9747b28c;
    const end = offsets[row + 1] as number;
    for (let i = offsets[row] as number; i < end; i++) {
      const byte = bytes[i] as number;
      a = Math.imul(a ^ byte, 0x01000193);
      b = Math.imul(b ^ byte, 0x5bd1e995);
    }
    low[row] = mix(a);
    high[row] = mix(b ^ (end - (offsets[row] as number)));
  }
  return { low, high };
}

function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return mixed ^ (mixed >>> 15);
}

/** Whether two ids are the same, byte for byte. */
export function isSameId(a: IdVector, rowA: number, b: IdVector, rowB: number): boolean {
  const start = a.offsets[rowA] as number;
  const length = (a.offsets[rowA + 1] as number) - start;
  const from = b.offsets[rowB] as number;
  if ((b.offsets[rowB + 1] as number) - from !== length) return false;
  for (let i = 0; i < length; i++) if (a.bytes[start + i] !== b.bytes[from + i]) return false;
  return true;
}
