/** The words of one text column, in the order they came: code c is word c − 1, and 0 is unknown. */
export class Dictionary {
  readonly #words: string[];
  readonly #codes = new Map<string, number>();
  #sorted: readonly string[] = [];
  #ranks = new Uint32Array(0);

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

  /** For each code, whether its word holds a text anywhere, upper and lower case alike; unknown never does. */
  holding(text: string): Uint8Array {
    const wanted = text.toLowerCase();
    return this.mask((word) => word.toLowerCase().includes(wanted));
  }

  /**
   * For each code its place when all words are sorted by their UTF-16 units; unknown comes last. Made once for the
   * words that there are, and shared: it must not be changed.
   */
  ranks(): Uint32Array {
    if (this.#ranks.length === this.size + 1) return this.#ranks;
    const sorted = this.#sorted;
    const from = sorted.length;
    // Sorting by units is what sorting does by itself.
    const added = this.#words.slice(from).sort();
    const merged: string[] = new Array(from + added.length);
    for (let [at, old, next] = [0, 0, 0]; at < merged.length; at++) {
      const fromOld =
        next >= added.length || (old < from && (sorted[old] as string) < (added[next] as string));
      merged[at] = (fromOld ? sorted[old++] : added[next++]) as string;
    }
    this.#sorted = merged;
    const ranks = new Uint32Array(this.size + 1);
    for (let i = 0; i < merged.length; i++) ranks[this.#codes.get(merged[i] as string) as number] = i;
    ranks[0] = merged.length;
    this.#ranks = ranks;
    return ranks;
  }
}

/** Orders texts by their UTF-16 units: the same everywhere, whatever the locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
