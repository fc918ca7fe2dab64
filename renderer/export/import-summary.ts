import type { AppError } from '../../shared/errors.ts';
import type { Origin } from '../store/api.ts';
import type { Rejection } from '../store/rejection.ts';

/** What became of a file, for scripts: the names of the fields are a promise. */
export interface ImportSummary {
  readonly lines: number;
  readonly new: number;
  readonly known: number;
  readonly merged: number;
  /** Every line that was not taken. */
  readonly rejected: readonly Rejection[];
  readonly file: string;
  readonly state: Origin['state'];
  /** Why the file was not read, or not to its end. */
  readonly error?: AppError;
}

export function importSummary(
  { counts, name, state, error }: Origin,
  rejected: readonly Rejection[],
): ImportSummary {
  return {
    lines: counts.rows,
    new: counts.new,
    known: counts.known,
    merged: counts.merged,
    rejected,
    file: name,
    state,
    ...(error ? { error } : {}),
  };
}

/** A file name made of another one's: no path, no control characters, not too long. */
export function summaryName(file: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they have no place in a file name
  const stem = file.replace(/\.csv(\.gz)?$/i, '').replace(/[\u0000-\u001f<>:"/\\|?*]+/g, '_');
  return `${stem.slice(0, 120) || 'import'}_summary.json`;
}
