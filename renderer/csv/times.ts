/**
 * Time stamps as spreadsheets write them. What a cell leaves open (day or month first, the seconds, sometimes the
 * whole date) is taken from the time inside the generation's id where that proves it, and never guessed.
 */
import { formatCsvTime, parseTime } from '../../shared/time.ts';
import type { Problem } from './numbers.ts';

export type DateOrder = 'day-first' | 'month-first';

const MINUTE = 60_000;
/** Shifts between zones come in quarters of an hour. */
export const QUARTER = 15 * MINUTE;
/** How far a stamp may lie from the time in its id: they are taken a moment apart, and either may be cut. */
const NEAR = 2_000;
/** How far one may lie from it in a file whose shift is known: a late answer, and not yet another zone. */
const LATE = 5 * MINUTE;
const DAY = 1440 * MINUTE;

/** `19.12.2025 20:32:13`, `12/19/2025 8:32 PM`, `2025/12/19 20:32`. */
const STAMP =
  /^(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:,?[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:\s*([ap])\.?m\.?)?)?$/i;
/** What Excel shows of a stamp with milliseconds, and saves: `32:13.6`. */
const MINUTES_ONLY = /^(\d{1,2}):(\d{2})[.,](\d)$/;

interface Stamp {
  readonly parts: readonly [a: number, b: number, c: number];
  readonly yearFirst: boolean;
  /** Dots stand only between day, month and year, in this order. */
  readonly dots: boolean;
  /** Milliseconds into the day. */
  readonly time: number;
  /** How fine it is, ms. */
  readonly unit: number;
}

function readStamp(text: string): Stamp | null {
  const match = STAMP.exec(text);
  if (!match) return null;
  const [, a = '', dot, b, c = '', hour = '0', minute = '0', second, fraction = '', half] = match;
  const yearFirst = a.length === 4;
  if (yearFirst ? c.length > 2 : a.length > 2 || c.length % 2 === 1) return null;
  let hours = Number(hour);
  if (half) {
    if (hours < 1 || hours > 12) return null;
    hours = (hours % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  }
  if (hours > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return null;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return {
    parts: [Number(a), Number(b), Number(c)],
    yearFirst,
    dots: dot === '.',
    time: ((hours * 60 + Number(minute)) * 60 + Number(second ?? 0)) * 1000 + milliseconds,
    unit: match[5] === undefined ? DAY : second === undefined ? MINUTE : fraction === '' ? 1000 : 1,
  };
}

function at(stamp: Stamp, order: DateOrder): number | undefined {
  const [a, b, c] = stamp.parts;
  const [year, month, day] = stamp.yearFirst ? [a, b, c] : order === 'day-first' ? [c, b, a] : [c, a, b];
  const full = year < 100 ? 2000 + year : year;
  const midnight = Date.UTC(full, month - 1, day);
  const date = new Date(midnight);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return midnight + stamp.time;
}

const isOpen = ({ yearFirst, dots, parts: [a, b] }: Stamp): boolean => !yearFirst && !dots && a !== b;

/**
 * Which comes first in the dates of a column, proved by days above 12 or by the times in the ids.
 * @param stamps the cells, each with the time in its row's id, UTC ms
 * @returns null where nothing proves it, or both are
 */
export function orderOf(
  stamps: Iterable<readonly [cell: string, idTime: number | undefined]>,
): DateOrder | null {
  let found: DateOrder | null = null;
  for (const [cell, idTime] of stamps) {
    const stamp = readStamp(cell.trim());
    if (!stamp || !isOpen(stamp)) continue;
    const proof = provedOrder(stamp, idTime);
    if (proof === null || proof === found) continue;
    if (found !== null) return null;
    found = proof;
  }
  return found;
}

function provedOrder(stamp: Stamp, idTime: number | undefined): DateOrder | null {
  const [isDayFirst, isMonthFirst] = ORDERS.map((order) => isLikely(at(stamp, order), stamp, idTime));
  if (isDayFirst === isMonthFirst) return null;
  return isDayFirst ? 'day-first' : 'month-first';
}

const ORDERS: readonly DateOrder[] = ['day-first', 'month-first'];
const [EARLIEST, LATEST] = [Date.UTC(2020, 0, 1), Date.UTC(2101, 0, 1)];

/** Whether a stamp may mean this time. A day of the calendar alone proves little: `25-12-19` is one in 2019 too. */
function isLikely(
  time: number | undefined,
  { yearFirst }: Stamp,
  idTime: number | undefined,
): time is number {
  if (time === undefined || yearFirst) return time !== undefined;
  if (idTime === undefined) return time >= EARLIEST && time < LATEST;
  // Whatever the zone, it is less than a day away; the other reading is weeks away.
  return Math.abs(time - idTime) < DAY + 15 * 60 * MINUTE;
}

/** How the times of a file are read. */
export interface TimeStyle {
  readonly order: DateOrder | null;
  /** Milliseconds that stamps without a zone are ahead of UTC and that are taken away; several where the clocks were changed. */
  readonly shifts: readonly number[];
}

/**
 * Reads a stamp. @returns UTC text as OpenRouter writes it; the empty text where the time in the id says more than
 * the cell does; or why it cannot be read.
 */
export function plainTime(
  cell: string,
  idTime: number | undefined,
  { order, shifts }: TimeStyle,
): string | Problem {
  const text = cell.trim();
  if (text === '') return text;
  const iso = parseTime(text);
  if (iso !== undefined) {
    const unit = isoUnit(text);
    const own = HAS_ZONE.test(text.slice(BARE_DATE)) ? [] : shifts;
    return unit < MINUTE && own.length === 0 ? text : shifted(iso, unit, idTime, own);
  }
  const minutes = MINUTES_ONLY.exec(text);
  if (minutes) {
    const within = (Number(minutes[1]) * 60 + Number(minutes[2])) * 1000 + Number(minutes[3]) * 100;
    if (idTime !== undefined && isMultiple(within - idTime, QUARTER)) return '';
    return { problem: 'has no date: a spreadsheet cut it off, and the id does not tell it' };
  }
  const stamp = readStamp(text);
  if (!stamp) return text;
  const readings = (isOpen(stamp) ? ORDERS : ORDERS.slice(0, 1)).map((one) => at(stamp, one));
  if (readings.every((time) => time === undefined)) return { problem: 'is no day of the calendar' };
  if (!readings.some((time) => isLikely(time, stamp, idTime)))
    return { problem: idTime === undefined ? 'is in no year from 2020 to 2100' : 'is days away from its id' };
  const known = isOpen(stamp) ? (provedOrder(stamp, idTime) ?? order) : 'day-first';
  if (known === null) return { problem: 'may be day or month first, and nothing in the file tells which' };
  return shifted(at(stamp, known) as number, stamp.unit, idTime, shifts);
}

/** The length of `2025-12-19`, whose last part looks like a zone. */
const BARE_DATE = 10;
const HAS_ZONE = /(?:Z|[+-]\d{2}(?::?\d{2})?)$/;

/** How fine an ISO stamp is, ms; below a minute it is exact. */
function isoUnit(text: string): number {
  if (/^.{10}[T ]..:..:/.test(text)) return 1;
  return /^.{10}[T ]..:/.test(text) ? MINUTE : DAY;
}

function shifted(
  written: number,
  unit: number,
  idTime: number | undefined,
  shifts: readonly number[],
): string | Problem {
  if (idTime === undefined) {
    if (shifts.length > 1) return { problem: 'is shifted by an amount that its id does not tell' };
    return formatCsvTime(written - (shifts[0] ?? 0));
  }
  // A row may be UTC's in a file that is not.
  const possible = [0, ...shifts];
  const ahead = written - idTime;
  // A stamp cut to its minute or its day says less than the id's second.
  const isCutFrom = (shift: number) => shift - ahead > -NEAR && shift - ahead < unit + NEAR;
  if (unit >= MINUTE && possible.some(isCutFrom)) return '';
  if (shifts.length === 0) return formatCsvTime(written);
  const distance = (shift: number) => Math.abs(ahead - shift);
  const nearest = possible.reduce((best, shift) => (distance(shift) < distance(best) ? shift : best));
  if (distance(nearest) > LATE) return { problem: 'is shifted by another amount than its file' };
  return formatCsvTime(written - nearest);
}

/** How far a stamp is ahead of the time in its id, in whole quarters of an hour, ms; undefined where it is none. */
export function shiftOf(time: number, idTime: number): number | undefined {
  const gap = time - idTime;
  const shift = Math.round(gap / QUARTER) * QUARTER;
  const rest = gap - shift;
  if (rest > NEAR || rest < -MINUTE - NEAR || Math.abs(shift) > 15 * 60 * MINUTE) return undefined;
  return shift === 0 ? 0 : shift;
}

function isMultiple(gap: number, unit: number): boolean {
  const rest = ((gap % unit) + unit) % unit;
  return rest < NEAR || unit - rest < NEAR;
}
