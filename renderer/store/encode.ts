/**
 * The border of the store: a batch in its source's words becomes typed columns, row by row accepted or rejected
 * with a reason. A row is taken whole or not at all: a wrong number is never quietly an unknown one.
 *
 * Runs wherever the batch is (the CSV worker, the store's worker), knows no stored data, and its result can be
 * transferred.
 */
import type { GenerationBatch } from '../../shared/batch.ts';
import { COLUMNS, type ColumnKey, type SourceValue } from '../../shared/columns.ts';
import { parseMoney, toLanes } from '../../shared/money.ts';
import { parseTime, timeFromGenerationId } from '../../shared/time.ts';
import type { Rejection } from './rejection.ts';
import {
  type Codes,
  type FlagVector,
  type IdVector,
  joinIds,
  type MoneyVector,
  type Numbers,
  type NumberVector,
  UNKNOWN_FLAG,
} from './vector.ts';

/** Codes of words of its own: code c is `words[c − 1]`, 0 is unknown. */
export interface EncodedText {
  readonly kind: 'text';
  readonly codes: Codes;
  readonly words: readonly string[];
}
export type EncodedColumn = NumberVector | MoneyVector | EncodedText | FlagVector;

export interface EncodedBatch {
  /** Rows accepted; every column has this length. */
  readonly rows: number;
  readonly ids: IdVector;
  /** Columns that no row knows are left out. `created_at` is always there. */
  readonly columns: { readonly [K in ColumnKey]?: EncodedColumn };
  /** 1 where the source had no time and the id's own stands in, so that a real one may replace it. */
  readonly timeFromId: Uint8Array | null;
  readonly rejections: readonly Rejection[];
}

const MOST_ID = 500;
const SHOWN = 60;

/** A value as an error quotes it: short, on one line. */
export function quoted(value: SourceValue): string {
  const text = String(value).replaceAll(/\s+/g, ' ');
  return `“${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}”`;
}

const isUnknown = (value: SourceValue): value is null | undefined | '' =>
  value === null || value === undefined || value === '';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** A plain decimal number, or NaN; never the 0 that JavaScript makes of an empty text. */
function toNumber(value: SourceValue): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return Number.NaN;
  const plain = plainWhole(value);
  if (plain >= 0) return plain;
  const text = value.trim();
  return NUMBER.test(text) ? Number(text) : Number.NaN;
}

const FLAGS = new Map<SourceValue, 0 | 1>([
  [true, 1],
  [false, 0],
  ['true', 1],
  ['false', 0],
  ['TRUE', 1],
  ['FALSE', 0],
  ['True', 1],
  ['False', 0],
]);

/** A whole number of at most 15 digits, the usual case; −1 sends the value down the long way. */
function plainWhole(text: string): number {
  const { length } = text;
  if (length > 15) return -1;
  let whole = 0;
  for (let at = 0; at < length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    whole = whole * 10 + digit;
  }
  return length === 0 ? -1 : whole;
}

/** Nano-dollars of a plain CSV cost (`-0.000123`), the usual case; NaN sends the value down the exact way. */
function plainNanos(text: string): number {
  let at = text.charCodeAt(0) === 45 ? 1 : 0;
  const negative = at === 1;
  let whole = 0;
  let digits = 0;
  for (; at < text.length; at++, digits++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) break;
    whole = whole * 10 + digit;
  }
  if (digits === 0 || digits > 6) return Number.NaN;
  let scale = 1_000_000_000;
  if (at < text.length) {
    if (text.charCodeAt(at) !== 46) return Number.NaN;
    const decimals = text.length - at - 1;
    if (decimals === 0 || decimals > 9) return Number.NaN;
    for (at++; at < text.length; at++) {
      const digit = text.charCodeAt(at) - 48;
      if (digit < 0 || digit > 9) return Number.NaN;
      whole = whole * 10 + digit;
      scale /= 10;
    }
  }
  const nanos = whole * scale;
  return negative ? 0 - nanos : nanos;
}

/**
 * Encodes a batch.
 * @param lines where each row stands in its source, for the rejections; absent where it has no lines.
 * @param refused why rows are not to be taken that were found wrong before, by row
 */
export function encodeBatch(
  batch: GenerationBatch,
  lines?: readonly number[],
  refused?: readonly (string | undefined)[],
): EncodedBatch {
  const { rows } = batch;
  const reasons: (string | undefined)[] = refused ? [...refused] : [];
  let isWhole = !refused?.some((reason) => reason !== undefined);
  const reject = (row: number, reason: string) => {
    reasons[row] ??= reason;
    isWhole = false;
  };

  const columns: { [K in ColumnKey]?: EncodedColumn } = {};
  for (const { key, kind } of COLUMNS) {
    const source = batch.columns[key];
    if (!source || kind === 'id' || kind === 'time') continue;
    const encoded = encodeColumn(key, kind, source, rows, reject);
    if (encoded) columns[key] = encoded;
  }
  const idSource = batch.columns.generation_id;
  const { times, timeFromId } = encodeTimes(batch.columns.created_at, idSource, rows, reject);
  columns.created_at = { kind: 'number', values: times };
  for (let row = 0; row < rows; row++) {
    const problem = idProblem(idSource?.[row]);
    if (!problem) continue;
    reasons[row] = problem;
    isWhole = false;
  }
  if (isWhole)
    return {
      rows,
      ids: encodeIds((idSource as readonly string[] | undefined) ?? []),
      columns,
      timeFromId,
      rejections: [],
    };

  const kept: number[] = [];
  const rejections: Rejection[] = [];
  for (let row = 0; row < rows; row++) {
    const reason = reasons[row];
    if (reason === undefined) kept.push(row);
    else rejections.push({ line: lines?.[row] ?? null, reason });
  }
  return {
    rows: kept.length,
    ids: encodeIds(kept.map((row) => idSource?.[row] as string)),
    columns: kept.length === rows ? columns : pickColumns(columns, kept),
    timeFromId: timeFromId && (kept.length === rows ? timeFromId : pick(timeFromId, kept)),
    rejections,
  };
}

function idProblem(id: SourceValue): string | undefined {
  if (isUnknown(id) || (typeof id === 'string' && id.trim() === '')) return 'has no generation id';
  if (typeof id !== 'string') return `generation_id is not a text: ${quoted(id)}`;
  if (!id.isWellFormed()) return 'generation_id holds half a character';
  if (id.length > MOST_ID) return `generation_id is longer than ${MOST_ID} characters`;
  return undefined;
}

function encodeColumn(
  key: ColumnKey,
  kind: 'text' | 'count' | 'duration' | 'money' | 'flag',
  source: readonly SourceValue[],
  rows: number,
  reject: (row: number, reason: string) => void,
): EncodedColumn | null {
  let known = 0;
  switch (kind) {
    case 'text': {
      const codes = new Uint32Array(rows);
      const words: string[] = [];
      const codeOf = new Map<string, number>();
      let [last, lastCode]: [word: string | null, code: number] = [null, 0];
      for (let row = 0; row < rows; row++) {
        const value = source[row];
        if (isUnknown(value)) continue;
        const word = typeof value === 'string' ? value : String(value);
        if (word !== last) {
          let code = codeOf.get(word);
          if (code === undefined) {
            code = words.push(word);
            codeOf.set(word, code);
          }
          [last, lastCode] = [word, code];
        }
        codes[row] = lastCode;
        known++;
      }
      return known === 0 ? null : { kind, codes, words };
    }
    case 'flag': {
      const values = new Uint8Array(rows).fill(UNKNOWN_FLAG);
      for (let row = 0; row < rows; row++) {
        const value = source[row];
        if (isUnknown(value)) continue;
        const flag = value === 'false' ? 0 : value === 'true' ? 1 : FLAGS.get(value);
        if (flag === undefined) reject(row, `${key} is neither true nor false: ${quoted(value)}`);
        else values[row] = flag;
        known++;
      }
      return known === 0 ? null : { kind, values };
    }
    case 'money': {
      const nanos = new Float64Array(rows).fill(Number.NaN);
      let rest: Float64Array | null = null;
      for (let row = 0; row < rows; row++) {
        const value = source[row];
        if (isUnknown(value)) continue;
        known++;
        if (typeof value === 'string') {
          const plain = plainNanos(value);
          if (!Number.isNaN(plain)) {
            nanos[row] = plain;
            continue;
          }
        }
        const amount = typeof value === 'boolean' ? undefined : parseMoney(value);
        const lanes = amount === undefined ? undefined : toLanes(amount);
        if (lanes === undefined) reject(row, `${key} is not an amount of dollars: ${quoted(value)}`);
        else if (!Number.isSafeInteger(lanes.nanos))
          reject(row, `${key} is over nine million dollars: ${quoted(value)}`);
        else {
          nanos[row] = lanes.nanos;
          if (lanes.rest !== 0) {
            rest ??= new Float64Array(rows);
            rest[row] = lanes.rest;
          }
        }
      }
      return known === 0 ? null : { kind, nanos, rest };
    }
    default: {
      const values = new Float64Array(rows).fill(Number.NaN);
      for (let row = 0; row < rows; row++) {
        const value = source[row];
        if (isUnknown(value)) continue;
        known++;
        const number = toNumber(value);
        if (!Number.isFinite(number)) reject(row, `${key} is not a number: ${quoted(value)}`);
        else if (kind === 'count' && (!Number.isSafeInteger(number) || number < 0))
          reject(row, `${key} is not a whole number: ${quoted(value)}`);
        else values[row] = number;
      }
      return known === 0 ? null : { kind: 'number', values };
    }
  }
}

function encodeTimes(
  source: readonly SourceValue[] | undefined,
  ids: readonly SourceValue[] | undefined,
  rows: number,
  reject: (row: number, reason: string) => void,
): { times: Float64Array; timeFromId: Uint8Array | null } {
  const times = new Float64Array(rows);
  let timeFromId: Uint8Array | null = null;
  const midnights = new Map<number, number>();
  for (let row = 0; row < rows; row++) {
    const value = source?.[row];
    if (isUnknown(value)) {
      const id = ids?.[row];
      const time = typeof id === 'string' ? timeFromGenerationId(id) : undefined;
      if (time === undefined) reject(row, 'has no created_at, and no time in its id');
      else {
        timeFromId ??= new Uint8Array(rows);
        timeFromId[row] = 1;
        times[row] = time;
      }
      continue;
    }
    const time = typeof value === 'string' ? (plainTime(value, midnights) ?? parseTime(value)) : undefined;
    if (time === undefined) reject(row, `created_at is not a time: ${quoted(value)}`);
    else times[row] = time;
  }
  return { times, timeFromId };
}

/**
 * `2025-12-19 20:32:13.640`, the usual case; undefined sends the text down the long way.
 * @param midnights of days that were read before, by their digits
 */
function plainTime(text: string, midnights: Map<number, number>): number | undefined {
  if (text.length !== 23 || text.charCodeAt(10) !== 32 || text.charCodeAt(19) !== 46) return undefined;
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return undefined;
  if (text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return undefined;
  // Anything but digits makes one of these NaN, or too large.
  const [hour, minute, second] = [twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)];
  const milliseconds = digitAt(text, 20) * 100 + twoDigits(text, 21);
  const day =
    (twoDigits(text, 0) * 100 + twoDigits(text, 2)) * 10_000 + twoDigits(text, 5) * 100 + twoDigits(text, 8);
  if (!(hour < 24 && minute < 60 && second < 60 && milliseconds < 1000)) return undefined;
  let midnight = midnights.get(day);
  if (midnight === undefined) {
    midnight = parseTime(text.slice(0, 10));
    if (midnight === undefined) return undefined;
    midnights.set(day, midnight);
  }
  return midnight + ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds;
}

function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - 48;
  return digit >= 0 && digit <= 9 ? digit : Number.NaN;
}

const twoDigits = (text: string, at: number): number => digitAt(text, at) * 10 + digitAt(text, at + 1);

const encoder = new TextEncoder();

/** Ids as the store keeps and compares them. */
export function encodeIds(ids: readonly string[]): IdVector {
  const offsets = new Uint32Array(ids.length + 1);
  const joined = ids.join('');
  const plain = new Uint8Array(joined.length);
  // As many bytes as characters: all of them are ASCII.
  if (encoder.encodeInto(joined, plain).read === joined.length) {
    let at = 0;
    for (let row = 0; row < ids.length; row++) {
      at += (ids[row] as string).length;
      offsets[row + 1] = at;
    }
    return { kind: 'id', offsets, bytes: plain };
  }
  const bytes = new Uint8Array(joined.length * 3);
  let at = 0;
  for (let row = 0; row < ids.length; row++) {
    at += encoder.encodeInto(ids[row] as string, bytes.subarray(at)).written;
    offsets[row + 1] = at;
  }
  return { kind: 'id', offsets, bytes: bytes.slice(0, at) };
}

function pick<T extends Numbers | Codes>(values: T, rows: readonly number[]): T {
  const picked = new (values.constructor as new (length: number) => T)(rows.length);
  rows.forEach((row, i) => {
    picked[i] = values[row] as number;
  });
  return picked;
}

function pickColumns(columns: EncodedBatch['columns'], rows: readonly number[]): EncodedBatch['columns'] {
  const picked: { [K in ColumnKey]?: EncodedColumn } = {};
  for (const [key, column] of Object.entries(columns) as [ColumnKey, EncodedColumn][]) {
    picked[key] = pickColumn(column, rows);
  }
  return picked;
}

function pickColumn(column: EncodedColumn, rows: readonly number[]): EncodedColumn {
  switch (column.kind) {
    case 'text':
      return { ...column, codes: pick(column.codes, rows) };
    case 'money':
      return { ...column, nanos: pick(column.nanos, rows), rest: column.rest && pick(column.rest, rows) };
    case 'flag':
      return { ...column, values: pick(column.values, rows) };
    case 'number':
      return { ...column, values: pick(column.values, rows) };
  }
}

/** Some rows of an encoded batch, without its rejections. */
export function pickRows(batch: EncodedBatch, rows: readonly number[]): EncodedBatch {
  return {
    rows: rows.length,
    ids: joinIds(null, batch.ids, Uint32Array.from(rows)),
    columns: pickColumns(batch.columns, rows),
    timeFromId: batch.timeFromId && pick(batch.timeFromId, rows),
    rejections: [],
  };
}

/** The buffers of a batch, to be transferred with it. */
export function buffersOf(batch: EncodedBatch): ArrayBuffer[] {
  const arrays: ArrayBufferView[] = [batch.ids.offsets, batch.ids.bytes];
  if (batch.timeFromId) arrays.push(batch.timeFromId);
  for (const column of Object.values(batch.columns)) {
    if (column.kind === 'text') arrays.push(column.codes);
    else if (column.kind === 'money') arrays.push(column.nanos, ...(column.rest ? [column.rest] : []));
    else arrays.push(column.values);
  }
  return arrays.map((array) => array.buffer as ArrayBuffer);
}
