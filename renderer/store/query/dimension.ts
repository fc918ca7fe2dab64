/** Turns what rows are grouped by into codes: small whole numbers, one for each value. */
import type { TextKey } from '../../../shared/columns.ts';
import { fromLanes } from '../../../shared/money.ts';
import type { Bucket, CellValue, Dimension, MoneyMeasure, TimeRange } from '../../../shared/query.ts';
import { DAY_MS } from '../../../shared/time.ts';
import { type Zone, zoneOf } from '../../../shared/zone.ts';
import { compareText, type Dictionary } from '../dictionary.ts';
import { SEGMENT_ROWS } from '../id-index.ts';
import type { StoredKey } from '../segment.ts';
import { isFlag, isMoney, isText, moneyParts, type PlainKey } from './measure.ts';
import { type Part, readAmounts, readCodes, readNumbers, scratch } from './part.ts';
import type { Snapshot } from './snapshot.ts';

/** One dimension. */
export interface Coder {
  readonly columns: readonly StoredKey[];
  /** How many codes there can be, where that is known before rows are coded; else null. */
  readonly most: number | null;
  /** Codes lie below this; of what has been coded so far. */
  readonly size: number;
  readonly code: (part: Part, target: Int32Array) => void;
  readonly key: (code: number) => CellValue;
  /** For each code its place among all keys, NaN for unknown. */
  readonly ranks: () => Float64Array;
}

export const isBucket = (dimension: Dimension): dimension is Bucket => typeof dimension === 'object';

/** @param range in which the rows lie */
export function coderOf(dimension: Dimension, snapshot: Snapshot, range: TimeRange): Coder {
  if (isBucket(dimension)) return new BucketCoder(dimension, range);
  if (isText(dimension)) return new TextCoder(dimension, snapshot.dictionary(dimension));
  if (isMoney(dimension)) return new MoneyCoder(dimension);
  return new NumberCoder(dimension);
}

class TextCoder implements Coder {
  readonly columns: readonly TextKey[];
  readonly most: number;
  readonly size: number;
  readonly #dictionary: Dictionary;

  constructor(key: TextKey, dictionary: Dictionary) {
    this.columns = [key];
    this.#dictionary = dictionary;
    this.size = dictionary.size + 1;
    this.most = this.size;
  }

  code(part: Part, target: Int32Array): void {
    readCodes(part, this.columns[0] as TextKey, target);
  }

  key(code: number): CellValue {
    return this.#dictionary.word(code);
  }

  ranks(): Float64Array {
    const ranks = Float64Array.from(this.#dictionary.ranks().subarray(0, this.size));
    ranks[0] = Number.NaN;
    return ranks;
  }
}

/** Values in the order they are met; code 0 is unknown. */
abstract class MetCoder<T extends number | bigint> {
  readonly most = null;
  protected readonly values: (T | null)[] = [null];
  protected readonly codes = new Map<T, number>();

  get size(): number {
    return this.values.length;
  }

  protected codeOf(value: T): number {
    let code = this.codes.get(value);
    if (code === undefined) {
      code = this.values.push(value) - 1;
      this.codes.set(value, code);
    }
    return code;
  }

  ranks(): Float64Array {
    const { values } = this;
    const order = Uint32Array.from(values.keys()).subarray(1);
    order.sort((a, b) => ((values[a] as T) < (values[b] as T) ? -1 : 1));
    const ranks = new Float64Array(values.length).fill(Number.NaN);
    for (let i = 0; i < order.length; i++) ranks[order[i] as number] = i;
    return ranks;
  }
}

class NumberCoder extends MetCoder<number> implements Coder {
  readonly columns: readonly PlainKey[];
  readonly #isFlag: boolean;

  constructor(key: Exclude<PlainKey, 'created_at'>) {
    super();
    this.columns = [key];
    this.#isFlag = isFlag(key);
  }

  code(part: Part, target: Int32Array): void {
    const { numbers } = scratch;
    readNumbers(part, this.columns[0] as PlainKey, numbers);
    let [last, code] = [Number.NaN, 0];
    for (let i = 0; i < part.count; i++) {
      const value = numbers[i] as number;
      if (value !== last) {
        code = Number.isNaN(value) ? 0 : this.codeOf(value);
        last = value;
      }
      target[i] = code;
    }
  }

  key(code: number): CellValue {
    const value = this.values[code] as number | null;
    return this.#isFlag && value !== null ? value === 1 : value;
  }
}

class MoneyCoder extends MetCoder<bigint> implements Coder {
  readonly columns: readonly StoredKey[];
  readonly #measure: MoneyMeasure;
  /** Codes of whole nano-dollars, which are nearly all. */
  readonly #whole = new Map<number, number>();

  constructor(measure: MoneyMeasure) {
    super();
    this.#measure = measure;
    this.columns = moneyParts(measure);
  }

  code(part: Part, target: Int32Array): void {
    const { amounts } = scratch;
    readAmounts(part, this.#measure, amounts);
    for (let i = 0; i < part.count; i++) {
      const nanos = amounts.nanos[i] as number;
      const rest = amounts.hasRest ? (amounts.rest[i] as number) : 0;
      if (Number.isNaN(nanos)) target[i] = 0;
      else if (rest !== 0) target[i] = this.codeOf(fromLanes(nanos, rest));
      else {
        let code = this.#whole.get(nanos);
        if (code === undefined) {
          code = this.codeOf(fromLanes(nanos, 0));
          this.#whole.set(nanos, code);
        }
        target[i] = code;
      }
    }
  }

  key(code: number): CellValue {
    return this.values[code] as bigint | null;
  }
}

/** Stretches of time in the order they are met. */
class BucketCoder implements Coder {
  readonly columns = ['created_at'] as const;
  readonly #every: Bucket['every'];
  readonly #zone: Zone;
  readonly #starts: number[] = [];
  readonly #codes = new Map<number, number>();
  readonly most: number | null;

  constructor({ every, zone }: Bucket, { from, to }: TimeRange) {
    // Two more than whole stretches fit in, and some to spare for jumps of the clock, which make two of one.
    const most = Math.ceil((to - from) / SHORTEST_MS[every]) + 10;
    this.most = most > 0 && most < MOST_STARTS ? most : null;
    this.#every = every;
    this.#zone = zoneOf(zone);
  }

  get size(): number {
    return this.#starts.length;
  }

  code(part: Part, target: Int32Array): void {
    const times = scratch.numbers;
    readNumbers(part, 'created_at', times);
    const starts = this.#startsWithin(part, times);
    if (starts === null) {
      for (let i = 0; i < part.count; i++)
        target[i] = this.#codeOf(this.#zone.start(times[i] as number, this.#every));
      return;
    }
    const codes = new Int32Array(starts.length).fill(-1);
    const first = starts[0] as number;
    const scale = (starts.length - 1) / ((starts.at(-1) as number) - first);
    for (let i = 0; i < part.count; i++) {
      const time = times[i] as number;
      // Stretches are nearly equal, so a guess is at most a step or two off.
      let at = Math.floor((time - first) * scale);
      while (time < (starts[at] as number)) at--;
      while (time >= (starts[at + 1] as number)) at++;
      let code = codes[at] as number;
      if (code < 0) {
        code = this.#codeOf(starts[at] as number);
        codes[at] = code;
      }
      target[i] = code;
    }
  }

  key(code: number): CellValue {
    return this.#starts[code] as number;
  }

  ranks(): Float64Array {
    return Float64Array.from(this.#starts);
  }

  #codeOf(start: number): number {
    let code = this.#codes.get(start);
    if (code === undefined) {
      code = this.#starts.push(start) - 1;
      this.#codes.set(start, code);
    }
    return code;
  }

  /** The boundaries from the first to the last of some times; null where they would be more than the times. */
  #startsWithin({ count }: Part, times: Float64Array): readonly number[] | null {
    let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = 0; i < count; i++) {
      const time = times[i] as number;
      if (time < from) from = time;
      if (time > to) to = time;
    }
    const starts = [this.#zone.start(from, this.#every)];
    for (let next = starts[0] as number; next <= to; starts.push(next)) {
      if (starts.length > count && starts.length > MOST_STARTS) return null;
      next = this.#zone.next(next, this.#every);
    }
    return starts;
  }
}

/** Stretches of a span of time that are laid out. */
const MOST_STARTS = SEGMENT_ROWS / 16;

const SHORTEST_MS = {
  minute: 60_000,
  hour: 1_800_000,
  day: 22 * 3_600_000,
  week: 6 * DAY_MS,
  month: 27 * DAY_MS,
} as const;

/** Orders the keys of two groups; unknown comes last either way, since it is no value among values. */
export function compareKeys(a: readonly CellValue[], b: readonly CellValue[]): number {
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? null, b[i] ?? null];
    if (x === y) continue;
    if (x === null || y === null) return x === null ? 1 : -1;
    if (typeof x === 'string') return compareText(x, String(y));
    return x < y ? -1 : 1;
  }
  return 0;
}
