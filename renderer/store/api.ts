/**
 * What the page and the workers may ask of the store. The store lives in a worker of its own
 * (`store.worker.ts`) and is reached through comlink; everything here crosses by structured clone.
 */
import type { GenerationBatch } from '../../shared/batch.ts';
import type { ColumnKey } from '../../shared/columns.ts';
import type { AppError } from '../../shared/errors.ts';
import type { Money } from '../../shared/money.ts';
import type { Filter, GroupQuery } from '../../shared/query.ts';
import type { Checkpoint, IngestCounts } from '../../shared/sync.ts';
import type { EncodedBatch } from './encode.ts';
import type { GenerationsFormat, WrittenGenerations } from './export.ts';
import type { QueryApi } from './query/api.ts';
import type { Rejection } from './rejection.ts';

/** Sample data live in a database of their own: they can never mix with real figures. */
export type Dataset = 'account' | 'sample';

export interface StoreStatus {
  readonly dataset: Dataset;
  /** Grows with each commit: answers of one version are of the same rows. Views ask again when it does. */
  readonly version: number;
  /** Generations stored. */
  readonly rows: number;
  /** The span of their times, UTC ms; null when there are none. */
  readonly from: number | null;
  readonly to: number | null;
  /**
   * What could not be read, in people's words: parts that were set aside, with the rest at work, or the store as a
   * whole; empty when all is well.
   */
  readonly problems: readonly AppError[];
}

/** Where generations came from: one file, one sync run, or the built-in sample. */
export interface OriginStart {
  readonly kind: 'file' | 'sync' | 'sample';
  /** The file's name, or the connection's label. */
  readonly name: string;
  readonly connectionId?: string;
  /** Columns of the file that Whospent does not know, by their headers: they were not read. */
  readonly ignoredColumns?: readonly string[];
  /** Columns that the file does not have: they are unknown in its rows. */
  readonly absentColumns?: readonly ColumnKey[];
  /** The file's own headers, in its order. */
  readonly headers?: readonly string[];
}

export interface Origin extends OriginStart {
  readonly id: number;
  /** The source that its rows carry (see sources.ts). */
  readonly source: number;
  /** UTC ms. */
  readonly startedAt: number;
  readonly finishedAt: number | null;
  /** `open`: under way, or cut off by the app's end. */
  readonly state: 'open' | 'complete' | 'stopped' | 'failed';
  /** `counts.rows = new + known + merged + rejected`; for a file, `rows` are its data lines. */
  readonly counts: IngestCounts;
  /** How many of those rejected are lines of totals; absent: none. */
  readonly totalLines?: number;
  readonly error?: AppError;
}

/** Ids that were asked for: how many still wait, and how many OpenRouter did not know. */
export interface LookUpQueue {
  readonly waiting: number;
  readonly missing: number;
}

/** What an import would do with the rows given so far. `rows = new + same + completed + conflicting + rejected`. */
export interface PreviewCounts {
  readonly rows: number;
  readonly new: number;
  /** Known, and nothing in it is new. */
  readonly same: number;
  /** Known, with values that were unknown. */
  readonly completed: number;
  /** Known, with a value that differs from the stored one. */
  readonly conflicting: number;
  readonly rejected: number;
  /** Yocto-dollars that the totals would grow by. */
  readonly spendAdded: Money;
}

export interface StoreApi extends QueryApi {
  /** Opens (or makes) a dataset's database and closes the one that was open. */
  open(dataset: Dataset): Promise<StoreStatus>;
  status(): Promise<StoreStatus>;
  /** Whether a dataset's database exists, without making it. */
  exists(dataset: Dataset): Promise<boolean>;
  /** Deletes a dataset whole. The caller opens another afterwards. */
  remove(dataset: Dataset): Promise<void>;
  /** Calls back after each committed change. */
  subscribe(listener: (status: StoreStatus) => void): Promise<void>;

  /**
   * Says what the page begins with. The answer is kept with the data until they change: the next start has it before
   * the data are read.
   */
  prepare<A extends string>(query: GroupQuery<A>): Promise<void>;

  /** Cancels what a view asked. */
  cancel(view: string): Promise<void>;

  /** Newest first. */
  origins(): Promise<readonly Origin[]>;
  /** The rows of an origin that were not taken, in their order; the first `limit` of them. */
  rejections(origin: number, limit?: number): Promise<readonly Rejection[]>;
  beginOrigin(start: OriginStart): Promise<number>;
  finishOrigin(id: number, state: 'complete' | 'stopped' | 'failed', error?: AppError): Promise<Origin>;
  /** Stores generations of the API (or the sample) under an origin, and the checkpoint with them. */
  ingest(
    origin: number,
    batch: GenerationBatch,
    checkpoint?: { connectionId: string; value: Checkpoint },
  ): Promise<IngestCounts>;
  /** The same for a batch that another worker has encoded; its buffers may be transferred. */
  ingestEncoded(origin: number, batch: EncodedBatch): Promise<IngestCounts>;
  /**
   * Merges what a connection told about single generations, as far as they are stored: they may have been deleted since
   * it was asked. No run of its own, so no origin counts it.
   */
  ingestDetails(connectionId: string, batch: GenerationBatch): Promise<void>;
  beginPreview(): Promise<number>;
  /** Judges a batch as an import of it would, storing nothing; counts of the preview so far. */
  previewEncoded(preview: number, batch: EncodedBatch): Promise<PreviewCounts>;
  endPreview(preview: number): Promise<void>;
  checkpoint(connectionId: string): Promise<Checkpoint>;
  /**
   * Removes what only this connection brought, its checkpoint, its syncs and its waiting ids. Generations that a
   * file or another connection brought too stay. Returns how many generations were removed.
   */
  removeConnection(connectionId: string): Promise<number>;
  /**
   * Undoes an import: the store is as if the file (or the sample) had never come. Generations that only it brought
   * go; what it changed in others is taken back. The origin and its rejections go with it. Returns how many
   * generations were removed. Not for syncs: those go with their connection.
   */
  undoOrigin(origin: number): Promise<number>;
  /**
   * Deletes the generations of a filter. Returns how many. Files that are imported again bring them back. So does the
   * next sync where the filter is a range of time and nothing else, since those days no longer count as pulled; but
   * not where the range has no beginning: of what is older than its end, syncs ask for nothing more.
   */
  removeGenerations(filter: Filter): Promise<number>;
  /** Closes the holes that removals and merges left. Done by itself when they are many. */
  compact(): Promise<void>;

  /** Puts ids in the queue of those to look up; ids that are stored or waiting already are left out. */
  queueLookUps(
    connectionId: string,
    ids: readonly string[],
  ): Promise<LookUpQueue & { readonly added: number }>;
  /** The first ids of the queue. */
  nextLookUps(connectionId: string, limit: number): Promise<readonly string[]>;
  lookUpQueue(connectionId: string): Promise<LookUpQueue>;
  /** Stores what was found and takes the ids out of the queue, in one transaction. */
  ingestLookUp(
    origin: number,
    batch: GenerationBatch,
    asked: {
      readonly connectionId: string;
      readonly ids: readonly string[];
      readonly missing: readonly string[];
    },
  ): Promise<IngestCounts>;
  /** Empties the queue; what was found stays. */
  clearLookUps(connectionId: string): Promise<void>;

  /**
   * Writes the generations of a filter, newest first, all of one version: as OpenRouter's newest row-level activity
   * CSV, or as JSON lines.
   * @param write takes the next piece (UTF-8), and how many rows of how many are written with it; what it throws
   *   ends the writing
   */
  exportGenerations(
    filter: Filter,
    format: GenerationsFormat,
    write: (bytes: Uint8Array, rows: number, of: number) => Promise<void>,
  ): Promise<WrittenGenerations>;
}
