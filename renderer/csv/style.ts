/** How the cells of a file are written, and the same cells in OpenRouter's own words. */
import { COLUMNS, type ColumnKey } from '../../shared/columns.ts';
import { timeFromGenerationId } from '../../shared/time.ts';
import { quoted } from '../store/source-values.ts';
import type { Delimiter } from './dialect.ts';
import { type DecimalSign, type NumberStyle, type Problem, plainNumber, signOf } from './numbers.ts';
import { orderOf, plainTime, type TimeStyle } from './times.ts';
import { plainFlag } from './words.ts';

/** Cells by column. */
export type Cells = { readonly [K in ColumnKey]?: readonly string[] };

export interface CellStyle {
  /** The file's decimal sign; null where nothing proves it. */
  readonly decimal: DecimalSign | null;
  readonly numbers: ReadonlyMap<ColumnKey, NumberStyle>;
  readonly times: TimeStyle;
  /** Something in it is not written as OpenRouter writes it, so that every cell has to be looked at. */
  readonly foreign: boolean;
}

const KIND = new Map(COLUMNS.map(({ key, kind }) => [key, kind]));
/** Words of a fixed vocabulary: spaces around them mean nothing. What users and keys are called stays as it is. */
const VOCABULARY: ReadonlySet<ColumnKey> = new Set([
  'model_permaslug',
  'provider_name',
  'variant',
  'finish_reason_raw',
  'finish_reason_normalized',
]);

const isNumeric = (key: ColumnKey): boolean => ['count', 'duration', 'money'].includes(KIND.get(key) ?? '');

/**
 * Learns a file's style from its first rows.
 * @param shifts what is to be taken from its times, ms; empty: nothing
 */
export function learnStyle(cells: Cells, delimiter: Delimiter, shifts: readonly number[]): CellStyle {
  const proofs = new Map<ColumnKey, DecimalSign | 'both' | null>();
  for (const [key, column] of entries(cells)) if (isNumeric(key)) proofs.set(key, signOf(column));
  const found = [...proofs.values()];
  const proved = (['.', ','] as const).filter((sign) => found.includes(sign) || found.includes('both'));
  const ofFile = proved.length === 1 ? (proved[0] as DecimalSign) : null;
  // A file whose cells are parted by commas has decimal points unless it proves otherwise; others may have either.
  const custom = (delimiter === ',' || delimiter === '|') && proved.length < 2 ? '.' : null;
  const numbers = new Map<ColumnKey, NumberStyle>();
  for (const [key, sign] of proofs) {
    // A column that is written in both ways is told by nothing else either; what is open in it is refused.
    const known = sign === 'both' ? null : (sign ?? ofFile);
    const whole = KIND.get(key) === 'count' && sign === null;
    numbers.set(key, { sign: known ?? custom, proved: known !== null, whole });
  }
  const stamps = (cells.created_at ?? []).map((cell, row) => [cell, idTime(cells, row)] as const);
  const times = { order: orderOf(stamps), shifts };
  const style = { decimal: ofFile ?? custom, numbers, times, foreign: false };
  // Where the decimal sign is not known, later rows may be open too, and would pass for OpenRouter's own.
  const isOpen = [...numbers.values()].some(({ sign }) => sign === null);
  return { ...style, foreign: shifts.length > 0 || isOpen || inPlainWords(cells, style).changed };
}

function idTime(cells: Cells, row: number): number | undefined {
  const id = cells.generation_id?.[row];
  return id === undefined ? undefined : timeFromGenerationId(id.trim());
}

/**
 * The same cells as OpenRouter would write them. What cannot be read in only one way is a problem of its row; what
 * is no number or time at all is left for the store's border to refuse.
 */
export function inPlainWords(
  cells: Cells,
  style: Omit<CellStyle, 'foreign' | 'decimal'>,
): { readonly cells: Cells; readonly problems: readonly (string | undefined)[]; readonly changed: boolean } {
  const problems: (string | undefined)[] = [];
  let changed = false;
  const plain: { [K in ColumnKey]?: readonly string[] } = {};
  for (const [key, column] of entries(cells)) {
    const read = readerFor(key, cells, style);
    if (!read) {
      plain[key] = column;
      continue;
    }
    plain[key] = column.map((cell, row) => {
      if (cell === '') return cell;
      const told = read(cell, row);
      if (typeof told !== 'string') {
        problems[row] ??= `${key} ${told.problem}: ${quoted(cell)}`;
        changed = true;
        return cell;
      }
      if (told !== cell) changed = true;
      return told;
    });
  }
  return { cells: plain, problems, changed };
}

type Read = (cell: string, row: number) => string | Problem;

function readerFor(
  key: ColumnKey,
  cells: Cells,
  { numbers, times }: Omit<CellStyle, 'foreign' | 'decimal'>,
): Read | null {
  switch (KIND.get(key)) {
    case 'id':
      // Other ids may hold anything, spaces too.
      return (cell) => (cell.trim().startsWith('gen-') ? cell.trim() : cell);
    case 'time':
      return (cell, row) => plainTime(cell, idTime(cells, row), times);
    case 'flag':
      return plainFlag;
    case 'text':
      return VOCABULARY.has(key) ? (cell) => cell.trim() : null;
    default: {
      const style = numbers.get(key) ?? { sign: null, proved: false };
      return (cell) => plainNumber(cell, style);
    }
  }
}

const entries = (cells: Cells): [ColumnKey, readonly string[]][] =>
  Object.entries(cells) as [ColumnKey, readonly string[]][];
