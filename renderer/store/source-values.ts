/** Values in a source's words → numbers, money, times, flags; what cannot be read in only one way is not read. */
import type { SourceValue } from '../../shared/columns.ts';
import { parseTime } from '../../shared/time.ts';

const MOST_ID = 500;
const SHOWN = 60;

/** A value as an error quotes it: short, on one line. */
export function quoted(value: SourceValue): string {
  const text = String(value).replaceAll(/\s+/g, ' ');
  return `“${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}”`;
}

export const isUnknown = (value: SourceValue): value is null | undefined | '' =>
  value === null || value === undefined || value === '';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** A plain decimal number, or NaN; never the 0 that JavaScript makes of an empty text. */
export function toNumber(value: SourceValue): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return Number.NaN;
  const plain = plainWhole(value);
  if (plain >= 0) return plain;
  const text = value.trim();
  return NUMBER.test(text) ? Number(text) : Number.NaN;
}

export const FLAGS = new Map<SourceValue, 0 | 1>([
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
export function plainNanos(text: string): number {
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
 * `2025-12-19 20:32:13.640`, the usual case; undefined sends the text down the long way.
 * @param midnights of days that were read before, by their digits
 */
export function plainTime(text: string, midnights: Map<number, number>): number | undefined {
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

/** What is wrong with an id; undefined where nothing is. */
export function idProblem(id: SourceValue): string | undefined {
  if (isUnknown(id) || (typeof id === 'string' && id.trim() === '')) return 'has no generation id';
  if (typeof id !== 'string') return `generation_id is not a text: ${quoted(id)}`;
  if (!id.isWellFormed()) return 'generation_id holds half a character';
  if (id.length > MOST_ID) return `generation_id is longer than ${MOST_ID} characters`;
  return undefined;
}

/** The engine copies shorter pieces of a text anyway. */
const SHORT = 13;

/** A text of its own: one that was cut from a longer text keeps all of that in memory. */
export const copied = (text: string): string => (text.length < SHORT ? text : ` ${text}`.slice(1));
