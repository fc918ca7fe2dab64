/** Records of a file → an encoded batch: every record of it accepted, or rejected with its line and its reason. */
import { COLUMNS, type ColumnKey } from '../../shared/columns.ts';
import { type EncodedBatch, encodeBatch } from '../store/encode.ts';
import type { Rejection } from '../store/rejection.ts';
import type { Header } from './header.ts';
import type { CsvRecord } from './read.ts';
import { type CellStyle, type Cells, inPlainWords } from './style.ts';
import { isTotal } from './words.ts';

export const NOT_UTF8 =
  'holds bytes that are not UTF-8: read the file as Windows-1252, or save it as “CSV UTF-8”';
const NOT_ENCODED = 'holds bytes that are no characters of its encoding';
export const TOTAL_LINE = 'is a line of totals, not a generation';

/** The records that have a cell for every header. */
export function columnsOf(records: readonly CsvRecord[], { columns, width }: Header): Cells {
  const whole = records.filter(({ cells, broken }) => !broken && cells.length === width);
  return transpose(whole, columns);
}

function transpose(records: readonly CsvRecord[], columns: Header['columns']): Cells {
  const cells: { [K in ColumnKey]?: readonly string[] } = {};
  const { length } = records;
  for (const [key, place] of columns) {
    const column: string[] = new Array(length);
    for (let row = 0; row < length; row++) column[row] = (records[row] as CsvRecord).cells[place] as string;
    cells[key] = column;
  }
  return cells;
}

export interface Manner {
  readonly header: Header;
  readonly style: CellStyle;
  readonly isUtf8: boolean;
}

/**
 * Encodes some records.
 * @param garbled they may hold the mark that stands for bytes that are no characters
 */
export function encodeRecords(
  records: readonly CsvRecord[],
  { header, style, isUtf8 }: Manner,
  garbled: boolean,
): EncodedBatch {
  const refused: Rejection[] = [];
  let whole = records;
  if (garbled || records.some((record) => record.broken || record.cells.length !== header.width)) {
    whole = records.filter((record) => {
      const reason = misfit(record, header.width, garbled, isUtf8);
      if (reason !== null) refused.push({ line: record.line, reason, cells: record.cells });
      return reason === null;
    });
  }
  const cells = transpose(whole, header.columns);
  const encoded = encodeCells(cells, whole.length, style);
  const rejections = encoded.rejections.map(({ line, reason }): Rejection => {
    const record = whole[(line ?? 1) - 1] as CsvRecord;
    return { line: record.line, reason: isTotal(record.cells) ? TOTAL_LINE : reason, cells: record.cells };
  });
  if (refused.length + rejections.length === 0) return encoded;
  const all = [...refused, ...rejections].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  return { ...encoded, rejections: all };
}

/** The lines of its rejections are places among the rows, from 1. */
function encodeCells(cells: Cells, rows: number, style: CellStyle): EncodedBatch {
  if (!style.foreign && !holdsOpenCount(cells)) {
    const encoded = encodeBatch({ rows, columns: cells }, places(rows));
    // What does not read as OpenRouter writes it may still be good in a spreadsheet's words.
    if (encoded.rejections.length === 0) return encoded;
  }
  const plain = inPlainWords(cells, style);
  return encodeBatch({ rows, columns: plain.cells }, places(rows), plain.problems);
}

const COUNTS = COLUMNS.filter(({ kind }) => kind === 'count').map(({ key }) => key);

/** Whether a count ends like `12.000`, which the store would take for 12. Every row is asked, so it has to be quick. */
const holdsOpenCount = (cells: Cells): boolean =>
  COUNTS.some((key) => cells[key]?.some((cell) => cell.trimEnd().at(-4) === '.'));

const places = (rows: number): readonly number[] => Array.from({ length: rows }, (_, row) => row + 1);

function misfit(record: CsvRecord, width: number, garbled: boolean, isUtf8: boolean): string | null {
  if (record.broken) return 'has a quote that is not closed';
  // Two ids garbled alike would be one user.
  if (garbled && record.cells.some((cell) => cell.includes('\ufffd'))) return isUtf8 ? NOT_UTF8 : NOT_ENCODED;
  const { length } = record.cells;
  if (length === width) return null;
  return isTotal(record.cells) ? TOTAL_LINE : `has ${length} cells where the header has ${width}`;
}
