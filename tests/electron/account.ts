/** An account in memory whose generations arrive while it is being read. */

export interface Item {
  readonly id: string;
  readonly created_at: string;
}

const MINUTE = 60_000;

export class Account {
  /** Newest first, as the API lists them. */
  items: Item[] = [];
  /** UTC ms. */
  now = Date.UTC(2026, 7, 1);
  #last = 0;

  /** Generations arrive, a minute after each other; each was made so many minutes before it arrived. */
  arrive(lateness: readonly number[]): void {
    for (const minutes of lateness) {
      this.now += MINUTE;
      this.#last++;
      const created = new Date(this.now - minutes * MINUTE).toISOString();
      this.items.push({ id: `gen-${this.#last}`, created_at: created });
    }
    this.items.sort((a, b) => b.created_at.localeCompare(a.created_at) || b.id.localeCompare(a.id));
  }

  page(offset: number, limit: number): Item[] {
    return this.items.slice(offset, offset + limit);
  }
}
