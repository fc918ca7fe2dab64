/** Turns the values that rows are grouped by into numbers: a slot for each group. */

import type { Dimension } from '../../../shared/query.ts';
import { DAY_MS, startOfDay } from '../../../shared/time.ts';
import { compareText } from '../dictionary.ts';
import { type Segment, type StoredKey, vectorAs } from '../segment.ts';
import type { Snapshot } from './snapshot.ts';

export type Key = string | number | null;

/** One dimension: each row has a code below `size`. */
interface Coder {
  readonly column: StoredKey;
  readonly size: number;
  readonly codes: (segment: Segment) => ArrayLike<number> | null;
  readonly key: (code: number) => Key;
}

function coderOf(dimension: Dimension, snapshot: Snapshot, segments: readonly Segment[]): Coder {
  if (dimension !== 'day') {
    const dictionary = snapshot.dictionary(dimension);
    return {
      column: dimension,
      size: dictionary.size + 1,
      codes: (segment) => vectorAs(segment, dimension, 'text')?.codes ?? null,
      key: (code) => dictionary.word(code),
    };
  }
  const first = segments.reduce(
    (day, { info }) => Math.min(day, startOfDay(info.from)),
    Number.POSITIVE_INFINITY,
  );
  const last = segments.reduce((day, { info }) => Math.max(day, startOfDay(info.to)), first);
  return {
    column: 'created_at',
    size: segments.length === 0 ? 1 : (last - first) / DAY_MS + 1,
    codes: (segment) => {
      const times = vectorAs(segment, 'created_at', 'number')?.values;
      return times ? Array.from(times, (time) => (startOfDay(time) - first) / DAY_MS) : null;
    },
    key: (code) => first + code * DAY_MS,
  };
}

/** The groups of a query. A slot is a group's number; −1 leaves a row out. */
export class Slots {
  readonly #coders: readonly Coder[];
  /** With several dimensions: the combined codes that occur, in the order they were met. */
  readonly #met: number[] = [];
  readonly #slotOf = new Map<number, number>();

  constructor(by: readonly Dimension[], snapshot: Snapshot, segments: readonly Segment[]) {
    this.#coders = by.map((dimension) => coderOf(dimension, snapshot, segments));
  }

  get columns(): readonly StoredKey[] {
    return this.#coders.map((coder) => coder.column);
  }

  /** How many slots there are; with several dimensions known only when every segment was assigned. */
  get size(): number {
    return this.#coders.length === 1 ? (this.#coders[0] as Coder).size : this.#met.length;
  }

  /** The slot of each row. */
  assign(segment: Segment, selected: Uint8Array | null): Int32Array {
    const slots = new Int32Array(segment.info.rows);
    const [only, ...more] = this.#coders;
    if (only && more.length === 0) slots.set(only.codes(segment) ?? []);
    else this.#combine(segment, slots, selected);
    if (selected) for (let row = 0; row < slots.length; row++) if (selected[row] === 0) slots[row] = -1;
    return slots;
  }

  /** The values that a group stands for. */
  keys(slot: number): readonly Key[] {
    let code = this.#coders.length === 1 ? slot : (this.#met[slot] as number);
    const keys: Key[] = [];
    for (const coder of [...this.#coders].reverse()) {
      keys.unshift(coder.key(code % coder.size));
      code = Math.floor(code / coder.size);
    }
    return keys;
  }

  /** Numbers the combinations that occur, in the order they are met: all that could are far too many. */
  #combine(segment: Segment, slots: Int32Array, selected: Uint8Array | null): void {
    const combined = new Float64Array(slots.length);
    for (const coder of this.#coders) {
      const codes = coder.codes(segment);
      for (let row = 0; row < combined.length; row++) {
        combined[row] = (combined[row] as number) * coder.size + (codes ? (codes[row] as number) : 0);
      }
    }
    for (let row = 0; row < slots.length; row++) {
      if (selected?.[row] === 0) continue;
      const code = combined[row] as number;
      let slot = this.#slotOf.get(code);
      if (slot === undefined) {
        slot = this.#met.push(code) - 1;
        this.#slotOf.set(code, slot);
      }
      slots[row] = slot;
    }
  }
}

/** Orders the keys of two groups; unknown comes last either way, since it is no value among values. */
export function compareKeys(a: readonly Key[], b: readonly Key[], descending: boolean): number {
  const sign = descending ? -1 : 1;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? null, b[i] ?? null];
    if (x === y) continue;
    if (x === null || y === null) return x === null ? 1 : -1;
    return (
      sign * (typeof x === 'number' && typeof y === 'number' ? x - y : compareText(String(x), String(y)))
    );
  }
  return 0;
}
