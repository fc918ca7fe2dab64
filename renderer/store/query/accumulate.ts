/**
 * The inner loops: one pass over a part's column, adding each row to its group. A group is a slot number. Each
 * accumulator holds one figure for all groups at once.
 */
import type { TextKey } from '../../../shared/columns.ts';
import { fromLanes, type Money, YOCTOS_PER_NANO } from '../../../shared/money.ts';
import type { KeyColumn, Measure, MoneyMeasure, Quantity } from '../../../shared/query.ts';
import type { Dictionary } from '../dictionary.ts';
import type { Segment, StoredKey } from '../segment.ts';
import { UNKNOWN_CODE } from '../vector.ts';
import { isMoney, isText, moneyParts, type PlainKey, storedKeysOf } from './measure.ts';
import { Pairs } from './pairs.ts';
import { type Part, readAmounts, readCodes, readNumbers, scratch } from './part.ts';

export interface Accumulator {
  readonly columns: readonly StoredKey[];
  /** Makes room for so many groups. */
  readonly resize: (groups: number) => void;
  /** @param slots the group of each row of the part */
  readonly add: (part: Part, slots: Int32Array) => void;
}

/** Lengthened, with some room to spare where it was not empty. */
export function grown<T extends Float64Array | Uint32Array>(values: T, length: number, fill = 0): T {
  if (values.length >= length) return values;
  const make = values.constructor as new (length: number) => T;
  const more = new make(values.length === 0 ? length : Math.max(length, values.length * 2));
  if (fill !== 0) more.fill(fill, values.length);
  more.set(values);
  return more;
}

/** Rows of each group. */
export class CountAccumulator implements Accumulator {
  readonly columns = [];
  counts = new Uint32Array(0);

  resize(groups: number): void {
    this.counts = grown(this.counts, groups);
  }

  add({ count }: Part, slots: Int32Array): void {
    countAll(this.counts, slots, count);
  }
}

function countAll(counts: Uint32Array, slots: Int32Array, count: number): void {
  for (let i = 0; i < count; i++) (counts[slots[i] as number] as number)++;
}

/**
 * Of each group the rows that do not know a column. They are counted, and not those that know it, since they are few as
 * a rule.
 */
export class MissingAccumulator implements Accumulator {
  readonly columns: readonly StoredKey[];
  readonly #key: KeyColumn;
  missing = new Uint32Array(0);

  constructor(key: KeyColumn) {
    this.#key = key;
    this.columns = storedKeysOf(key);
  }

  resize(groups: number): void {
    this.missing = grown(this.missing, groups);
  }

  add(part: Part, slots: Int32Array): void {
    const { missing } = this;
    const { codes, numbers, amounts } = scratch;
    const key = this.#key;
    if (isText(key)) {
      readCodes(part, key, codes);
      for (let i = 0; i < part.count; i++)
        if (codes[i] === UNKNOWN_CODE) (missing[slots[i] as number] as number)++;
      return;
    }
    if (isMoney(key)) readAmounts(part, key, amounts);
    else readNumbers(part, key, numbers);
    const values = isMoney(key) ? amounts.nanos : numbers;
    for (let i = 0; i < part.count; i++)
      if (Number.isNaN(values[i])) (missing[slots[i] as number] as number)++;
  }
}

/** What another measure is in each row, as far as that tells whether it is known. Uses the amounts. */
function readWhere(part: Part, where: Measure): Float64Array {
  const { moreNumbers, amounts } = scratch;
  if (isMoney(where)) {
    readAmounts(part, where, amounts);
    moreNumbers.set(amounts.nanos.subarray(0, part.count));
  } else readNumbers(part, where, moreNumbers);
  return moreNumbers;
}

/** Makes values unknown where others are. */
function keepWhere(values: Float64Array, others: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const other = others[i] as number;
    if (Number.isNaN(other)) values[i] = Number.NaN;
  }
}

/** Sum of a column of numbers of each group, and how many rows do not know it. Whole numbers are exact below 2⁵³. */
export class SumAccumulator implements Accumulator {
  readonly columns: readonly StoredKey[];
  readonly #key: PlainKey;
  readonly #where: Measure | null;
  sums = new Float64Array(0);
  missing = new Uint32Array(0);

  /** @param where only rows that know this too */
  constructor(key: PlainKey, where: Measure | null = null) {
    this.#key = key;
    this.#where = where;
    this.columns = [key, ...(where === null ? [] : storedKeysOf(where))];
  }

  resize(groups: number): void {
    this.sums = grown(this.sums, groups);
    this.missing = grown(this.missing, groups);
  }

  add(part: Part, slots: Int32Array): void {
    const { numbers } = scratch;
    const where = this.#where === null ? null : readWhere(part, this.#where);
    if (!readNumbers(part, this.#key, numbers)) {
      countAll(this.missing, slots, part.count);
      return;
    }
    if (where) keepWhere(numbers, where, part.count);
    const { sums, missing } = this;
    // Not in a function of its own: Chromium's compiler then takes many queries to find out how hot it is.
    for (let i = 0; i < part.count; i++) {
      const value = numbers[i] as number;
      const slot = slots[i] as number;
      if (Number.isNaN(value)) (missing[slot] as number)++;
      else (sums[slot] as number) += value;
    }
  }
}

/** Below this doubles hold every whole number. */
const EXACT = Number.MAX_SAFE_INTEGER;

/**
 * Exact sum of money of each group, and how many rows do not know it.
 *
 * Nano-dollars are added as doubles while the segments' magnitudes prove that no sum can leave the range where
 * doubles are exact (nine million dollars), as big integers otherwise.
 */
export class MoneyAccumulator implements Accumulator {
  readonly columns: readonly StoredKey[];
  readonly #measure: MoneyMeasure;
  readonly #where: Measure | null;
  missing = new Uint32Array(0);
  #nanos = new Float64Array(0);
  #rest = new Float64Array(0);
  /** What was moved out of the lanes before they could overflow. */
  readonly #overflow = new Map<number, Money>();
  /** A bound for what the lanes hold, and the segment that was counted into it last. */
  #magnitude = 0;
  #segment: Segment | null = null;
  #hasRest = false;

  /** @param where only rows that know this too */
  constructor(measure: MoneyMeasure, where: Measure | null = null) {
    this.#measure = measure;
    this.#where = where;
    this.columns = [...moneyParts(measure), ...(where === null ? [] : storedKeysOf(where))];
  }

  resize(groups: number): void {
    this.missing = grown(this.missing, groups);
    this.#nanos = grown(this.#nanos, groups);
    this.#rest = grown(this.#rest, groups);
  }

  sum(slot: number): Money {
    const lanes = fromLanes(this.#nanos[slot] as number, this.#rest[slot] as number);
    return this.#overflow.size === 0 ? lanes : lanes + (this.#overflow.get(slot) ?? 0n);
  }

  /** The sum of some groups' sums. */
  total(slots: ArrayLike<number>): Money {
    let sum = 0n;
    // Lanes are added up as long as they are exact, which saves most of the big integers.
    let [nanos, rest] = [0, 0];
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] as number;
      nanos += this.#nanos[slot] as number;
      rest += this.#rest[slot] as number;
      if (nanos > EXACT / 2 || nanos < -EXACT / 2 || rest > EXACT / 2 || rest < -EXACT / 2) {
        sum += fromLanes(nanos, rest);
        [nanos, rest] = [0, 0];
      }
      if (this.#overflow.size > 0) sum += this.#overflow.get(slot) ?? 0n;
    }
    return sum + fromLanes(nanos, rest);
  }

  /** A number by which groups order, good to what doubles hold. */
  approximate(slot: number): number {
    if (this.#overflow.size > 0) return Number(this.sum(slot)) / YOCTOS_PER_NANO;
    return (this.#nanos[slot] as number) + (this.#rest[slot] as number) / YOCTOS_PER_NANO;
  }

  /** Whether `approximate` tells all sums apart. */
  get isWhole(): boolean {
    return !this.#hasRest && this.#overflow.size === 0;
  }

  add(part: Part, slots: Int32Array): void {
    const { amounts } = scratch;
    const where = this.#where === null ? null : readWhere(part, this.#where);
    if (!readAmounts(part, this.#measure, amounts)) {
      countAll(this.missing, slots, part.count);
      return;
    }
    if (where) keepWhere(amounts.nanos, where, part.count);
    const { hasRest } = amounts;
    if (hasRest) this.#hasRest = true;
    this.#makeRoom(part.segment);
    if (this.#magnitude > EXACT) this.#addBig(part, slots, hasRest);
    else this.#addNanos(part, slots, hasRest);
  }

  /** Keeps the lanes exact: before a segment might let them overflow, what they hold becomes a big integer. */
  #makeRoom(segment: Segment): void {
    if (segment === this.#segment) return;
    this.#segment = segment;
    const { magnitudes } = segment.info;
    const magnitude = moneyParts(this.#measure).reduce((sum, key) => sum + (magnitudes[key] ?? 0), 0);
    // Of a segment that is out of range by itself nothing is in the lanes.
    this.#magnitude = magnitude + (this.#magnitude > EXACT ? 0 : this.#magnitude);
    if (this.#magnitude <= EXACT) return;
    for (let slot = 0; slot < this.#nanos.length; slot++) {
      const lanes = fromLanes(this.#nanos[slot] as number, this.#rest[slot] as number);
      if (lanes !== 0n) this.#overflow.set(slot, (this.#overflow.get(slot) ?? 0n) + lanes);
    }
    this.#nanos.fill(0);
    this.#rest.fill(0);
    this.#magnitude = magnitude;
  }

  #addNanos({ count }: Part, slots: Int32Array, hasRest: boolean): void {
    const { amounts } = scratch;
    const { nanos } = amounts;
    const sums = this.#nanos;
    const { missing } = this;
    for (let i = 0; i < count; i++) {
      const value = nanos[i] as number;
      const slot = slots[i] as number;
      if (Number.isNaN(value)) (missing[slot] as number)++;
      else (sums[slot] as number) += value;
    }
    if (!hasRest) return;
    const rests = this.#rest;
    for (let i = 0; i < count; i++) {
      const value = nanos[i] as number;
      if (Number.isNaN(value)) continue;
      const slot = slots[i] as number;
      const rest = (rests[slot] as number) + (amounts.rest[i] as number);
      const carries = rest >= YOCTOS_PER_NANO;
      rests[slot] = carries ? rest - YOCTOS_PER_NANO : rest;
      if (carries) (sums[slot] as number)++;
    }
  }

  /** One segment alone may exceed the range: then each row is a big integer. */
  #addBig({ count }: Part, slots: Int32Array, hasRest: boolean): void {
    const { amounts } = scratch;
    for (let i = 0; i < count; i++) {
      const nanos = amounts.nanos[i] as number;
      const slot = slots[i] as number;
      if (Number.isNaN(nanos)) {
        (this.missing[slot] as number)++;
        continue;
      }
      const amount = fromLanes(nanos, hasRest ? (amounts.rest[i] as number) : 0);
      this.#overflow.set(slot, (this.#overflow.get(slot) ?? 0n) + amount);
    }
  }
}

/** The least and the greatest value of each group, and how many rows do not know it. */
export class BoundsAccumulator implements Accumulator {
  readonly columns: readonly StoredKey[];
  readonly #key: Quantity | 'created_at';
  missing = new Uint32Array(0);
  #least = new Float64Array(0);
  #most = new Float64Array(0);
  #leastRest = new Float64Array(0);
  #mostRest = new Float64Array(0);

  constructor(key: Quantity | 'created_at') {
    this.#key = key;
    this.columns = storedKeysOf(key);
  }

  resize(groups: number): void {
    this.missing = grown(this.missing, groups);
    this.#least = grown(this.#least, groups, Number.POSITIVE_INFINITY);
    this.#most = grown(this.#most, groups, Number.NEGATIVE_INFINITY);
    if (!isMoney(this.#key)) return;
    this.#leastRest = grown(this.#leastRest, groups);
    this.#mostRest = grown(this.#mostRest, groups);
  }

  /** The bound of some groups of which at least one knows it. */
  bound(slots: ArrayLike<number>, fn: 'min' | 'max'): number | Money {
    const least = fn === 'min';
    const [values, rests] = least ? [this.#least, this.#leastRest] : [this.#most, this.#mostRest];
    let best = slots[0] as number;
    for (let i = 1; i < slots.length; i++) {
      const slot = slots[i] as number;
      const [value, bound] = [values[slot] as number, values[best] as number];
      const beyond =
        value === bound ? ((rests[slot] ?? 0) as number) - ((rests[best] ?? 0) as number) : value - bound;
      if (least ? beyond < 0 : beyond > 0) best = slot;
    }
    const value = values[best] as number;
    return isMoney(this.#key) ? fromLanes(value, rests[best] as number) : value;
  }

  add(part: Part, slots: Int32Array): void {
    const key = this.#key;
    if (isMoney(key)) {
      this.#addMoney(key, part, slots);
      return;
    }
    const { numbers } = scratch;
    readNumbers(part, key, numbers);
    const { missing } = this;
    const [least, most] = [this.#least, this.#most];
    for (let i = 0; i < part.count; i++) {
      const value = numbers[i] as number;
      const slot = slots[i] as number;
      if (Number.isNaN(value)) (missing[slot] as number)++;
      if (value < (least[slot] as number)) least[slot] = value;
      if (value > (most[slot] as number)) most[slot] = value;
    }
  }

  #addMoney(key: MoneyMeasure, part: Part, slots: Int32Array): void {
    const { amounts } = scratch;
    readAmounts(part, key, amounts);
    const { nanos, hasRest } = amounts;
    for (let i = 0; i < part.count; i++) {
      const value = nanos[i] as number;
      const slot = slots[i] as number;
      const rest = hasRest ? (amounts.rest[i] as number) : 0;
      if (Number.isNaN(value)) (this.missing[slot] as number)++;
      const [least, most] = [this.#least[slot] as number, this.#most[slot] as number];
      if (value < least || (value === least && rest < (this.#leastRest[slot] as number))) {
        this.#least[slot] = value;
        this.#leastRest[slot] = rest;
      }
      if (value > most || (value === most && rest > (this.#mostRest[slot] as number))) {
        this.#most[slot] = value;
        this.#mostRest[slot] = rest;
      }
    }
  }
}

/** More words of bits than this are not laid out; 32 MB. */
const MOST_WORDS = 1 << 23;

/** The different known values of a text column in each group: a set of bits a group, or pairs where those were too many. */
export class ValuesAccumulator implements Accumulator {
  readonly columns: readonly TextKey[];
  missing = new Uint32Array(0);
  readonly #dictionary: Dictionary;
  /** 32-bit words a group. */
  readonly #width: number;
  #groups = 0;
  #bits: Uint32Array | null = new Uint32Array(0);
  /** Pairs of slot and code. */
  readonly #pairs = new Pairs(null);
  /** The codes of each slot, made of the pairs when they are first asked for. */
  #codes: Map<number, number[]> | null = null;

  constructor(key: TextKey, dictionary: Dictionary) {
    this.columns = [key];
    this.#dictionary = dictionary;
    this.#width = (dictionary.size >> 5) + 1;
  }

  resize(groups: number): void {
    this.missing = grown(this.missing, groups);
    if (this.#bits === null || groups <= this.#groups) return;
    this.#groups = this.missing.length;
    const words = this.#groups * this.#width;
    const before = this.#bits;
    this.#bits = words > MOST_WORDS ? null : new Uint32Array(words);
    if (this.#bits) this.#bits.set(before);
    else this.#toPairs(before);
  }

  add(part: Part, slots: Int32Array): void {
    const { codes } = scratch;
    readCodes(part, this.columns[0] as TextKey, codes);
    const { missing } = this;
    const bits = this.#bits;
    const width = this.#width;
    for (let i = 0; i < part.count; i++) {
      const code = codes[i] as number;
      const slot = slots[i] as number;
      if (code === UNKNOWN_CODE) (missing[slot] as number)++;
      else if (bits) (bits[slot * width + (code >> 5)] as number) |= 1 << (code & 31);
      else this.#pairs.number(slot, code);
    }
  }

  distinct(slots: ArrayLike<number>): number {
    const only = slots.length === 1 ? (slots[0] as number) : -1;
    if (only >= 0 && !this.#bits) return this.#codesOf(only).length;
    const start = only >= 0 ? only * this.#width : 0;
    const words = only >= 0 ? (this.#bits as Uint32Array) : this.#union(slots);
    let count = 0;
    for (let i = 0; i < this.#width; i++) count += bitCount(words[start + i] as number);
    return count;
  }

  values(slots: ArrayLike<number>): string[] {
    const values: string[] = [];
    this.#union(slots).forEach((word, i) => {
      for (let rest = word; rest !== 0; rest &= rest - 1) {
        const bit = 31 - Math.clz32(rest & -rest);
        values.push(this.#dictionary.word(i * 32 + bit) as string);
      }
    });
    return values.sort();
  }

  #toPairs(bits: Uint32Array): void {
    bits.forEach((word, i) => {
      for (let rest = word; rest !== 0; rest &= rest - 1) {
        const bit = 31 - Math.clz32(rest & -rest);
        this.#pairs.number(Math.floor(i / this.#width), (i % this.#width) * 32 + bit);
      }
    });
  }

  #codesOf(slot: number): readonly number[] {
    if (!this.#codes) {
      this.#codes = new Map();
      for (let pair = 0; pair < this.#pairs.size; pair++) {
        const list = this.#codes.get(this.#pairs.first(pair));
        if (list) list.push(this.#pairs.second(pair));
        else this.#codes.set(this.#pairs.first(pair), [this.#pairs.second(pair)]);
      }
    }
    return this.#codes.get(slot) ?? [];
  }

  #union(slots: ArrayLike<number>): Uint32Array {
    const union = new Uint32Array(this.#width);
    for (let at = 0; at < slots.length; at++) {
      const slot = slots[at] as number;
      if (!this.#bits) {
        for (const code of this.#codesOf(slot)) (union[code >> 5] as number) |= 1 << (code & 31);
        continue;
      }
      const start = slot * this.#width;
      for (let i = 0; i < this.#width; i++) (union[i] as number) |= this.#bits[start + i] as number;
    }
    return union;
  }
}

function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
