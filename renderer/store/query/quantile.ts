/** Exact quantiles: every known value is kept, those of a group side by side, and sorted when they are asked for. */
import { fromLanes, type Money } from '../../../shared/money.ts';
import type { Quantity } from '../../../shared/query.ts';
import type { StoredKey } from '../segment.ts';
import { type Accumulator, grown } from './accumulate.ts';
import { isMoney, storedKeysOf } from './measure.ts';
import type { Pace } from './pace.ts';
import { type Part, readAmounts, readNumbers, scratch } from './part.ts';

interface Chunk {
  readonly slots: Int32Array;
  readonly values: Float64Array;
  readonly rest: Float64Array | null;
}

/** The place of a quantile among so many values in order. */
const placeOf = (count: number, percent: number): number =>
  Math.max(0, Math.ceil((count * percent) / 100) - 1);

export class QuantileAccumulator implements Accumulator {
  readonly columns: readonly StoredKey[];
  readonly #key: Quantity;
  known = new Uint32Array(0);
  /** As they came, until `finish`. */
  #chunks: Chunk[] = [];
  /** The values of slot s are those from `#starts[s]` up to `#starts[s + 1]`. */
  #starts = new Float64Array(1);
  #values = new Float64Array(0);
  #rest: Float64Array | null = null;
  #sorted = new Uint8Array(0);

  constructor(key: Quantity) {
    this.#key = key;
    this.columns = storedKeysOf(key);
  }

  resize(groups: number): void {
    this.known = grown(this.known, groups);
  }

  add(part: Part, slots: Int32Array): void {
    const key = this.#key;
    const { amounts, numbers } = scratch;
    const money = isMoney(key);
    if (!(money ? readAmounts(part, key, amounts) : readNumbers(part, key, numbers))) return;
    const source = money ? amounts.nanos : numbers;
    const hasRest = money && amounts.hasRest;
    const kept: Chunk = {
      slots: new Int32Array(part.count),
      values: new Float64Array(part.count),
      rest: hasRest ? new Float64Array(part.count) : null,
    };
    const { known } = this;
    let count = 0;
    for (let i = 0; i < part.count; i++) {
      const value = source[i] as number;
      if (Number.isNaN(value)) continue;
      const slot = slots[i] as number;
      (known[slot] as number)++;
      kept.slots[count] = slot;
      kept.values[count] = value;
      if (kept.rest) kept.rest[count] = amounts.rest[i] as number;
      count++;
    }
    this.#chunks.push({
      slots: kept.slots.subarray(0, count),
      values: kept.values.subarray(0, count),
      rest: kept.rest?.subarray(0, count) ?? null,
    });
  }

  /** Puts the values of each group together; to be called once, when all rows were added. */
  async finish(pace: Pace): Promise<void> {
    const groups = this.known.length;
    this.#starts = new Float64Array(groups + 1);
    for (let slot = 0; slot < groups; slot++)
      this.#starts[slot + 1] = (this.#starts[slot] as number) + (this.known[slot] as number);
    const total = this.#starts[groups] as number;
    this.#values = new Float64Array(total);
    this.#rest = this.#chunks.some(({ rest }) => rest !== null) ? new Float64Array(total) : null;
    this.#sorted = new Uint8Array(groups);
    const next = this.#starts.slice();
    const chunks = this.#chunks.reverse();
    for (let chunk = chunks.pop(); chunk; chunk = chunks.pop()) {
      const { slots, values, rest } = chunk;
      const target = this.#values;
      for (let i = 0; i < slots.length; i++) {
        const slot = slots[i] as number;
        const at = next[slot] as number;
        next[slot] = at + 1;
        target[at] = values[i] as number;
        if (rest && this.#rest) this.#rest[at] = rest[i] as number;
      }
      const pause = pace.step();
      if (pause) await pause;
    }
  }

  /** The quantile of a group that knows some value. */
  ofGroup(slot: number, percent: number): number | Money {
    const [start, end] = [this.#starts[slot] as number, this.#starts[slot + 1] as number];
    if (this.#sorted[slot] === 0) {
      sortRange(this.#values, this.#rest, start, end);
      this.#sorted[slot] = 1;
    }
    return this.#valueAt(start + placeOf(end - start, percent));
  }

  /** The quantile over the rows of some groups, of which at least one knows some value. */
  async ofAll(slots: ArrayLike<number>, percent: number, pace: Pace): Promise<number | Money> {
    let count = 0;
    for (let i = 0; i < slots.length; i++) count += this.known[slots[i] as number] as number;
    let place = placeOf(count, percent);
    // The upper bits of the doubles, 16 at a time, tell which few values it can be.
    let prefix = 0;
    for (const shift of [16, 0]) {
      const counts = new Float64Array(65_536);
      await this.#eachKey(slots, pace, (key) => {
        if (shift === 16) (counts[key >>> 16] as number)++;
        else if (key >>> 16 === prefix) (counts[key & 0xffff] as number)++;
      });
      let digit = 0;
      for (; place >= (counts[digit] as number); digit++) place -= counts[digit] as number;
      prefix = shift === 16 ? digit : ((prefix << 16) | digit) >>> 0;
    }
    const [foundValues, foundRests]: [number[], number[]] = [[], []];
    await this.#eachKey(slots, pace, (key, at) => {
      if (key !== prefix) return;
      foundValues.push(this.#values[at] as number);
      foundRests.push(this.#rest?.[at] ?? 0);
    });
    const values = Float64Array.from(foundValues);
    const rest = this.#rest && Float64Array.from(foundRests);
    sortRange(values, rest, 0, values.length);
    return isMoney(this.#key)
      ? fromLanes(values[place] as number, rest?.[place] ?? 0)
      : (values[place] as number);
  }

  #valueAt(at: number): number | Money {
    const value = this.#values[at] as number;
    return isMoney(this.#key) ? fromLanes(value, this.#rest?.[at] ?? 0) : value;
  }

  /**
   * Visits the upper 32 bits of each value, turned so that they order as the values do. Others may run only between
   * two groups, since they may sort one.
   */
  async #eachKey(
    slots: ArrayLike<number>,
    pace: Pace,
    visit: (key: number, at: number) => void,
  ): Promise<void> {
    const words = new Int32Array(this.#values.buffer);
    let seen = 0;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] as number;
      const end = this.#starts[slot + 1] as number;
      for (let at = this.#starts[slot] as number; at < end; at++) {
        const high = words[at * 2 + 1] as number;
        visit((high < 0 ? ~high : high ^ SIGN) >>> 0, at);
      }
      seen += end - (this.#starts[slot] as number);
      if (seen < STEP) continue;
      seen = 0;
      const pause = pace.step();
      if (pause) await pause;
    }
  }
}

const SIGN = 0x8000_0000;
/** So many values are visited between two looks at the clock. */
const STEP = 1 << 16;

/** Sorts a stretch of values, and their rests with them. */
function sortRange(values: Float64Array, rest: Float64Array | null, start: number, end: number): void {
  const stretch = values.subarray(start, end);
  if (!rest) {
    stretch.sort();
    return;
  }
  const rests = rest.slice(start, end);
  const before = stretch.slice();
  const order = Uint32Array.from(before.keys()).sort(
    (a, b) => (before[a] as number) - (before[b] as number) || (rests[a] as number) - (rests[b] as number),
  );
  for (let i = 0; i < order.length; i++) {
    stretch[i] = before[order[i] as number] as number;
    rest[start + i] = rests[order[i] as number] as number;
  }
}
