/**
 * The inner loops: one pass over a segment's column, adding each selected row to its group. A group is a slot
 * number; −1 leaves a row out. Each accumulator holds one aggregate for all groups at once.
 */
import { type MoneyKey, type NumberKey, SPEND_PARTS, type TextKey } from '../../../shared/columns.ts';
import { fromLanes, type Money, YOCTOS_PER_NANO } from '../../../shared/money.ts';
import type { MoneyMeasure } from '../../../shared/query.ts';
import type { Dictionary } from '../dictionary.ts';
import { type Segment, type StoredKey, vectorAs } from '../segment.ts';
import { numberAt, UNKNOWN_CODE, UNKNOWN_INT } from '../vector.ts';

export interface Accumulator {
  readonly columns: readonly StoredKey[];
  add(segment: Segment, slots: Int32Array): void;
}

/** The value that stands for unknown; in doubles it is NaN, which equals nothing and is looked for apart. */
const unknownOf = (values: Int32Array | Float64Array): number =>
  values instanceof Int32Array ? UNKNOWN_INT : Number.NaN;

/** Rows of each group. */
export class CountAccumulator implements Accumulator {
  readonly columns = [];
  readonly counts: Float64Array;

  constructor(groups: number) {
    this.counts = new Float64Array(groups);
  }

  add(_segment: Segment, slots: Int32Array): void {
    for (let row = 0; row < slots.length; row++) {
      const slot = slots[row] as number;
      if (slot >= 0) (this.counts[slot] as number)++;
    }
  }
}

/** Sum of a number column of each group, and how many rows know it. Whole numbers are exact below 2⁵³. */
export class SumAccumulator implements Accumulator {
  readonly columns: readonly NumberKey[];
  readonly sums: Float64Array;
  readonly known: Float64Array;

  constructor(key: NumberKey, groups: number) {
    this.columns = [key];
    this.sums = new Float64Array(groups);
    this.known = new Float64Array(groups);
  }

  add(segment: Segment, slots: Int32Array): void {
    const values = vectorAs(segment, this.columns[0] as NumberKey, 'number')?.values;
    if (!values) return;
    const unknown = unknownOf(values);
    const { sums, known } = this;
    for (let row = 0; row < slots.length; row++) {
      const slot = slots[row] as number;
      const value = values[row] as number;
      if (slot < 0 || value === unknown || Number.isNaN(value)) continue;
      (sums[slot] as number) += value;
      (known[slot] as number)++;
    }
  }
}

/** The columns that add up to a measure of money. */
export const moneyParts = (measure: MoneyMeasure): readonly MoneyKey[] =>
  measure === 'spend' ? SPEND_PARTS : [measure];

/** Below this doubles hold every whole number. */
const EXACT = Number.MAX_SAFE_INTEGER;

/**
 * Exact sum of money of each group, and how many rows know any of its parts.
 *
 * Nano-dollars are added as doubles while the segments' magnitudes prove that no sum can leave the range where
 * doubles are exact (nine million dollars), as big integers otherwise.
 */
export class MoneyAccumulator implements Accumulator {
  readonly columns: readonly MoneyKey[];
  readonly known: Float64Array;
  readonly #nanos: Float64Array;
  readonly #rest: Float64Array;
  /** What was moved out of the lanes before they could overflow. */
  readonly #overflow = new Map<number, Money>();
  #magnitude = 0;

  constructor(measure: MoneyMeasure, groups: number) {
    this.columns = moneyParts(measure);
    this.known = new Float64Array(groups);
    this.#nanos = new Float64Array(groups);
    this.#rest = new Float64Array(groups);
  }

  sum(slot: number): Money {
    const lanes = fromLanes(this.#nanos[slot] as number, this.#rest[slot] as number);
    return lanes + (this.#overflow.get(slot) ?? 0n);
  }

  add(segment: Segment, slots: Int32Array): void {
    const knows = this.columns.length > 1 ? new Uint8Array(slots.length) : null;
    for (const key of this.columns) {
      const vector = vectorAs(segment, key, 'money');
      if (!vector) continue;
      this.#makeRoom(segment.info.magnitudes[key] ?? 0);
      if (this.#magnitude > EXACT) this.#addBig(vector.nanos, slots);
      else this.#addNanos(vector.nanos, slots);
      if (vector.rest) this.#addRest(vector.rest, slots);
      if (knows) {
        const unknown = unknownOf(vector.nanos);
        for (let row = 0; row < knows.length; row++) {
          const value = vector.nanos[row] as number;
          if (value !== unknown && !Number.isNaN(value)) knows[row] = 1;
        }
      } else this.#countKnown(vector.nanos, slots);
    }
    if (!knows) return;
    for (let row = 0; row < slots.length; row++) {
      const slot = slots[row] as number;
      if (slot >= 0 && knows[row] === 1) (this.known[slot] as number)++;
    }
  }

  /** Keeps the lanes exact: before they might overflow, what they hold becomes a big integer. */
  #makeRoom(magnitude: number): void {
    this.#magnitude += magnitude;
    if (this.#magnitude <= EXACT) return;
    for (let slot = 0; slot < this.#nanos.length; slot++) {
      const lanes = fromLanes(this.#nanos[slot] as number, this.#rest[slot] as number);
      if (lanes !== 0n) this.#overflow.set(slot, (this.#overflow.get(slot) ?? 0n) + lanes);
    }
    this.#nanos.fill(0);
    this.#rest.fill(0);
    this.#magnitude = magnitude;
  }

  #addNanos(values: Int32Array | Float64Array, slots: Int32Array): void {
    const nanos = this.#nanos;
    const unknown = unknownOf(values);
    for (let row = 0; row < slots.length; row++) {
      const slot = slots[row] as number;
      const value = values[row] as number;
      if (slot >= 0 && value !== unknown && !Number.isNaN(value)) (nanos[slot] as number) += value;
    }
  }

  /** One segment alone may exceed the range: then each row is a big integer. */
  #addBig(values: Int32Array | Float64Array, slots: Int32Array): void {
    for (let row = 0; row < slots.length; row++) {
      const slot = slots[row] as number;
      const value = numberAt(values, row);
      if (slot < 0 || Number.isNaN(value)) continue;
      this.#overflow.set(slot, (this.#overflow.get(slot) ?? 0n) + fromLanes(value, 0));
    }
    this.#magnitude = 0;
  }

  #addRest(rest: Float64Array, slots: Int32Array): void {
    for (let row = 0; row < slots.length; row++) {
      const slot = slots[row] as number;
      const value = rest[row] as number;
      if (slot < 0 || value === 0) continue;
      let sum = (this.#rest[slot] as number) + value;
      if (sum >= YOCTOS_PER_NANO) {
        sum -= YOCTOS_PER_NANO;
        (this.#nanos[slot] as number) += 1;
      } else if (sum <= -YOCTOS_PER_NANO) {
        sum += YOCTOS_PER_NANO;
        (this.#nanos[slot] as number) -= 1;
      }
      this.#rest[slot] = sum;
    }
  }

  #countKnown(values: Int32Array | Float64Array, slots: Int32Array): void {
    const unknown = unknownOf(values);
    for (let row = 0; row < slots.length; row++) {
      const slot = slots[row] as number;
      const value = values[row] as number;
      if (slot >= 0 && value !== unknown && !Number.isNaN(value)) (this.known[slot] as number)++;
    }
  }
}

/** Earliest and latest time of each group, UTC ms. */
export class SpanAccumulator implements Accumulator {
  readonly columns = ['created_at'] as const;
  readonly from: Float64Array;
  readonly to: Float64Array;

  constructor(groups: number) {
    this.from = new Float64Array(groups).fill(Number.POSITIVE_INFINITY);
    this.to = new Float64Array(groups).fill(Number.NEGATIVE_INFINITY);
  }

  add(segment: Segment, slots: Int32Array): void {
    const times = vectorAs(segment, 'created_at', 'number')?.values;
    if (!times) return;
    const { from, to } = this;
    for (let row = 0; row < slots.length; row++) {
      const slot = slots[row] as number;
      if (slot < 0) continue;
      const time = times[row] as number;
      if (time < (from[slot] as number)) from[slot] = time;
      if (time > (to[slot] as number)) to[slot] = time;
    }
  }
}

/** More words of bits than this are not laid out; 64 MB. */
const MOST_WORDS = 1 << 24;

/** The different known values of a text column in each group: a set of bits a group, or a set where those were too many. */
export class ValuesAccumulator implements Accumulator {
  readonly columns: readonly TextKey[];
  readonly known: Float64Array;
  readonly #dictionary: Dictionary;
  /** 32-bit words a group. */
  readonly #width: number;
  readonly #bits: Uint32Array | null;
  readonly #sets = new Map<number, Set<number>>();

  constructor(key: TextKey, dictionary: Dictionary, groups: number) {
    this.columns = [key];
    this.known = new Float64Array(groups);
    this.#dictionary = dictionary;
    this.#width = (dictionary.size >> 5) + 1;
    this.#bits = groups * this.#width > MOST_WORDS ? null : new Uint32Array(groups * this.#width);
  }

  add(segment: Segment, slots: Int32Array): void {
    const codes = vectorAs(segment, this.columns[0] as TextKey, 'text')?.codes;
    if (!codes) return;
    const bits = this.#bits;
    const width = this.#width;
    for (let row = 0; row < slots.length; row++) {
      const slot = slots[row] as number;
      const code = codes[row] as number;
      if (slot < 0 || code === UNKNOWN_CODE) continue;
      if (bits) (bits[slot * width + (code >> 5)] as number) |= 1 << (code & 31);
      else this.#set(slot).add(code);
      (this.known[slot] as number)++;
    }
  }

  distinct(slots: Iterable<number>): number {
    let count = 0;
    for (const word of this.#union(slots)) count += bitCount(word);
    return count;
  }

  values(slots: Iterable<number>): string[] {
    const values: string[] = [];
    this.#union(slots).forEach((word, i) => {
      for (let bit = 0; bit < 32; bit++) {
        if (word & (1 << bit)) values.push(this.#dictionary.word(i * 32 + bit) as string);
      }
    });
    return values.sort();
  }

  #set(slot: number): Set<number> {
    let set = this.#sets.get(slot);
    if (!set) {
      set = new Set();
      this.#sets.set(slot, set);
    }
    return set;
  }

  #union(slots: Iterable<number>): Uint32Array {
    const union = new Uint32Array(this.#width);
    for (const slot of slots) {
      const start = slot * this.#width;
      if (this.#bits) {
        for (let i = 0; i < this.#width; i++) (union[i] as number) |= this.#bits[start + i] as number;
      } else for (const code of this.#sets.get(slot) ?? []) (union[code >> 5] as number) |= 1 << (code & 31);
    }
    return union;
  }
}

function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
