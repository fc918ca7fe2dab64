/**
 * Columns in memory and on disk: typed arrays with a mark for "unknown". A column that no row knows is no vector
 * at all (`null`) and takes no room.
 *
 * Numbers and money are kept in the narrowest array that holds all of them, doubles where nothing else does; text
 * as codes of a dictionary in the narrowest integers that hold them; ids as one run of UTF-8 bytes with offsets.
 * Every reader takes every array of its kind, so a wider one is never wrong, only larger.
 */
import type { ColumnKind } from '../../shared/columns.ts';

/** The mark in 32-bit integers. */
export const UNKNOWN_INT = -2_147_483_648;
const MOST_INT = 2_147_483_647;
export const UNKNOWN_FLAG = 2;
export const UNKNOWN_CODE = 0;

export type Codes = Uint8Array | Uint16Array | Uint32Array;
/** Unknown is the largest number of the unsigned arrays, `UNKNOWN_INT` in `Int32Array` and NaN in doubles. */
export type Numbers = Uint8Array | Uint16Array | Int32Array | Float64Array;

/** A row's number is `values[row] + base`. The base is absent where it is 0; times are kept around one. */
export interface NumberVector {
  readonly kind: 'number';
  readonly values: Numbers;
  readonly base?: number;
}
/** Nano-dollars, and yocto-dollars beyond them where any row has some (see shared/money.ts). */
export interface MoneyVector {
  readonly kind: 'money';
  readonly nanos: Numbers;
  readonly rest: Float64Array | null;
}
/** Codes of a dictionary; 0 is unknown, code c is its word c − 1. */
export interface TextVector {
  readonly kind: 'text';
  readonly codes: Codes;
}
/** 0, 1, or 2 for unknown. */
export interface FlagVector {
  readonly kind: 'flag';
  readonly values: Uint8Array;
}
/** Row r's bytes are `bytes[offsets[r]] … bytes[offsets[r + 1] − 1]`. */
export interface IdVector {
  readonly kind: 'id';
  readonly offsets: Uint32Array;
  readonly bytes: Uint8Array;
}
export type Vector = NumberVector | MoneyVector | TextVector | FlagVector | IdVector;

/** Codes of words of its own: code c is `words[c − 1]`, 0 is unknown. */
export interface EncodedText {
  readonly kind: 'text';
  readonly codes: Codes;
  readonly words: readonly string[];
}
export type EncodedColumn = NumberVector | MoneyVector | EncodedText | FlagVector;

/** The kind of vector that holds a kind of column. */
export function vectorKind(kind: ColumnKind): Vector['kind'] {
  switch (kind) {
    case 'id':
    case 'money':
    case 'text':
    case 'flag':
      return kind;
    default:
      return 'number';
  }
}

/** The mark that stands for unknown in an array; NaN, which equals nothing, in doubles. */
export function unknownOf(values: Numbers): number {
  if (values instanceof Float64Array) return Number.NaN;
  if (values instanceof Int32Array) return UNKNOWN_INT;
  return values instanceof Uint8Array ? 255 : 65_535;
}

/** A row's number as the array has it, or NaN for unknown. */
function valueAt(values: Numbers, row: number): number {
  const value = values[row] as number;
  return value === unknownOf(values) ? Number.NaN : value;
}

/** A row's number, or NaN for unknown. */
export const numberAt = ({ values, base = 0 }: Pick<NumberVector, 'values' | 'base'>, row: number): number =>
  valueAt(values, row) + base;

/** A row's nano-dollars, or NaN for unknown. */
export const nanosAt = ({ nanos }: Pick<MoneyVector, 'nanos'>, row: number): number => valueAt(nanos, row);

/** The smallest array that holds these doubles (NaN = unknown) exactly. */
export function narrowNumbers(values: Float64Array): Numbers {
  let [least, most] = [0, 0];
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    if (Number.isNaN(value)) continue;
    if (!Number.isInteger(value)) return values;
    if (value < least) least = value;
    else if (value > most) most = value;
  }
  if (least <= UNKNOWN_INT || most > MOST_INT) return values;
  const { length } = values;
  const narrow =
    least < 0 || most >= 65_535
      ? new Int32Array(length)
      : most >= 255
        ? new Uint16Array(length)
        : new Uint8Array(length);
  const unknown = unknownOf(narrow);
  for (let row = 0; row < length; row++) {
    const value = values[row] as number;
    narrow[row] = Number.isNaN(value) ? unknown : value;
  }
  return narrow;
}

/** The smallest vector of numbers: around a base where doubles would be needed without one. */
export function narrowVector(values: Float64Array): NumberVector {
  const narrow = narrowNumbers(values);
  if (!(narrow instanceof Float64Array)) return { kind: 'number', values: narrow };
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  // Half of the span lies on either side, so that 32 bits hold 49 days of milliseconds.
  const base = Math.floor((least + most) / 2);
  const whole = Number.isSafeInteger(least) && Number.isSafeInteger(most) && Number.isSafeInteger(base);
  if (!whole || most - least > MOST_INT * 2) return { kind: 'number', values };
  const distances = new Float64Array(values.length);
  for (let row = 0; row < values.length; row++) distances[row] = (values[row] as number) - base;
  const around = narrowNumbers(distances);
  return around instanceof Float64Array
    ? { kind: 'number', values }
    : { kind: 'number', values: around, base };
}

/** The same numbers as doubles with NaN for unknown; always a copy of its own. */
export function widenNumbers(values: Numbers, length = values.length, base = 0): Float64Array {
  const wide = new Float64Array(length);
  wide.set(values);
  wide.fill(Number.NaN, values.length);
  if (values instanceof Float64Array && base === 0) return wide;
  const unknown = unknownOf(values);
  for (let row = 0; row < values.length; row++) {
    const value = wide[row] as number;
    wide[row] = value === unknown ? Number.NaN : value + base;
  }
  return wide;
}

/** The least and the greatest of numbers that are all known, such as times. */
export function spanOf({ values, base = 0 }: NumberVector): [from: number, to: number] {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < values.length; row++) {
    const time = values[row] as number;
    if (time < from) from = time;
    if (time > to) to = time;
  }
  return [from + base, to + base];
}

/** The narrowest codes that hold these. */
export function narrowCodes(codes: Uint32Array): Codes {
  let most = 0;
  for (let row = 0; row < codes.length; row++) if ((codes[row] as number) > most) most = codes[row] as number;
  if (most < 256) return new Uint8Array(codes);
  if (most < 65_536) return new Uint16Array(codes);
  return codes;
}

function zeroToNull(rest: Float64Array): Float64Array | null {
  for (let row = 0; row < rest.length; row++) if (rest[row] !== 0) return rest;
  return null;
}

/** A column while it is being changed: wide arrays of full length, narrowed again by `freeze`. */
export type Draft =
  | { readonly kind: 'number'; readonly values: Float64Array }
  | { readonly kind: 'money'; readonly nanos: Float64Array; readonly rest: Float64Array }
  | { readonly kind: 'text'; readonly codes: Uint32Array }
  | { readonly kind: 'flag'; readonly values: Uint8Array };

/** A changeable copy of a vector, lengthened to `rows` with unknowns; `null` gives unknowns only. */
export function thaw(vector: Vector | null, kind: Draft['kind'], rows: number): Draft {
  switch (kind) {
    case 'number':
      return {
        kind,
        values:
          vector?.kind === 'number'
            ? widenNumbers(vector.values, rows, vector.base)
            : new Float64Array(rows).fill(Number.NaN),
      };
    case 'money': {
      const rest = new Float64Array(rows);
      if (vector?.kind !== 'money') return { kind, nanos: new Float64Array(rows).fill(Number.NaN), rest };
      if (vector.rest) rest.set(vector.rest);
      return { kind, nanos: widenNumbers(vector.nanos, rows), rest };
    }
    case 'text': {
      const codes = new Uint32Array(rows);
      if (vector?.kind === 'text') codes.set(vector.codes);
      return { kind, codes };
    }
    case 'flag': {
      const values = new Uint8Array(rows).fill(UNKNOWN_FLAG);
      if (vector?.kind === 'flag') values.set(vector.values);
      return { kind, values };
    }
  }
}

/** The smallest vector of a draft; `null` when every row is unknown. */
export function freeze(draft: Draft): Vector | null {
  switch (draft.kind) {
    case 'number':
      return knowsAny(draft.values, Number.NaN) ? narrowVector(draft.values) : null;
    case 'money':
      return knowsAny(draft.nanos, Number.NaN)
        ? { kind: 'money', nanos: narrowNumbers(draft.nanos), rest: zeroToNull(draft.rest) }
        : null;
    case 'text':
      return knowsAny(draft.codes, UNKNOWN_CODE) ? { kind: 'text', codes: narrowCodes(draft.codes) } : null;
    case 'flag':
      return known(draft);
  }
}

/** A vector that some row knows; `null` where none does. */
export function known<T extends NumberVector | MoneyVector | FlagVector>(vector: T): T | null {
  switch (vector.kind) {
    case 'number':
      return knowsAny(vector.values, unknownOf(vector.values)) ? vector : null;
    case 'money':
      return knowsAny(vector.nanos, unknownOf(vector.nanos)) ? vector : null;
    case 'flag':
      return knowsAny(vector.values, UNKNOWN_FLAG) ? vector : null;
  }
}

/** Whether any of these is something else than the mark of unknown. */
function knowsAny(values: ArrayLike<number>, unknown: number): boolean {
  for (let row = 0; row < values.length; row++)
    if (values[row] !== unknown && !Number.isNaN(values[row])) return true;
  return false;
}

/** Ids of `first`, then those of `second` at `rows`. */
export function joinIds(first: IdVector | null, second: IdVector, rows: Uint32Array): IdVector {
  const before = first ? first.offsets.length - 1 : 0;
  const used = first?.bytes.length ?? 0;
  let size = used;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    size += (second.offsets[row + 1] as number) - (second.offsets[row] as number);
  }
  const offsets = new Uint32Array(before + rows.length + 1);
  const bytes = new Uint8Array(size);
  if (first) {
    offsets.set(first.offsets);
    bytes.set(first.bytes);
  }
  let at = used;
  // Rows that follow each other are copied at once.
  for (let i = 0; i < rows.length; ) {
    const first = rows[i] as number;
    const start = second.offsets[first] as number;
    const shift = at - start;
    let row = first;
    for (; i < rows.length && rows[i] === row; i++, row++)
      offsets[before + i + 1] = (second.offsets[row + 1] as number) + shift;
    const end = second.offsets[row] as number;
    bytes.set(second.bytes.subarray(start, end), at);
    at += end - start;
  }
  return { kind: 'id', offsets, bytes };
}

// A mark at the beginning belongs to the id.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The id of a row. */
export function idAt(ids: IdVector, row: number): string {
  return decoder.decode(ids.bytes.subarray(ids.offsets[row], ids.offsets[row + 1]));
}

/** Orders two ids by their bytes. */
export function compareIds(a: IdVector, rowA: number, b: IdVector, rowB: number): number {
  const [startA, endA] = [a.offsets[rowA] as number, a.offsets[rowA + 1] as number];
  const [startB, endB] = [b.offsets[rowB] as number, b.offsets[rowB + 1] as number];
  const shorter = Math.min(endA - startA, endB - startB);
  for (let i = 0; i < shorter; i++) {
    const difference = (a.bytes[startA + i] as number) - (b.bytes[startB + i] as number);
    if (difference !== 0) return difference;
  }
  return endA - startA - (endB - startB);
}
