import { type ColumnKey, CSV_KEYS, isColumnKey } from '../../shared/columns.ts';
import type { AppError } from '../../shared/errors.ts';

/** Without these a row says neither which generation it is, nor when, nor what it cost. */
export const NEEDED: readonly ColumnKey[] = ['generation_id', 'created_at', 'cost_total'];

/** What the reader says a header means: a column of the catalogue, or null to leave it out. By the header's text. */
export type Mapping = Readonly<Record<string, ColumnKey | null>>;

export interface Header {
  /** How many cells each row has. */
  readonly width: number;
  /** The headers as they stand in the file. */
  readonly names: readonly string[];
  /** Which cell holds which column. */
  readonly columns: ReadonlyMap<ColumnKey, number>;
  /** Headers of columns that are not read. */
  readonly ignored: readonly string[];
  /** Columns of the newest header that this file does not have. */
  readonly absent: readonly ColumnKey[];
  /** Columns without which no row can be read, and that no header names. */
  readonly missing: readonly ColumnKey[];
  /** Which of OpenRouter's headers it is; null where it is none that is known. */
  readonly version: string | null;
}

const without = (...left: ColumnKey[]): readonly ColumnKey[] => CSV_KEYS.filter((key) => !left.includes(key));

/** The headers that OpenRouter is known to have written, by their columns. */
const VERSIONS: readonly (readonly [version: string, columns: readonly ColumnKey[]])[] = [
  ['September 2026', CSV_KEYS],
  ['January 2026', without('api_key_disabled')],
  ['December 2025', without('api_key_disabled', 'tokens_cached')],
];

/** Reads a header by name, in any order, with columns missing or unknown, as the reader maps them where they do. */
export function readHeader(names: readonly string[], mapping: Mapping = {}): Header {
  const columns = new Map<ColumnKey, number>();
  const ignored: string[] = [];
  // What the reader says goes before what is read from the name.
  const said = (name: string) => (Object.hasOwn(mapping, name) ? mapping[name] : undefined);
  for (const [place, name] of names.entries()) {
    const key = said(name);
    if (key && !columns.has(key)) columns.set(key, place);
  }
  for (const [place, name] of names.entries()) {
    const key = said(name) === undefined ? keyOf(name) : null;
    if (key !== null && !columns.has(key)) columns.set(key, place);
    else if (![...columns.values()].includes(place)) ignored.push(name);
  }
  return {
    width: names.length,
    names,
    columns,
    ignored,
    absent: CSV_KEYS.filter((key) => !columns.has(key)),
    missing: NEEDED.filter((key) => !columns.has(key)),
    version: versionOf(names, columns),
  };
}

/** The column that a header names: `Created At` is `created_at`. */
function keyOf(name: string): ColumnKey | null {
  const key = name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, '_');
  return isColumnKey(key) ? key : null;
}

/** A known header names each of its columns itself: one that the reader gives another meaning is not that header. */
function versionOf(names: readonly string[], columns: Header['columns']): string | null {
  if (names.length !== columns.size) return null;
  if ([...columns].some(([key, place]) => keyOf(names[place] as string) !== key)) return null;
  const found = VERSIONS.find(
    ([, keys]) => keys.length === columns.size && keys.every((key) => columns.has(key)),
  );
  return found?.[0] ?? null;
}

const WHEN = /^(date|day|hour|minute|month|week|period|time|timestamp|created_at)\b/i;
const HOW_MUCH = /(spend|cost|usage|tokens|requests)/i;

/** Whether a file holds sums by day, model, key … instead of single requests. */
export function isAggregated({ names, missing }: Header): boolean {
  return (
    missing.includes('generation_id') &&
    names.some((name) => WHEN.test(name.trim())) &&
    names.some((name) => HOW_MUCH.test(name))
  );
}

/** Whether a first line is no header of a table at all. */
export const isProse = ({ names, columns }: Header): boolean => columns.size === 0 && names.length === 1;

const NOTHING = 'Nothing was imported.';
const EXPORT_ROWS =
  'Export from openrouter.ai/activity with one row per generation, and drop that file here.';

/** What a file is that is no row-level activity CSV. */
export function explain(header: Header, file: string): AppError {
  const { names, missing } = header;
  if (isAggregated(header)) {
    return {
      code: 'file-aggregated',
      title: `“${file}” holds totals, not single requests.`,
      meaning: `${NOTHING} Totals do not say which user spent what.`,
      action: EXPORT_ROWS,
      detail: `Its columns: ${list(names)}`,
    };
  }
  if (isProse(header)) {
    return {
      code: 'file-not-csv',
      title: `“${file}” is not a CSV file.`,
      meaning: `${NOTHING} Its first line has no columns.`,
      action: EXPORT_ROWS,
      detail: `Its first line: ${list(names)}`,
    };
  }
  return {
    code: 'file-no-header',
    title: `“${file}” is not an activity CSV: its header has no ${missing.join(', no ')}.`,
    meaning: `${NOTHING} Without ${missing.length > 1 ? 'these columns' : 'this column'} a row cannot be counted exactly.`,
    action: `If other columns hold them, choose which. Otherwise: ${EXPORT_ROWS.charAt(0).toLowerCase()}${EXPORT_ROWS.slice(1)}`,
    detail: `Its columns: ${list(names)}`,
  };
}

function list(cells: readonly string[]): string {
  const shown = cells.slice(0, 30).map((cell) => (cell.length > 40 ? `${cell.slice(0, 40)}…` : cell));
  return shown.join(', ') + (cells.length > shown.length ? ', …' : '');
}
