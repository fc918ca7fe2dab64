/** What a preview says, in words. */
import { toDecimal } from '../../../shared/money.ts';
import type { CellValue } from '../../../shared/query.ts';
import { formatCsvTime, formatDays } from '../../../shared/time.ts';
import { cellText, countOf, formatCount, UNKNOWN } from '../../components/format.ts';
import type { FileKind, FilePreview } from '../../csv/api.ts';
import type { Encoding } from '../../csv/encoding.ts';
import type { ShiftFinding } from '../../csv/shift.ts';

export const ENCODING_NAMES: Readonly<Record<Encoding, string>> = {
  'utf-8': 'UTF-8',
  'windows-1252': 'Windows-1252',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
};

const DELIMITER_NAMES = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' } as const;

/** `one row per generation, OpenRouter’s header of September 2026`. */
export function kindWords({ version, missing, columns, absent, ignored }: FileKind): string {
  if (missing.length > 0) return `A table without ${missing.join(', ')}`;
  if (version !== null) return `One row per generation; OpenRouter’s header of ${version}`;
  const known = columns.filter((key) => key !== null).length;
  const has = `has ${countOf(known, 'known column')}`;
  const lacks = absent.length > 0 ? `, lacks ${names(absent)}` : '';
  const more = ignored.length > 0 ? `; not read: ${names(ignored)}` : '';
  return `One row per generation; a header of no known version: ${has}${lacks}${more}`;
}

export function names(headers: readonly string[]): string {
  const shown = headers.slice(0, 20).map((header) => cellText(header.slice(0, 60)) || '(no name)');
  return shown.join(', ') + (headers.length > shown.length ? ', …' : '');
}

/** `UTF-8, parted by semicolons, decimal comma`. */
export function writtenWords({ encoding, marked, delimiter, decimal, packed, foreign }: FileKind): string {
  return [
    `${ENCODING_NAMES[encoding]}${marked ? ' with a byte order mark' : ''}`,
    `parted by ${DELIMITER_NAMES[delimiter]}s`,
    decimal === null ? 'no decimal sign seen' : `decimal ${decimal === '.' ? 'point' : 'comma'}`,
    ...(packed ? ['packed by gzip'] : []),
    ...(foreign ? ['written by another program than OpenRouter'] : []),
  ].join(', ');
}

export function spanWords({ from, to }: FilePreview): string {
  if (from === null || to === null) return UNKNOWN;
  return `${formatDays(from, to)} (UTC)`;
}

/** `1 hour ahead of UTC`, `1 or 2 hours ahead of UTC`. */
export function shiftWords({ shifts }: Pick<ShiftFinding, 'shifts'>): string {
  const sorted = [...shifts].sort((a, b) => Math.abs(a) - Math.abs(b));
  const parts = sorted.map((shift) => {
    const minutes = Math.abs(shift) / 60_000;
    const hours = Math.floor(minutes / 60);
    return minutes % 60 === 0 ? String(hours) : `${hours}:${String(minutes % 60).padStart(2, '0')}`;
  });
  const last = sorted.at(-1) ?? 0;
  const unit = parts.length === 1 && parts[0] === '1' ? 'hour' : 'hours';
  return `${parts.join(' or ')} ${unit} ${last < 0 ? 'behind' : 'ahead of'} UTC`;
}

/** `7 lines are left out, 1 of them a total line`: all that the file holds and an import does not take. */
export function leftOutWords(lines: number, totals: number): string {
  const out = `${countOf(lines, 'line')} ${lines === 1 ? 'is' : 'are'} left out`;
  if (totals === 0) return out;
  if (totals === lines) return `${out}: ${totals === 1 ? 'a total line' : 'total lines'}`;
  return `${out}, ${formatCount(totals)} of them ${totals === 1 ? 'a total line' : 'total lines'}`;
}

/** What it means that cells were written for spreadsheets. */
export function protectedWords(cells: number): string {
  const begin = `${countOf(cells, 'cell')} ${cells === 1 ? 'begins' : 'begin'} with an apostrophe before = + - @`;
  const stand = cells === 1 ? 'it is taken as it stands' : 'they are taken as they stand';
  return `${begin}, as exports for spreadsheets write what would run as a formula: ${stand}, so that a user '=x is another one than =x. To bring data back, export them as “Plain, for machines”.`;
}

/** A cell of the first rows, as it is understood. */
export function readValue(value: CellValue, isTime: boolean): string {
  if (value === null) return UNKNOWN;
  if (typeof value === 'bigint') return toDecimal(value).replace('-', '−');
  if (typeof value === 'number') return isTime ? formatCsvTime(value) : String(value);
  return cellText(String(value));
}
