/**
 * The rows of one segment that a query looks at, and how their columns are read: into dense arrays of one type
 * each, whatever the vector's, so that every loop over them is simple and of one kind. What a `read…` function fills
 * holds until the next call with the same target.
 */

import type { TextKey } from '../../../shared/columns.ts';
import { YOCTOS_PER_NANO } from '../../../shared/money.ts';
import type { MoneyMeasure } from '../../../shared/query.ts';
import { SEGMENT_ROWS } from '../id-index.ts';
import { type Segment, vectorAs, vectorOf } from '../segment.ts';
import { type Codes, type Numbers, UNKNOWN_FLAG, unknownOf } from '../vector.ts';
import { moneyParts, type PlainKey } from './measure.ts';

/** Selected rows of a segment, ascending. Its columns must be loaded while it is in use. */
export interface Part {
  readonly segment: Segment;
  /** How many rows. */
  readonly count: number;
  /** Their places in the segment, the first `count` of these; null where they follow each other. */
  readonly rows: Uint16Array | null;
  /** The place of the first of those that follow each other. */
  readonly from: number;
}

/** The place in its segment of a part's row. */
export const placeOf = ({ rows, from }: Part, i: number): number =>
  rows === null ? from + i : (rows[i] as number);

/** Rows whose columns, as they are read, stay in the part of a processor's memory that costs nothing to read again. */
const BLOCK_ROWS = 4096;

/** A part in blocks that are quicker to go through several times. */
export function* blocksOf({ segment, count, rows, from }: Part): Generator<Part> {
  for (let at = 0; at < count; at += BLOCK_ROWS) {
    const some = Math.min(BLOCK_ROWS, count - at);
    yield { segment, count: some, rows: rows?.subarray(at, at + some) ?? null, from: from + at };
  }
}

/**
 * Amounts so that they order: first by `nanos`, then by `rest`, which is from 0 up to a nano-dollar (beyond 2⁵³
 * nano-dollars up to two more on either side, since doubles are two apart there). Unknown is NaN in `nanos`.
 */
export class Amounts {
  readonly nanos = new Float64Array(SEGMENT_ROWS);
  readonly rest = new Float64Array(SEGMENT_ROWS);
  /** Whether any rest is not 0. */
  hasRest = false;
}

const numbers = (): Float64Array => new Float64Array(SEGMENT_ROWS);
const codes = (): Int32Array => new Int32Array(SEGMENT_ROWS);

/**
 * Arrays to read columns into. There is one set of them for all: whoever works on a part does so at once, and what is
 * in them means nothing afterwards.
 */
export const scratch = {
  numbers: numbers(),
  moreNumbers: numbers(),
  codes: codes(),
  /** The group of each row. */
  slots: codes(),
  amounts: new Amounts(),
  /** The rows that a filter has let through. */
  rows: new Uint16Array(SEGMENT_ROWS),
  marks: new Uint8Array(SEGMENT_ROWS),
};

/** Only for `readAmounts`. */
const moreAmounts = new Amounts();

function gather(
  source: Numbers | Codes,
  { rows, from, count }: Part,
  target: Float64Array | Int32Array,
): void {
  if (rows === null) target.set(source.subarray(from, from + count));
  else for (let i = 0; i < count; i++) target[i] = source[rows[i] as number] as number;
}

/** Which arrays have unknowns, found out once: most have none. */
const unknowns = new WeakMap<Numbers, boolean>();

function hasUnknowns(values: Numbers): boolean {
  let has = unknowns.get(values);
  if (has === undefined) {
    has = values.includes(unknownOf(values));
    unknowns.set(values, has);
  }
  return has;
}

function gatherNumbers(values: Numbers, part: Part, target: Float64Array): void {
  gather(values, part, target);
  if (!(values instanceof Float64Array) && hasUnknowns(values)) toNaN(target, unknownOf(values), part.count);
}

function toNaN(values: Float64Array, unknown: number, count: number): void {
  for (let i = 0; i < count; i++) if (values[i] === unknown) values[i] = Number.NaN;
}

/** The codes of a text column. @returns false where no row knows it; the target is all unknown then */
export function readCodes(part: Part, key: TextKey | 'sources', target: Int32Array): boolean {
  const codes = vectorAs(part.segment, key, 'text')?.codes;
  if (codes) gather(codes, part, target);
  else target.fill(0, 0, part.count);
  return codes !== undefined;
}

/** The values of a column of numbers or flags, NaN for unknown. @returns false where no row knows it; all are NaN then */
export function readNumbers(part: Part, key: PlainKey, target: Float64Array): boolean {
  const vector = vectorOf(part.segment, key);
  if (vector === null) {
    target.fill(Number.NaN, 0, part.count);
    return false;
  }
  if (vector.kind === 'flag') {
    gather(vector.values, part, target);
    toNaN(target, UNKNOWN_FLAG, part.count);
    return true;
  }
  const { values, base = 0 } = vectorAs(part.segment, key, 'number') ?? { values: new Float64Array(0) };
  // A time is never unknown.
  if (key === 'created_at') gather(values, part, target);
  else gatherNumbers(values, part, target);
  if (base !== 0) for (let i = 0; i < part.count; i++) (target[i] as number) += base;
  return true;
}

/**
 * The amounts of a column, or the sums of those parts of spend that are known.
 * @returns false where no row knows any; all are unknown then
 */
export function readAmounts(part: Part, measure: MoneyMeasure, target: Amounts): boolean {
  const [first, second] = moneyParts(measure);
  const knowsFirst = first !== undefined && readColumn(part, first, target);
  if (second === undefined) return knowsFirst;
  if (!knowsFirst) return readColumn(part, second, target);
  if (readColumn(part, second, moreAmounts)) add(target, moreAmounts, part.count);
  return true;
}

function readColumn(part: Part, key: Exclude<MoneyMeasure, 'spend'>, target: Amounts): boolean {
  target.hasRest = false;
  const vector = vectorAs(part.segment, key, 'money');
  if (!vector) {
    target.nanos.fill(Number.NaN, 0, part.count);
    return false;
  }
  gatherNumbers(vector.nanos, part, target.nanos);
  if (vector.rest === null) return true;
  target.hasRest = true;
  const { nanos, rest } = target;
  gather(vector.rest, part, rest);
  for (let i = 0; i < part.count; i++) {
    if ((rest[i] as number) >= 0) continue;
    (rest[i] as number) += YOCTOS_PER_NANO;
    (nanos[i] as number)--;
  }
  return true;
}

/** Adds amounts to others; unknown is 0 beside what is known. */
function add(target: Amounts, more: Amounts, count: number): void {
  const { nanos, rest } = target;
  let rests = target.hasRest || more.hasRest;
  if (rests && !target.hasRest) rest.fill(0, 0, count);
  for (let i = 0; i < count; i++) {
    const b = more.nanos[i] as number;
    if (Number.isNaN(b)) continue;
    let a = nanos[i] as number;
    const alone = Number.isNaN(a);
    if (alone) a = 0;
    let restSum = 0;
    if (rests) {
      restSum = (alone ? 0 : (rest[i] as number)) + (more.hasRest ? (more.rest[i] as number) : 0);
      if (restSum >= YOCTOS_PER_NANO) {
        restSum -= YOCTOS_PER_NANO;
        a++;
      }
    }
    const sum = a + b;
    nanos[i] = sum;
    if (sum > Number.MAX_SAFE_INTEGER || sum < -Number.MAX_SAFE_INTEGER) {
      // What the sum lost by rounding, exactly (Knuth's two-sum).
      const rounded = sum - a;
      const lost = a - (sum - rounded) + (b - rounded);
      if (lost !== 0 && !rests) {
        rests = true;
        rest.fill(0, 0, count);
      }
      restSum += lost * YOCTOS_PER_NANO;
    }
    if (rests) rest[i] = restSum;
  }
  target.hasRest = rests;
}
