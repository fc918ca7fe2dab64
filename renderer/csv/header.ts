import { type ColumnKey, CSV_KEYS, isColumnKey } from '../../shared/columns.ts';
import { type AppError, AppFailure } from '../../shared/errors.ts';

/** Without these a row says neither which generation it is, nor when, nor what it cost. */
export const NEEDED: readonly ColumnKey[] = ['generation_id', 'created_at', 'cost_total'];

export interface Header {
  /** How many cells each row has. */
  readonly width: number;
  /** Which cell holds which column. */
  readonly columns: ReadonlyMap<ColumnKey, number>;
  /** Headers of columns that are not read. */
  readonly ignored: readonly string[];
  /** Columns of the newest header that this file does not have. */
  readonly absent: readonly ColumnKey[];
}

/**
 * Reads a header by name, in any order, with columns missing or unknown.
 * @throws AppFailure where the file is no row-level activity CSV, saying what it is instead.
 */
export function readHeader(cells: readonly string[], file: string): Header {
  const columns = new Map<ColumnKey, number>();
  const ignored: string[] = [];
  for (const [i, cell] of cells.entries()) {
    const key = cell.trim().toLowerCase();
    if (isColumnKey(key) && !columns.has(key)) columns.set(key, i);
    else ignored.push(cell);
  }
  const missing = NEEDED.filter((key) => !columns.has(key));
  if (missing.length > 0) throw new AppFailure(explain(cells, missing, columns.size, file));
  const absent = CSV_KEYS.filter((key) => !columns.has(key));
  return { width: cells.length, columns, ignored, absent };
}

const WHEN = /^(date|day|hour|minute|month|week|period|time|timestamp|created_at)\b/i;
const HOW_MUCH = /(spend|cost|usage|tokens|requests)/i;
const EXPORT_ROWS =
  'Export from openrouter.ai/activity with one row per generation, and drop that file here.';

function explain(
  cells: readonly string[],
  missing: readonly string[],
  known: number,
  file: string,
): AppError {
  const nothing = 'Nothing was imported.';
  if (
    missing.includes('generation_id') &&
    cells.some((c) => WHEN.test(c)) &&
    cells.some((c) => HOW_MUCH.test(c))
  ) {
    return {
      code: 'file-aggregated',
      title: `“${file}” holds totals, not single requests.`,
      meaning: `${nothing} Totals do not say which user spent what.`,
      action: EXPORT_ROWS,
      detail: `Its columns: ${list(cells)}`,
    };
  }
  if (known === 0 && cells.length === 1) {
    return {
      code: 'file-not-csv',
      title: `“${file}” is not a CSV file.`,
      meaning: `${nothing} Its first line has no columns.`,
      action: EXPORT_ROWS,
      detail: `Its first line: ${list(cells)}`,
    };
  }
  return {
    code: 'file-no-header',
    title: `“${file}” is not an activity CSV: its header has no ${missing.join(', no ')}.`,
    meaning: `${nothing} Without ${missing.length > 1 ? 'these columns' : 'this column'} a row cannot be counted exactly.`,
    action: EXPORT_ROWS,
    detail: `Its columns: ${list(cells)}`,
  };
}

function list(cells: readonly string[]): string {
  const shown = cells.slice(0, 30).map((cell) => (cell.length > 40 ? `${cell.slice(0, 40)}…` : cell));
  return shown.join(', ') + (cells.length > shown.length ? ', …' : '');
}
