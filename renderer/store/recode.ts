/** Drops the words of a dictionary that no row has. */
import type { Dictionary } from './dictionary.ts';
import { freeze, UNKNOWN_CODE, type Vector } from './vector.ts';

/** Marks the codes that occur. */
export function wordsInUse(codes: ArrayLike<number>, used: Uint8Array): void {
  for (let row = 0; row < codes.length; row++) used[codes[row] as number] = 1;
}

export interface Recoded {
  /** The words that are left, in the order they were in. */
  readonly words: readonly string[];
  /** The same words in their new codes. */
  readonly translate: (codes: ArrayLike<number>) => { readonly vector: Vector; readonly highest: number };
}

/** @returns null where every word is in use */
export function recode(dictionary: Dictionary, used: Uint8Array): Recoded | null {
  const words: string[] = [];
  const next = new Uint32Array(dictionary.size + 1);
  for (let code = 1; code <= dictionary.size; code++) {
    if (used[code] === 1) next[code] = words.push(dictionary.word(code) as string);
  }
  if (words.length === dictionary.size) return null;
  return {
    words,
    translate: (codes) => {
      const translated = new Uint32Array(codes.length);
      let highest = 0;
      for (let row = 0; row < codes.length; row++) {
        translated[row] = next[codes[row] as number] as number;
        highest = Math.max(highest, translated[row] as number);
      }
      const vector = freeze({ kind: 'text', codes: translated });
      return {
        vector: vector ?? { kind: 'text', codes: new Uint8Array(codes.length).fill(UNKNOWN_CODE) },
        highest,
      };
    },
  };
}
