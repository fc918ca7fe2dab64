/** Orders of rows and groups: a stable radix sort by keys that are doubles. */
import type { Pace } from './pace.ts';

/** Places to be ordered; each is a row or a group. */
export type Order = Uint32Array<ArrayBuffer>;

export function ascending(length: number): Order {
  const order = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  return order;
}

const BITS = 11;
const DIGITS = 1 << BITS;
/** So many elements are moved between two looks at the clock. */
const STEP = 1 << 17;

/**
 * Sorts places by the keys they have; those of one key stay as they were. Places without a key (NaN) come last
 * either way.
 * @param keys by place
 */
export async function sortByKeys(
  order: Order,
  keys: Float64Array,
  descending: boolean,
  pace: Pace,
): Promise<Order> {
  const known = new Uint32Array(order.length);
  const unknown: number[] = [];
  let count = 0;
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let whole = true;
  for (let i = 0; i < order.length; i++) {
    const place = order[i] as number;
    const key = keys[place] as number;
    if (Number.isNaN(key)) unknown.push(place);
    else {
      known[count++] = place;
      if (key < least) least = key;
      if (key > most) most = key;
      if (whole && key !== Math.floor(key)) whole = false;
    }
  }
  await pace.step();
  const span = most - least;
  const sorted =
    whole && span < 0x1_0000_0000
      ? await sortWhole(known.subarray(0, count), keys, descending ? most : least, descending, pace)
      : await sortDoubles(known.subarray(0, count), keys, descending, pace);
  known.set(sorted);
  known.set(unknown, count);
  return known;
}

/** Whole keys that lie within 32 bits of one another. */
async function sortWhole(
  order: Uint32Array,
  keys: Float64Array,
  origin: number,
  descending: boolean,
  pace: Pace,
): Promise<Uint32Array> {
  const low = new Uint32Array(order.length);
  for (let i = 0; i < low.length; i++) {
    const distance = (keys[order[i] as number] as number) - origin;
    low[i] = descending ? -distance : distance;
  }
  return sortWords(order, [low], pace);
}

async function sortDoubles(
  order: Uint32Array,
  keys: Float64Array,
  descending: boolean,
  pace: Pace,
): Promise<Uint32Array> {
  const double = new Float64Array(1);
  const words = new Int32Array(double.buffer);
  const [low, high] = [new Uint32Array(order.length), new Uint32Array(order.length)];
  const flip = descending ? -1 : 0;
  for (let i = 0; i < low.length; i++) {
    // Adding 0 makes one zero of two.
    double[0] = (keys[order[i] as number] as number) + 0;
    const top = words[1] as number;
    const bottom = words[0] as number;
    high[i] = (top < 0 ? ~top : top ^ 0x8000_0000) ^ flip;
    low[i] = (top < 0 ? ~bottom : bottom) ^ flip;
  }
  return sortWords(order, [low, high], pace);
}

/** Sorts by words of 32 bits, the least significant first; every place carries its words along. */
async function sortWords(
  order: Uint32Array,
  words: readonly Uint32Array[],
  pace: Pace,
): Promise<Uint32Array> {
  const { length } = order;
  let from = [order, ...words] as readonly Uint32Array[];
  let to: readonly Uint32Array[] | null = null;
  for (let word = 1; word < from.length; word++) {
    for (let shift = 0; shift < 32; shift += BITS) {
      const digits = from[word] as Uint32Array;
      const ends = new Uint32Array(DIGITS);
      for (let i = 0; i < length; i++) (ends[((digits[i] as number) >>> shift) & (DIGITS - 1)] as number)++;
      if (ends.includes(length)) continue;
      let sum = 0;
      for (let digit = 0; digit < DIGITS; digit++) {
        const count = ends[digit] as number;
        ends[digit] = sum;
        sum += count;
      }
      to ??= from.map(() => new Uint32Array(length));
      for (let start = 0; start < length; start += STEP) {
        move(from, to, digits, shift, ends, start, Math.min(start + STEP, length));
        const pause = pace.step();
        if (pause) await pause;
      }
      [from, to] = [to, from];
    }
  }
  return from[0] as Uint32Array;
}

function move(
  from: readonly Uint32Array[],
  to: readonly Uint32Array[],
  digits: Uint32Array,
  shift: number,
  next: Uint32Array,
  start: number,
  end: number,
): void {
  const [places, low, high] = from as [Uint32Array, Uint32Array, Uint32Array | undefined];
  const [toPlaces, toLow, toHigh] = to as [Uint32Array, Uint32Array, Uint32Array | undefined];
  for (let i = start; i < end; i++) {
    const digit = ((digits[i] as number) >>> shift) & (DIGITS - 1);
    const at = next[digit] as number;
    next[digit] = at + 1;
    toPlaces[at] = places[i] as number;
    toLow[at] = low[i] as number;
    if (high && toHigh) toHigh[at] = high[i] as number;
  }
}

/** Sorts anew the runs of places that have one key, NaN left out. */
export function sortTies(order: Order, keys: Float64Array, compare: (a: number, b: number) => number): void {
  eachRun(
    order,
    (place) => keys[place] as number,
    (start, end) => {
      order.subarray(start, end).sort(compare);
    },
  );
}

/** The runs of more than one place with the same key; NaN is in none. */
export function eachRun(
  order: Order,
  key: (place: number) => number,
  visit: (start: number, end: number) => void,
): void {
  for (let start = 0; start < order.length; ) {
    const value = key(order[start] as number);
    let end = start + 1;
    while (end < order.length && key(order[end] as number) === value) end++;
    if (end - start > 1 && !Number.isNaN(value)) visit(start, end);
    start = end;
  }
}
