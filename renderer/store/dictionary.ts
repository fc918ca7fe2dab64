/** The words of one text column, in the order they came: code c is word c − 1, and 0 is unknown. */
export class Dictionary {
  readonly #words: string[];
  readonly #codes = new Map<string, number>();

  constructor(words: readonly string[] = []) {
    this.#words = [...words];
    for (const [i, word] of words.entries()) this.#codes.set(word, i + 1);
  }

  /** How many words there are; codes run from 0 (unknown) to this. */
  get size(): number {
    return this.#words.length;
  }

  /** The word of a code; null for unknown. */
  word(code: number): string | null {
    return code === 0 ? null : (this.#words[code - 1] as string);
  }

  /** The code of a word, or undefined when no generation ever had it. */
  code(word: string): number | undefined {
    return this.#codes.get(word);
  }

  /** The code of a word, which is added when it is new. */
  add(word: string): number {
    const known = this.#codes.get(word);
    if (known !== undefined) return known;
    const code = this.#words.push(word);
    this.#codes.set(word, code);
    return code;
  }

  /** Words from a position on: what has been added since the dictionary had that size. */
  since(size: number): string[] {
    return this.#words.slice(size);
  }

  /** For each code, whether it holds; index 0 (unknown) never does. */
  mask(holds: (word: string) => boolean): Uint8Array {
    const mask = new Uint8Array(this.size + 1);
    for (let i = 0; i < this.#words.length; i++) if (holds(this.#words[i] as string)) mask[i + 1] = 1;
    return mask;
  }

  /** For each code its place when all words are sorted by their UTF-16 units; unknown comes last. */
  ranks(): Uint32Array {
    const order = Array.from(this.#words, (_, i) => i + 1);
    order.sort((a, b) => compareText(this.#words[a - 1] as string, this.#words[b - 1] as string));
    const ranks = new Uint32Array(this.size + 1);
    for (let i = 0; i < order.length; i++) ranks[order[i] as number] = i;
    ranks[0] = order.length;
    return ranks;
  }
}

/** Orders texts by their UTF-16 units: the same everywhere, whatever the locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
