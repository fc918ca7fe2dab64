/** What the page may ask of the CSV worker, through comlink. */
import type { ColumnKey } from '../../shared/columns.ts';
import type { AppError } from '../../shared/errors.ts';
import type { CellValue } from '../../shared/query.ts';
import type { Origin, PreviewCounts } from '../store/api.ts';
import type { Rejection } from '../store/rejection.ts';
import type { Delimiter } from './dialect.ts';
import type { Encoding } from './encoding.ts';
import type { DecimalSign } from './numbers.ts';
import type { Choices } from './reading.ts';
import type { ShiftFinding } from './shift.ts';
import type { NamedBlob } from './source.ts';

/** What a file is, as its beginning tells. */
export interface FileKind {
  readonly packed: boolean;
  readonly encoding: Encoding;
  /** It begins with a byte order mark. */
  readonly marked: boolean;
  readonly delimiter: Delimiter;
  /** null: nothing in the file proves one. */
  readonly decimal: DecimalSign | null;
  /** Something in it is written as spreadsheets do, and not as OpenRouter does. */
  readonly foreign: boolean;
  readonly headers: readonly string[];
  /** The column that each header stands for; null where it is not read. */
  readonly columns: readonly (ColumnKey | null)[];
  /** Which of OpenRouter's headers it has; null where none that is known. */
  readonly version: string | null;
  readonly ignored: readonly string[];
  readonly absent: readonly ColumnKey[];
  /** Columns without which nothing can be read: none in a file that can be imported. */
  readonly missing: readonly ColumnKey[];
  /** Whether mapping its headers by hand could help. */
  readonly mappable: boolean;
}

export interface FilePreview {
  readonly bytesRead: number;
  readonly bytes: number;
  /** Read to its end. */
  readonly whole: boolean;
  /** null until its beginning is read, or where it is nothing that has cells. */
  readonly kind: FileKind | null;
  /** Why it cannot be imported as it stands. */
  readonly error: AppError | null;
  /** Of the rows read so far. */
  readonly counts: PreviewCounts;
  /** The span of their times, UTC ms; null when there are none. */
  readonly from: number | null;
  readonly to: number | null;
  /** Columns of the file, the most telling first, and the first rows by them. */
  readonly firstColumns: readonly ColumnKey[];
  readonly firstRows: readonly (readonly CellValue[])[];
  readonly firstRejections: readonly Rejection[];
  /** Times that are a zone's and not UTC's. */
  readonly shift: ShiftFinding | null;
  /** Rejected lines with bytes that are not UTF-8, and lines of totals. */
  readonly notUtf8: number;
  readonly totalLines: number;
  /** Texts with an apostrophe in front of what a spreadsheet would run: taken as they stand. */
  readonly protectedCells: number;
}

export interface ImportProgress {
  /** Rows of the file, and how many of them are stored or judged. */
  readonly rows: number;
  readonly done: number;
  readonly new: number;
  readonly known: number;
  readonly merged: number;
  readonly rejected: number;
}

export interface CsvApi {
  /** Hands over a port on which the store answers as `StoreApi`. Once, before anything else. */
  connect(store: MessagePort): Promise<void>;
  /**
   * Reads a file, storing nothing, and has the store judge its rows.
   * @param file a number of the caller's for it
   * @param judge the store's preview that counts it; files judged by one see what those before them would bring
   * @returns the preview as far as it came: to the file's end, or until `stop`
   */
  read(
    file: number,
    blob: NamedBlob,
    choices: Choices,
    judge: number,
    onPreview: (preview: FilePreview) => void,
  ): Promise<FilePreview>;
  /** Counts a file that was read again, by another of the store's previews. */
  judge(file: number, judge: number): Promise<FilePreview>;
  /**
   * Stores a file that was read. What was kept of it is not read again.
   * @returns the origin, which tells what became of every line, `failed` with its error where it could not be read
   *   to the end; null after `stop`: then nothing of it is left
   */
  import(file: number, onProgress: (progress: ImportProgress) => void): Promise<Origin | null>;
  /** Stops what is under way, after the batch in hand. */
  stop(): Promise<void>;
  /** Lets go of what is kept of a file. */
  forget(file: number): Promise<void>;
}
