/** Finds generation ids wherever they stand: in plain text, CSV, JSON lines, logs of any shape. */

/** At most as long as the main process takes. */
const ID = /(?<![A-Za-z0-9_-])gen-[A-Za-z0-9_-]{1,400}(?![A-Za-z0-9_-])/g;
/** Longer than any id, with what stands before it. */
const KEPT = 512;

export function findIds(text: string): readonly string[] {
  const finder = new IdFinder();
  finder.push(text);
  return finder.end();
}

/** Reads text in pieces; an id that is cut in two by their border is found whole, and each id once. */
export class IdFinder {
  readonly #ids = new Set<string>();
  #rest = '';

  /** Ids found so far. */
  get count(): number {
    return this.#ids.size;
  }

  push(piece: string): void {
    const text = this.#rest + piece;
    // What the text ends with may go on in the next piece.
    const open = /[A-Za-z0-9_-]*$/.exec(text.slice(-KEPT))?.[0].length ?? 0;
    this.#take(text, text.length - open);
    // With the character before it: an id does not begin in the middle of a word.
    this.#rest = text.slice(Math.max(0, text.length - open - 1));
  }

  end(): readonly string[] {
    this.#take(this.#rest, this.#rest.length);
    this.#rest = '';
    return [...this.#ids];
  }

  /** Takes the ids that end before a place. */
  #take(text: string, end: number): void {
    for (const { 0: id, index } of text.matchAll(ID)) if (index + id.length <= end) this.#ids.add(id);
  }
}

/** The ids in some files, read as they stream. */
export async function findIdsInFiles(
  files: readonly Blob[],
  heard: (count: number) => void = () => undefined,
): Promise<readonly string[]> {
  const all = new Set<string>();
  for (const file of files) {
    const finder = new IdFinder();
    const decoder = new TextDecoder();
    const reader = file.stream().getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      finder.push(decoder.decode(next.value, { stream: true }));
      heard(all.size + finder.count);
    }
    for (const id of finder.end()) all.add(id);
  }
  return [...all];
}
