/** What a source's words mean, read the plain way: one row as an object of values. */
import Decimal from 'decimal.js';
import type { GenerationBatch } from '../../../shared/batch.ts';
import { COLUMNS, type ColumnKey, type SourceValue } from '../../../shared/columns.ts';
import type { CellValue } from '../../../shared/query.ts';

const Exact = Decimal.clone({ precision: 200, rounding: Decimal.ROUND_HALF_UP });
const YOCTOS = new Exact(10).pow(24);
/** The most that an amount of a single request may be: nine million dollars, 2⁵³ nano-dollars. */
const MOST_NANOS = BigInt(Number.MAX_SAFE_INTEGER);

/** One generation as one source told it. */
export interface ToldRow {
  readonly cells: ReadonlyMap<ColumnKey, CellValue>;
  /** The source told no time; the one here is the id's own. */
  readonly guessedTime: boolean;
}

/** Whether a source said nothing. */
const isSilent = (value: SourceValue): value is null | undefined | '' =>
  value === null || value === undefined || value === '';

/** The row of a batch, or null where it has to be rejected. */
export function readRow(batch: GenerationBatch, row: number): ToldRow | null {
  const cells = new Map<ColumnKey, CellValue>();
  for (const { key, kind } of COLUMNS) {
    const value = batch.columns[key]?.[row];
    if (isSilent(value)) continue;
    const cell = readCell(kind, value);
    if (cell === undefined) return null;
    cells.set(key, cell);
  }
  const id = cells.get('generation_id');
  if (typeof id !== 'string' || id.trim() === '') return null;
  if (cells.has('created_at')) return { cells, guessedTime: false };
  const seconds = /^gen-(\d{9,11})-/.exec(id)?.[1];
  if (seconds === undefined) return null;
  return { cells: cells.set('created_at', Number(seconds) * 1000), guessedTime: true };
}

/** `undefined` where the value is none of its kind. */
function readCell(
  kind: (typeof COLUMNS)[number]['kind'],
  value: string | number | boolean,
): CellValue | undefined {
  switch (kind) {
    case 'id':
      return typeof value === 'string' && value.length <= 500 && !/\p{Surrogate}/u.test(value)
        ? value
        : undefined;
    case 'text':
      return String(value);
    case 'flag':
      return /^(true|false)$/i.test(String(value)) ? String(value).toLowerCase() === 'true' : undefined;
    case 'time':
      return readTime(String(value));
    case 'money':
      return readMoney(String(value));
    case 'count': {
      const count = Number(value);
      return Number.isSafeInteger(count) && count >= 0 ? count : undefined;
    }
    case 'duration': {
      const ms = Number(value);
      return Number.isFinite(ms) ? ms : undefined;
    }
  }
}

/** A stamp without a zone is UTC. */
function readTime(text: string): number | undefined {
  const stamp = text.replace(' ', 'T');
  const time = Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(stamp) ? stamp : `${stamp}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** Yocto-dollars. */
function readMoney(text: string): bigint | undefined {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined;
  const amount = BigInt(new Exact(text).times(YOCTOS).toFixed(0));
  const nanos = amount / 10n ** 15n;
  return nanos > MOST_NANOS || nanos < -MOST_NANOS ? undefined : amount;
}
