/** Keeps the most recent results of something dear, by name; whoever asks while one is made waits for the same. */
export class Recent<T> {
  readonly #most: number;
  readonly #kept = new Map<string, Promise<T>>();

  constructor(most: number) {
    this.#most = most;
  }

  get(name: string, make: () => Promise<T>): Promise<T> {
    const kept = this.#kept.get(name) ?? make();
    this.#kept.delete(name);
    this.#kept.set(name, kept);
    // A failure is not kept: the next one to ask tries again.
    kept.catch(() => this.#kept.get(name) === kept && this.#kept.delete(name));
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#most) break;
      this.#kept.delete(oldest);
    }
    return kept;
  }
}
