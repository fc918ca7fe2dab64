/** Records of a file → rows of a batch: every record accepted, or rejected with its line and its reason. */
import { COLUMNS, type ColumnKey } from '../../shared/columns.ts';
import type { BatchEncoder, Refusal } from '../store/encode.ts';
import { type Rejection, TOTAL_LINE } from '../store/rejection.ts';
import type { Header } from './header.ts';
import type { CsvRecord } from './read.ts';
import { type CellStyle, type Cells, inPlainWords } from './style.ts';
import { isTotal } from './words.ts';

export const NOT_UTF8 =
  'holds bytes that are not UTF-8: read the file as Windows-1252, or save it as “CSV UTF-8”';
const NOT_ENCODED = 'holds bytes that are no characters of its encoding';

/** Adds the cells of those records that have one for every header to their columns. */
export function addColumns(
  cells: { [K in ColumnKey]?: string[] },
  records: readonly CsvRecord[],
  { columns, width }: Header,
): void {
  for (const [key, place] of columns) {
    cells[key] ??= [];
    for (const record of records)
      if (!record.broken && record.cells.length === width) cells[key].push(record.cells[place] as string);
  }
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
 * Adds records to a batch.
 * @param garbled they may hold the mark that stands for bytes that are no characters
 * @returns those that were not taken, in the order of their lines
 */
export function addRecords(
  encoder: BatchEncoder,
  records: readonly CsvRecord[],
  { header, style, isUtf8 }: Manner,
  garbled: boolean,
): Rejection[] {
  const refused: Rejection[] = [];
  let whole = records;
  if (garbled || records.some((record) => record.broken || record.cells.length !== header.width)) {
    whole = records.filter((record) => {
      const reason = misfit(record, header.width, garbled, isUtf8);
      if (reason !== null) refused.push({ line: record.line, reason, cells: record.cells });
      return reason === null;
    });
  }
  const refusals = addCells(encoder, transpose(whole, header.columns), whole.length, style);
  if (refused.length + refusals.length === 0) return refused;
  const rejections = refusals.map(({ row, reason }): Rejection => {
    const { line, cells } = whole[row] as CsvRecord;
    return { line, reason: isTotal(cells) ? TOTAL_LINE : reason, cells };
  });
  return [...refused, ...rejections].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

function addCells(encoder: BatchEncoder, cells: Cells, rows: number, style: CellStyle): Refusal[] {
  const before = encoder.rows;
  if (!style.foreign && !holdsOpenCount(cells) && !holdsCutTime(cells)) {
    const refusals = encoder.add({ rows, columns: cells });
    // What does not read as OpenRouter writes it may still be good in a spreadsheet's words.
    if (refusals.length === 0) return refusals;
    encoder.cutTo(before);
  }
  const plain = inPlainWords(cells, style);
  return encoder.add({ rows, columns: plain.cells }, plain.problems);
}

const COUNTS = COLUMNS.filter(({ kind }) => kind === 'count').map(({ key }) => key);

/** Whether a count ends like `12.000`, which the store would take for 12. Every row is asked, so it has to be quick. */
const holdsOpenCount = (cells: Cells): boolean =>
  COUNTS.some((key) => cells[key]?.some((cell) => cell.includes('.') && cell.trimEnd().at(-4) === '.'));

/** Where a time stamp as OpenRouter writes it has the colon before its seconds. */
const SECONDS_COLON = 16;

/**
 * Whether a time is cut to its minute or its day, which the store would take for an exact one. Asked as quickly: what
 * only looks like it is looked at closely.
 */
const holdsCutTime = ({ created_at = [] }: Cells): boolean =>
  created_at.some((cell) => cell !== '' && cell.charCodeAt(SECONDS_COLON) !== 58);

function misfit(record: CsvRecord, width: number, garbled: boolean, isUtf8: boolean): string | null {
  if (record.joins !== undefined)
    return `has a stray quote, which another in line ${record.joins} would close: it would join whole lines`;
  if (record.broken) return 'has a quote that is not closed';
  // Two ids garbled alike would be one user.
  if (garbled && record.cells.some((cell) => cell.includes('\ufffd'))) return isUtf8 ? NOT_UTF8 : NOT_ENCODED;
  const { length } = record.cells;
  if (length === width) return null;
  return isTotal(record.cells) ? TOTAL_LINE : `has ${length} cells where the header has ${width}`;
}
