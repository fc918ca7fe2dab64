import { sizeOf } from './records.ts';
import type { Segment, StoredKey } from './segment.ts';

/** Bytes of columns that stay in memory: those of the users table of ten million generations, and all of two million. */
export const DEFAULT_BUDGET = 256 * 1024 * 1024;
/** So much of it is left when columns had to go, lest they go one by one. */
const AFTER = 0.8;

interface Kept {
  readonly segment: Segment;
  readonly key: StoredKey;
  readonly bytes: number;
  /** Grows with each use. */
  used: number;
}

/**
 * Keeps the columns in memory within a number of bytes: those that were asked for longest ago go. Never at once, but
 * in a later task: whoever has just loaded columns can use them until it waits for something else.
 */
export class ColumnBudget {
  readonly #most: number;
  readonly #kept = new Map<Segment, Map<StoredKey, Kept>>();
  #bytes = 0;
  #clock = 1;
  #isPlanned = false;

  constructor(most: number) {
    this.#most = most;
  }

  /** Notes that a column of a segment, which is in memory, was asked for. */
  use(segment: Segment, key: StoredKey): void {
    const columns = this.#kept.get(segment) ?? new Map<StoredKey, Kept>();
    const kept = columns.get(key);
    if (kept) {
      kept.used = this.#clock++;
      return;
    }
    const vector = segment.vectors.get(key);
    if (!vector) return;
    const bytes = sizeOf(vector);
    columns.set(key, { segment, key, bytes, used: this.#clock++ });
    this.#kept.set(segment, columns);
    this.#bytes += bytes;
    if (this.#bytes <= this.#most || this.#isPlanned) return;
    this.#isPlanned = true;
    setTimeout(() => this.#evict());
  }

  /** A segment that another one takes the place of: its columns go first. */
  retire(segment: Segment): void {
    for (const kept of this.#kept.get(segment)?.values() ?? []) kept.used = 0;
  }

  #evict(): void {
    this.#isPlanned = false;
    const all = [...this.#kept.values()].flatMap((columns) => [...columns.values()]);
    all.sort((a, b) => a.used - b.used);
    for (const { segment, key, bytes } of all) {
      if (this.#bytes <= this.#most * AFTER) break;
      this.#bytes -= bytes;
      segment.vectors.delete(key);
      const columns = this.#kept.get(segment);
      columns?.delete(key);
      if (columns?.size === 0) this.#kept.delete(segment);
    }
  }
}
