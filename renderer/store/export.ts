/** Generations as OpenRouter's newest row-level activity CSV: its header, order, time format, and LF. */
import Papa from 'papaparse';
import { type ColumnKey, CSV_KEYS, column } from '../../shared/columns.ts';
import { toDecimal } from '../../shared/money.ts';
import type { CellValue } from '../../shared/query.ts';
import { formatCsvTime } from '../../shared/time.ts';
import type { RowTable } from './query/rows.ts';

export const csvHeader = (): string => `${CSV_KEYS.join(',')}\n`;

/** A window of the rows as lines; an unknown value is an empty cell. */
export async function csvLines(table: RowTable, offset: number, limit: number): Promise<string> {
  const { rows } = await table.answer(CSV_KEYS, offset, limit);
  const cells = rows.map((row) => row.map((value, i) => csvCell(CSV_KEYS[i] as ColumnKey, value)));
  return `${Papa.unparse(cells, { newline: '\n' })}\n`;
}

function csvCell(key: ColumnKey, value: CellValue): string {
  if (value === null) return '';
  if (typeof value === 'bigint') return toDecimal(value);
  return column(key).kind === 'time' ? formatCsvTime(value as number) : String(value);
}
