/** One activity CSV file into the store: text, records, columns, batches. */
import type { GenerationBatch } from '../../shared/batch.ts';
import type { ColumnKey } from '../../shared/columns.ts';
import { AppFailure, toAppError } from '../../shared/errors.ts';
import { addCounts, type IngestCounts, NO_COUNTS } from '../../shared/sync.ts';
import type { Origin, OriginStart, StoreApi } from '../store/api.ts';
import { type EncodedBatch, encodeBatch } from '../store/encode.ts';
import type { Rejection } from '../store/rejection.ts';
import type { ImportProgress } from './api.ts';
import { type Header, readHeader } from './header.ts';
import { CsvReader, type CsvRecord, type Dialect, guessDialect } from './read.ts';

/** Bytes read at a time: some 16,000 rows. */
const PIECE_BYTES = 4 * 1024 * 1024;
/** Rows given to the store at a time; a segment's worth at most. */
const BATCH_ROWS = 32_768;

/** What an import needs of the store. */
export type ImportTarget = Pick<StoreApi, 'beginOrigin' | 'finishOrigin' | 'ingestEncoded'>;

/**
 * Imports a file. Every line of it ends as new, known, merged or rejected.
 * @param signal stops it between two batches
 * @returns the origin: `complete`, `stopped`, or `failed` with its error
 */
export async function importFile(
  file: File,
  store: ImportTarget,
  onProgress: (progress: ImportProgress) => void,
  signal: AbortSignal,
): Promise<Origin> {
  let origin: number | null = null;
  const start = { kind: 'file', name: file.name } as const;
  try {
    const run = new ImportRun(file, store, onProgress, signal);
    await run.readHeader();
    origin = await store.beginOrigin({ ...start, ...run.columns });
    await run.readRows(origin);
    return await store.finishOrigin(origin, signal.aborted ? 'stopped' : 'complete');
  } catch (thrown) {
    origin ??= await store.beginOrigin(start);
    return await store.finishOrigin(origin, 'failed', toAppError(thrown));
  }
}

class ImportRun {
  readonly #file: File;
  readonly #store: ImportTarget;
  readonly #onProgress: (progress: ImportProgress) => void;
  readonly #signal: AbortSignal;
  #decoder = new TextDecoder();
  /** Says whether the piece in hand is what it is read as; started anew when one is not. */
  #check = new TextDecoder('utf-8', { fatal: true });
  #isGarbled = false;
  #reader: CsvReader | null = null;
  #header: Header | null = null;
  /** Records that came with the header's piece. */
  #records: CsvRecord[] = [];
  #bytesRead = 0;
  #counts: IngestCounts = NO_COUNTS;

  constructor(
    file: File,
    store: ImportTarget,
    onProgress: (progress: ImportProgress) => void,
    signal: AbortSignal,
  ) {
    this.#file = file;
    this.#store = store;
    this.#onProgress = onProgress;
    this.#signal = signal;
  }

  /** What the file has too much and too little. */
  get columns(): Pick<OriginStart, 'ignoredColumns' | 'absentColumns'> {
    return { ignoredColumns: this.#header?.ignored ?? [], absentColumns: this.#header?.absent ?? [] };
  }

  get #done(): boolean {
    return this.#bytesRead >= this.#file.size;
  }

  async readHeader(): Promise<void> {
    const text = await this.#nextText();
    if (text.trim() === '') throw new AppFailure(emptyFile(this.#file.name));
    const dialect: Dialect = guessDialect(text.slice(0, 100_000));
    this.#reader = new CsvReader(dialect);
    this.#records = this.#reader.read(text, this.#done);
    const first = this.#records.shift();
    if (!first) throw new AppFailure(emptyFile(this.#file.name));
    try {
      this.#header = readHeader(first.cells, this.#file.name);
    } catch (thrown) {
      // Looked for only now: behind a good header, a text may hold anything.
      throw text.includes('\0') ? new AppFailure(notText(this.#file.name)) : thrown;
    }
  }

  /** Reads while the store writes: one batch is under way at a time. */
  async readRows(origin: number): Promise<void> {
    let stored: Promise<void> = Promise.resolve();
    for (;;) {
      for (let at = 0; at < this.#records.length; at += BATCH_ROWS) {
        const batch = this.#encode(this.#records.slice(at, at + BATCH_ROWS));
        await stored;
        if (this.#signal.aborted) return;
        stored = this.#deliver(origin, batch);
        // Handled where it is awaited; this keeps an early failure from counting as unhandled.
        stored.catch(() => undefined);
      }
      if (this.#done) break;
      const text = await this.#nextText();
      this.#records = this.#reader?.read(text, this.#done) ?? [];
    }
    await stored;
  }

  async #deliver(origin: number, batch: EncodedBatch): Promise<void> {
    this.#counts = addCounts(this.#counts, await this.#store.ingestEncoded(origin, batch));
    const { rows: lines, ...counts } = this.#counts;
    this.#onProgress({ bytesRead: this.#bytesRead, bytes: this.#file.size, lines, ...counts });
  }

  async #nextText(): Promise<string> {
    const piece = this.#file.slice(this.#bytesRead, this.#bytesRead + PIECE_BYTES);
    let buffer: ArrayBuffer;
    try {
      buffer = await piece.arrayBuffer();
    } catch (thrown) {
      throw new AppFailure(unreadable(this.#file.name, thrown));
    }
    if (this.#bytesRead === 0) {
      this.#decoder = decoderFor(new Uint8Array(buffer));
      this.#check = new TextDecoder(this.#decoder.encoding, { fatal: true });
    }
    this.#bytesRead += buffer.byteLength;
    const stream = !this.#done;
    try {
      this.#check.decode(buffer, { stream });
      this.#isGarbled = false;
    } catch {
      this.#check = new TextDecoder(this.#decoder.encoding, { fatal: true });
      this.#isGarbled = true;
    }
    return this.#decoder.decode(buffer, { stream });
  }

  #encode(records: readonly CsvRecord[]): EncodedBatch {
    const header = this.#header as Header;
    const whole: CsvRecord[] = [];
    const rejections: Rejection[] = [];
    for (const record of records) {
      const reason = misfit(record, header.width, this.#isGarbled);
      if (reason === null) whole.push(record);
      else rejections.push({ line: record.line, reason });
    }
    const columns: { [K in ColumnKey]?: string[] } = {};
    for (const [key, cell] of header.columns)
      columns[key] = whole.map((record) => record.cells[cell] as string);
    const batch: GenerationBatch = { rows: whole.length, columns };
    const encoded = encodeBatch(
      batch,
      whole.map((record) => record.line),
    );
    if (rejections.length === 0) return encoded;
    const all = [...rejections, ...encoded.rejections].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
    return { ...encoded, rejections: all };
  }
}

/** @param isGarbled it may hold the mark that stands for bytes that are no characters */
function misfit(record: CsvRecord, width: number, isGarbled: boolean): string | null {
  if (record.broken) return 'has a quote that is not closed';
  // Two ids garbled alike would be one user.
  if (isGarbled && record.cells.some((cell) => cell.includes('\ufffd'))) {
    return 'holds bytes that are not UTF-8: save the file as “CSV UTF-8”';
  }
  const { length } = record.cells;
  return length === width ? null : `has ${length} cells where the header has ${width}`;
}

function decoderFor(start: Uint8Array): TextDecoder {
  if (start[0] === 0xff && start[1] === 0xfe) return new TextDecoder('utf-16le');
  if (start[0] === 0xfe && start[1] === 0xff) return new TextDecoder('utf-16be');
  return new TextDecoder('utf-8');
}

const notText = (name: string) =>
  ({
    code: 'file-not-csv',
    title: `“${name}” is not a text file.`,
    meaning: 'Nothing was imported. It holds binary data, as spreadsheets, archives and pictures do.',
    action: 'Save it as CSV first, or export again from openrouter.ai/activity.',
  }) as const;

const emptyFile = (name: string) =>
  ({
    code: 'file-empty',
    title: `“${name}” is empty.`,
    meaning: 'Nothing was imported.',
    action: 'Check the download, or export again from openrouter.ai/activity.',
  }) as const;

const unreadable = (name: string, thrown: unknown) =>
  ({
    code: 'file-unreadable',
    title: `“${name}” cannot be read.`,
    meaning:
      'It was moved, changed or removed while it was read. What was read before is stored and counted.',
    action: 'Put the file back and import it again: nothing will be counted twice.',
    detail: String(thrown),
  }) as const;
