/** What the page may ask of the CSV worker, through comlink. */
import type { Origin } from '../store/api.ts';

export interface ImportProgress {
  readonly bytesRead: number;
  readonly bytes: number;
  /** Data lines read so far. */
  readonly lines: number;
  readonly new: number;
  readonly known: number;
  readonly merged: number;
  readonly rejected: number;
}

export interface CsvApi {
  /** Hands over a port on which the store answers as `StoreApi`. Once, before anything else. */
  connect(store: MessagePort): Promise<void>;
  /**
   * Reads a row-level activity CSV into the store. The origin tells what became of every line; it is `stopped`
   * after `cancel`, `failed` with its error when the file cannot be an activity CSV.
   */
  importFile(file: File, onProgress: (progress: ImportProgress) => void): Promise<Origin>;
  /** Stops the import under way after the batch in hand. What was stored until then stays, and is counted. */
  cancel(): Promise<void>;
}
