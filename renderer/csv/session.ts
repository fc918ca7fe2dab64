/** One file on its way in: read and judged for a preview, then stored. */
import { COLUMNS, type ColumnKey } from '../../shared/columns.ts';
import { toAppError } from '../../shared/errors.ts';
import { fromLanes } from '../../shared/money.ts';
import type { CellValue } from '../../shared/query.ts';
import { addCounts, NO_COUNTS } from '../../shared/sync.ts';
import type { Origin, PreviewCounts, StoreApi } from '../store/api.ts';
import type { EncodedBatch } from '../store/encode.ts';
import { type Rejection, TOTAL_LINE } from '../store/rejection.ts';
import { idAt, nanosAt, numberAt, spanOf } from '../store/vector.ts';
import type { FileKind, FilePreview, ImportProgress } from './api.ts';
import { RejectionRoom } from './batches.ts';
import { explain, isAggregated, isProse } from './header.ts';
import { Kept, type Room } from './kept.ts';
import { countProtected } from './protected.ts';
import { type Choices, type Layout, Reading } from './reading.ts';
import { NOT_UTF8 } from './records.ts';
import { piecesBy, type Readers } from './sections.ts';
import { ShiftCounter } from './shift.ts';
import type { NamedBlob } from './source.ts';

/** What a session needs of the store. */
export interface ImportTarget extends Pick<StoreApi, 'beginOrigin' | 'finishOrigin' | 'undoOrigin'> {
  /** The batch is copied. */
  judge(preview: number, batch: EncodedBatch): Promise<PreviewCounts>;
  /** The batch is handed over. */
  ingest: StoreApi['ingestEncoded'];
}

export const NO_PREVIEW_COUNTS: PreviewCounts = {
  rows: 0,
  new: 0,
  same: 0,
  completed: 0,
  conflicting: 0,
  rejected: 0,
  spendAdded: 0n,
};

const FIRST_ROWS = 8;
/** What a reader knows their requests by. */
const TELLING: readonly ColumnKey[] = [
  'created_at',
  'user',
  'model_permaslug',
  'cost_total',
  'byok_usage_inference',
  'tokens_prompt',
  'tokens_completion',
];
const FIRST_REJECTIONS = 20;

export class Session {
  readonly #file: NamedBlob;
  readonly #store: ImportTarget;
  readonly #kept: Kept;
  readonly #readers: Readers;
  #reading: Reading | null = null;
  #preview: FilePreview;

  constructor(file: NamedBlob, store: ImportTarget, room: Room, readers: Readers) {
    this.#file = file;
    this.#store = store;
    this.#kept = new Kept(room);
    this.#readers = readers;
    this.#preview = emptyPreview(file.blob.size);
  }

  get preview(): FilePreview {
    return this.#preview;
  }

  /** Reads the file to its end, keeping what there is room for. */
  async read(
    choices: Choices,
    judge: Judge,
    onPreview: (preview: FilePreview) => void,
    signal: AbortSignal,
  ): Promise<FilePreview> {
    const show = (change: Partial<FilePreview>) => {
      this.#preview = { ...this.#preview, ...change };
      onPreview(this.#preview);
    };
    try {
      const reading = await Reading.open(this.#file, choices);
      const { header } = reading.layout;
      if (header.missing.length > 0) {
        show({ kind: kindOf(reading.layout), error: explain(header, this.#file.name), whole: true });
        return this.#preview;
      }
      this.#reading = reading;
      show({ kind: kindOf(reading.layout) });
      const look = new Look(reading.layout);
      const room = new RejectionRoom();
      let judged: Promise<void> = Promise.resolve();
      for await (const { batches, read: bytesRead } of piecesBy(this.#readers, reading, null)) {
        show({ bytesRead });
        for (const { batch: whole, end } of batches) {
          await judged;
          if (signal.aborted) return this.#preview;
          const batch = room.bound(whole);
          look.add(batch);
          judged = judge.add(batch).then((counts) => show({ ...look.findings, counts }));
          // Handled where it is awaited; this keeps an early failure from counting as unhandled.
          judged.catch(() => undefined);
          this.#kept.add({ batch, end });
        }
        if (signal.aborted) return this.#preview;
      }
      await judged;
      this.#kept.close();
      show({ ...look.findings, whole: true, bytesRead: this.#file.blob.size });
    } catch (thrown) {
      show({ error: toAppError(thrown), whole: true });
    }
    return this.#preview;
  }

  /** Has the store count the file again. */
  async judge(judge: Judge, signal: AbortSignal): Promise<FilePreview> {
    let counts = NO_PREVIEW_COUNTS;
    for await (const batch of this.#batches(false)) {
      counts = await judge.add(batch);
      if (signal.aborted) break;
    }
    this.#preview = { ...this.#preview, counts };
    return this.#preview;
  }

  /** Stores the file. The store always has the next batch at hand when it is done with one. */
  async import(onProgress: (progress: ImportProgress) => void, signal: AbortSignal): Promise<Origin | null> {
    const { header } = (this.#reading as Reading).layout;
    const origin = await this.#store.beginOrigin({
      kind: 'file',
      name: this.#file.name,
      ignoredColumns: header.ignored,
      absentColumns: header.absent,
      headers: header.names,
    });
    let counts = NO_COUNTS;
    let before: Promise<void> = Promise.resolve();
    let last = before;
    try {
      for await (const batch of this.#batches(true)) {
        await before;
        if (signal.aborted) break;
        before = last;
        last = this.#store.ingest(origin, batch).then((some) => {
          counts = addCounts(counts, some);
          const { rows: done, ...rest } = counts;
          onProgress({ rows: this.#preview.counts.rows, done, ...rest });
        });
        last.catch(() => undefined);
      }
      await Promise.all([before, last]);
    } catch (thrown) {
      if (!signal.aborted) return await this.#store.finishOrigin(origin, 'failed', toAppError(thrown));
    }
    const told = await this.#store.finishOrigin(origin, signal.aborted ? 'stopped' : 'complete');
    if (!signal.aborted) return told;
    // Cancelled, were it while it ended: as if it had never begun. Should this fail, it can be undone from the list.
    await this.#store.undoOrigin(origin);
    return null;
  }

  /** Lets go of what is kept. */
  forget(): void {
    this.#kept.take();
  }

  /** Every batch: what is kept, then the rest of the file, read again. */
  async *#batches(handOver: boolean): AsyncGenerator<EncodedBatch> {
    const { isWhole, end } = this.#kept;
    const room = new RejectionRoom();
    for (const batch of handOver ? this.#kept.take() : this.#kept.batches) yield room.bound(batch);
    if (isWhole || !this.#reading) return;
    for await (const { batches } of piecesBy(this.#readers, this.#reading, end))
      for (const { batch } of batches) yield room.bound(batch);
  }
}

/** The counts of one file within a preview of the store's that may have seen others before. */
export class Judge {
  readonly #add: (batch: EncodedBatch) => Promise<PreviewCounts>;
  readonly #before: PreviewCounts;
  /** Of all files so far. */
  counts: PreviewCounts;

  constructor(before: PreviewCounts, add: (batch: EncodedBatch) => Promise<PreviewCounts>) {
    this.#before = before;
    this.counts = before;
    this.#add = add;
  }

  async add(batch: EncodedBatch): Promise<PreviewCounts> {
    this.counts = await this.#add(batch);
    return subtract(this.counts, this.#before);
  }
}

function subtract(a: PreviewCounts, b: PreviewCounts): PreviewCounts {
  return {
    rows: a.rows - b.rows,
    new: a.new - b.new,
    same: a.same - b.same,
    completed: a.completed - b.completed,
    conflicting: a.conflicting - b.conflicting,
    rejected: a.rejected - b.rejected,
    spendAdded: a.spendAdded - b.spendAdded,
  };
}

function emptyPreview(bytes: number): FilePreview {
  return {
    bytesRead: 0,
    bytes,
    whole: false,
    kind: null,
    error: null,
    counts: NO_PREVIEW_COUNTS,
    from: null,
    to: null,
    firstColumns: [],
    firstRows: [],
    firstRejections: [],
    shift: null,
    notUtf8: 0,
    totalLines: 0,
    protectedCells: 0,
  };
}

function kindOf({ packed, encoding, marked, dialect, style, header }: Layout): FileKind {
  const columns: (ColumnKey | null)[] = header.names.map(() => null);
  for (const [key, place] of header.columns) columns[place] = key;
  return {
    packed,
    encoding,
    marked,
    delimiter: dialect.delimiter,
    decimal: style.decimal,
    foreign: style.foreign,
    headers: header.names,
    columns,
    version: header.version,
    ignored: header.ignored,
    absent: header.absent,
    missing: header.missing,
    mappable: !isProse(header) && !isAggregated(header),
  };
}

/** What can be seen of the rows without knowing any others. */
class Look {
  readonly #keys: readonly ColumnKey[];
  readonly #shift = new ShiftCounter();
  readonly #firstRows: CellValue[][] = [];
  readonly #firstRejections: Rejection[] = [];
  #span: [from: number, to: number] | null = null;
  #notUtf8 = 0;
  #totalLines = 0;
  #protectedCells = 0;

  constructor({ header }: Layout) {
    const inFile = [...header.columns].sort((a, b) => a[1] - b[1]).map(([key]) => key);
    this.#keys = [
      ...TELLING.filter((key) => header.columns.has(key)),
      ...inFile.filter((key) => !TELLING.includes(key)),
    ];
  }

  add(batch: EncodedBatch): void {
    this.#shift.add(batch);
    for (let row = 0; row < batch.rows && this.#firstRows.length < FIRST_ROWS; row++) {
      this.#firstRows.push(this.#keys.map((key) => valueAt(batch, key, row)));
    }
    for (const rejection of batch.rejections) {
      if (this.#firstRejections.length < FIRST_REJECTIONS) this.#firstRejections.push(rejection);
      if (rejection.reason === NOT_UTF8) this.#notUtf8++;
      if (rejection.reason === TOTAL_LINE) this.#totalLines++;
    }
    this.#protectedCells += countProtected(batch);
    const times = batch.columns.created_at;
    if (times?.kind !== 'number' || batch.rows === 0) return;
    const [from, to] = spanOf(times);
    const [first, last] = this.#span ?? [from, to];
    this.#span = [Math.min(first, from), Math.max(last, to)];
  }

  get findings(): Partial<FilePreview> {
    return {
      from: this.#span?.[0] ?? null,
      to: this.#span?.[1] ?? null,
      firstColumns: this.#keys,
      firstRows: this.#firstRows,
      firstRejections: this.#firstRejections,
      shift: this.#shift.finding,
      notUtf8: this.#notUtf8,
      totalLines: this.#totalLines,
      protectedCells: this.#protectedCells,
    };
  }
}

const KIND = new Map(COLUMNS.map(({ key, kind }) => [key as ColumnKey, kind]));

function valueAt({ ids, columns }: EncodedBatch, key: ColumnKey, row: number): CellValue {
  if (KIND.get(key) === 'id') return idAt(ids, row);
  const column = columns[key];
  switch (column?.kind) {
    case 'text':
      return column.words[(column.codes[row] as number) - 1] ?? null;
    case 'flag':
      return [false, true, null][column.values[row] as number] ?? null;
    case 'money': {
      const nanos = nanosAt(column, row);
      return Number.isNaN(nanos) ? null : fromLanes(nanos, column.rest?.[row] ?? 0);
    }
    case 'number': {
      const value = numberAt(column, row);
      return Number.isNaN(value) ? null : value;
    }
    default:
      return null;
  }
}
