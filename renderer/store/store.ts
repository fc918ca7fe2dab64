/**
 * The store: one dataset's generations, in memory as far as they were asked for, on disk always. Changes go
 * through one queue; each is computed aside, committed in one transaction, and only then shown.
 */
import { Dexie } from 'dexie';
import type { GenerationBatch } from '../../shared/batch.ts';
import { COLUMN_KEYS, type TextKey } from '../../shared/columns.ts';
import { type AppError, AppFailure, toAppError } from '../../shared/errors.ts';
import type { Filter, GroupAnswer, GroupQuery, RowsAnswer, RowsQuery } from '../../shared/query.ts';
import {
  addCounts,
  type Checkpoint,
  type IngestCounts,
  NO_CHECKPOINT,
  NO_COUNTS,
} from '../../shared/sync.ts';
import type { Dataset, Origin, OriginStart, Rejection, StoreApi, StoreStatus } from './api.ts';
import { type CheckpointRecord, Database, databaseName } from './database.ts';
import { Dictionary } from './dictionary.ts';
import { type EncodedBatch, encodeBatch, pickRows } from './encode.ts';
import { csvHeader, csvLines } from './export.ts';
import { addressOf, IdIndex, SEGMENT_ROWS, segmentOf } from './id-index.ts';
import { applyIngest, type Change, planIngest } from './ingest.ts';
import { GroupTable } from './query/group.ts';
import { RowTable } from './query/rows.ts';
import type { Snapshot } from './query/source.ts';
import { Recent } from './recent.ts';
import { type Segment, type StoredKey, vectorAs } from './segment.ts';

/** Prepared answers kept for the next window or order of the same question. */
const TABLES_KEPT = 6;
const EXPORT_ROWS = 5000;

export class Store implements StoreApi {
  #dataset: Dataset = 'account';
  #database: Database | null = null;
  #segments: readonly Segment[] = [];
  #dictionaries = new Map<TextKey, Dictionary>();
  #ids: IdIndex | null = null;
  #version = 0;
  #problems: readonly AppError[] = [];
  #listeners: ((status: StoreStatus) => void)[] = [];
  readonly #groups = new Recent<GroupTable<string>>(TABLES_KEPT);
  readonly #rows = new Recent<RowTable>(TABLES_KEPT);
  /** The end of the queue of changes. */
  #last: Promise<unknown> = Promise.resolve();

  open(dataset: Dataset): Promise<StoreStatus> {
    return this.#queue(async () => {
      this.#close();
      this.#dataset = dataset;
      const database = new Database(dataset);
      try {
        await database.open();
        await this.#read(database);
      } catch (thrown) {
        throw new AppFailure(notOpened(thrown));
      }
      this.#database = database;
      await database.origins
        .filter((origin) => origin.state === 'open')
        .modify({ state: 'stopped', finishedAt: Date.now() });
      return this.#changed();
    });
  }

  async status(): Promise<StoreStatus> {
    const infos = this.#segments.map((segment) => segment.info).filter((info) => info.rows > 0);
    return {
      dataset: this.#dataset,
      version: this.#version,
      rows: infos.reduce((sum, info) => sum + info.rows, 0),
      from: infos.length === 0 ? null : Math.min(...infos.map((info) => info.from)),
      to: infos.length === 0 ? null : Math.max(...infos.map((info) => info.to)),
      problems: this.#problems,
    };
  }

  exists(dataset: Dataset): Promise<boolean> {
    return Dexie.exists(databaseName(dataset));
  }

  remove(dataset: Dataset): Promise<void> {
    return this.#queue(async () => {
      if (dataset === this.#dataset) this.#close();
      await Dexie.delete(databaseName(dataset));
      await this.#changed();
    });
  }

  async subscribe(listener: (status: StoreStatus) => void): Promise<void> {
    this.#listeners.push(listener);
  }

  async group<A extends string>(query: GroupQuery<A>): Promise<GroupAnswer<A>> {
    const { filter, by, aggregates } = query;
    const snapshot = this.#snapshot();
    const table = await this.#groups.get(JSON.stringify([snapshot.version, filter, by, aggregates]), () =>
      GroupTable.build(query, snapshot),
    );
    return (table as GroupTable<A>).answer(query.sort, query.offset, query.limit);
  }

  async rows(query: RowsQuery): Promise<RowsAnswer> {
    const table = await this.#rowTable(query);
    return table.answer(query.columns, query.offset, query.limit);
  }

  origins(): Promise<readonly Origin[]> {
    return this.#open.origins.reverse().toArray();
  }

  async rejections(origin: number, limit = Number.POSITIVE_INFINITY): Promise<readonly Rejection[]> {
    const rejections: Rejection[] = [];
    const records = this.#open.rejections
      .where('[origin+start]')
      .between([origin, 0], [origin, Dexie.maxKey]);
    await records.until(() => rejections.length >= limit).each(({ list }) => rejections.push(...list));
    return rejections.slice(0, limit);
  }

  beginOrigin(start: OriginStart): Promise<number> {
    return this.#queue(() =>
      this.#open.origins.add({
        ...start,
        startedAt: Date.now(),
        finishedAt: null,
        state: 'open',
        counts: NO_COUNTS,
      }),
    );
  }

  finishOrigin(id: number, state: 'complete' | 'stopped' | 'failed', error?: AppError): Promise<Origin> {
    return this.#queue(async () => {
      await this.#open.origins.update(id, { state, finishedAt: Date.now(), ...(error ? { error } : {}) });
      const origin = await this.#origin(id);
      await this.#changed();
      return origin;
    });
  }

  ingest(
    origin: number,
    batch: GenerationBatch,
    checkpoint?: { connectionId: string; value: Checkpoint },
  ): Promise<IngestCounts> {
    return this.#queue(() => this.#ingest(origin, encodeBatch(batch), checkpoint));
  }

  ingestEncoded(origin: number, batch: EncodedBatch): Promise<IngestCounts> {
    return this.#queue(() => this.#ingest(origin, batch));
  }

  async checkpoint(connectionId: string): Promise<Checkpoint> {
    return (await this.#open.checkpoints.get(connectionId))?.value ?? NO_CHECKPOINT;
  }

  async exportGenerations(filter: Filter, write: (text: string) => Promise<void>): Promise<number> {
    const table = await this.#rowTable({ filter, sort: { by: 'created_at', descending: true } });
    await write(csvHeader());
    for (let offset = 0; offset < table.count; offset += EXPORT_ROWS) {
      await write(await csvLines(table, offset, EXPORT_ROWS));
    }
    return table.count;
  }

  get #open(): Database {
    if (!this.#database) throw new Error('no dataset is open');
    return this.#database;
  }

  /** Changes run one after the other. */
  #queue<T>(change: () => Promise<T>): Promise<T> {
    const run = this.#last.then(change, change);
    this.#last = run.catch(() => undefined);
    return run;
  }

  #close(): void {
    this.#database?.close();
    this.#database = null;
    this.#forget();
  }

  #forget(): void {
    this.#segments = [];
    this.#dictionaries = new Map();
    this.#ids = null;
  }

  /** Reads what every query needs: the list of segments and the dictionaries. Columns come when asked for. */
  async #read(database: Database): Promise<void> {
    this.#forget();
    const infos = await database.segments.orderBy('id').toArray();
    this.#segments = infos.map((info) => ({ info, vectors: new Map() }));
    const words = new Map<TextKey, string[]>();
    await database.dictionaries.orderBy(':id').each((record) => {
      const list = words.get(record.column) ?? [];
      list.push(...record.words);
      words.set(record.column, list);
    });
    this.#dictionaries = new Map([...words].map(([key, list]) => [key, new Dictionary(list)]));
  }

  #dictionary(key: TextKey): Dictionary {
    let dictionary = this.#dictionaries.get(key);
    if (!dictionary) {
      dictionary = new Dictionary();
      this.#dictionaries.set(key, dictionary);
    }
    return dictionary;
  }

  #snapshot(): Snapshot {
    return {
      version: this.#version,
      segments: this.#segments,
      dictionary: (key) => this.#dictionary(key),
      load: (segments, keys) => this.#load(segments, keys),
    };
  }

  #rowTable(query: Pick<RowsQuery, 'filter' | 'sort'>): Promise<RowTable> {
    const { filter, sort } = query;
    const snapshot = this.#snapshot();
    return this.#rows.get(JSON.stringify([snapshot.version, filter, sort]), () =>
      RowTable.build(query, snapshot),
    );
  }

  /** Reads columns into memory that are not there yet. */
  async #load(segments: readonly Segment[], keys: Iterable<StoredKey>): Promise<void> {
    const missing: { segment: Segment; key: StoredKey }[] = [];
    for (const key of new Set(keys)) {
      for (const segment of segments) {
        if (segment.vectors.has(key)) continue;
        if (segment.info.columns.includes(key)) missing.push({ segment, key });
        else segment.vectors.set(key, null);
      }
    }
    if (missing.length === 0) return;
    const records = await this.#open.columns.bulkGet(
      missing.map(({ segment, key }) => [segment.info.id, key]),
    );
    missing.forEach(({ segment, key }, i) => {
      const record = records[i];
      if (!record) throw new AppFailure(damaged(segment, key));
      // The record is this segment's even when a change has replaced the segment meanwhile: whatever a change
      // rewrites it has read first, so only columns that it left alone are ever read late.
      segment.vectors.set(key, record.vector);
    });
  }

  async #idIndex(): Promise<IdIndex> {
    if (this.#ids) return this.#ids;
    await this.#load(this.#segments, ['generation_id']);
    const rows = this.#segments.reduce((sum, segment) => sum + segment.info.rows, 0);
    const index = new IdIndex((position) => this.#idsOf(position), rows);
    this.#segments.forEach((segment, position) => {
      const ids = this.#idsOf(position);
      for (let row = 0; row < segment.info.rows; row++) index.add(ids, row, addressOf(position, row));
    });
    this.#ids = index;
    return index;
  }

  #idsOf(position: number) {
    const ids = vectorAs(this.#segments[position] as Segment, 'generation_id', 'id');
    if (!ids) throw new Error('a segment has no ids');
    return ids;
  }

  async #ingest(
    originId: number,
    batch: EncodedBatch,
    checkpoint?: { connectionId: string; value: Checkpoint },
  ): Promise<IngestCounts> {
    if (batch.rows > SEGMENT_ROWS) throw new Error(`a batch has at most ${SEGMENT_ROWS} rows`);
    const ids = await this.#idIndex();
    const plan = planIngest(batch, ids);
    const touched = [...new Set(plan.matches.map(({ address }) => segmentOf(address)))];
    await this.#load(
      touched.map((position) => this.#segments[position] as Segment),
      Object.keys(batch.columns) as StoredKey[],
    );
    const last = this.#segments.at(-1);
    if (last && plan.fresh.length > 0) await this.#load([last], [...COLUMN_KEYS, 'origin']);

    const sizes = new Map([...this.#dictionaries].map(([key, dictionary]) => [key, dictionary.size]));
    const change = applyIngest(this.#segments, (key) => this.#dictionary(key), batch, plan, originId);
    const counts: IngestCounts = {
      rows: plan.matches.length + plan.fresh.length + batch.rejections.length,
      new: plan.fresh.length,
      known: plan.matches.length - change.merged,
      merged: change.merged,
      rejected: batch.rejections.length,
    };
    const again = plan.again.length > 0 ? pickRows(batch, plan.again) : null;
    try {
      await this.#commit(originId, batch, change, counts, sizes, again ? undefined : checkpoint);
    } catch (thrown) {
      // What was computed is thrown away; memory is read anew from what is stored.
      await this.#read(this.#open);
      throw new AppFailure(storageError(thrown));
    }
    this.#show(change, plan.fresh, batch, ids);
    await this.#changed();
    if (!again) return counts;
    return addCounts(counts, await this.#ingest(originId, again, checkpoint));
  }

  /** Rows, new words, the origin's counts and the checkpoint: all or nothing. */
  async #commit(
    originId: number,
    batch: EncodedBatch,
    change: Change,
    counts: IngestCounts,
    sizes: ReadonlyMap<TextKey, number>,
    checkpoint: CheckpointRecord | undefined,
  ): Promise<void> {
    const database = this.#open;
    const { segments, columns, dictionaries, origins, rejections, checkpoints } = database;
    await database.transaction(
      'rw',
      [segments, columns, dictionaries, origins, rejections, checkpoints],
      async () => {
        const changed = [...change.segments.values()];
        await segments.bulkPut(changed.map(({ segment }) => segment.info));
        await columns.bulkPut(
          changed.flatMap(({ segment, written }) =>
            written.map((key) => {
              const vector = segment.vectors.get(key);
              if (!vector) throw new Error(`column ${key} was to be written and is not there`);
              return { segment: segment.info.id, column: key, vector };
            }),
          ),
        );
        for (const [column, dictionary] of this.#dictionaries) {
          const start = sizes.get(column) ?? 0;
          if (dictionary.size > start)
            await dictionaries.put({ column, start, words: dictionary.since(start) });
        }
        const origin = await this.#origin(originId);
        await origins.update(originId, { counts: addCounts(origin.counts, counts) });
        if (batch.rejections.length > 0) {
          await rejections.put({ origin: originId, start: origin.counts.rejected, list: batch.rejections });
        }
        if (checkpoint) await checkpoints.put(checkpoint);
      },
    );
  }

  /** Makes a committed change visible. */
  #show(change: Change, fresh: readonly number[], batch: EncodedBatch, ids: IdIndex): void {
    const before = this.#segments;
    const segments = [...before];
    for (const [position, { segment }] of change.segments) segments[position] = segment;
    this.#segments = segments;
    let next = 0;
    for (const [position, { segment }] of [...change.segments].sort(([a], [b]) => a - b)) {
      for (let row = before[position]?.info.rows ?? 0; row < segment.info.rows; row++) {
        ids.add(batch.ids, fresh[next++] as number, addressOf(position, row));
      }
    }
  }

  async #origin(id: number): Promise<Origin> {
    const origin = await this.#open.origins.get(id);
    if (!origin) throw new Error(`there is no origin ${id}`);
    return origin;
  }

  async #changed(): Promise<StoreStatus> {
    this.#version++;
    const status = await this.status();
    for (const listener of this.#listeners) void listener(status);
    return status;
  }
}

function damaged(segment: Segment, key: StoredKey): AppError {
  return {
    code: 'storage-broken',
    title: 'A part of the stored data cannot be read.',
    meaning: `The column ${key} of ${segment.info.rows.toLocaleString('en-US')} generations is missing.`,
    action: 'Delete all data in Settings, then sync or import again.',
  };
}

const notOpened = (thrown: unknown): AppError => ({
  code: 'storage-broken',
  title: 'The stored data cannot be opened.',
  meaning: 'Nothing was changed: what is stored is still on the disk.',
  action:
    'Check that the disk has room and that its files may be read and written, then try again. If it stays so, move the data folder away and start anew: syncing and importing fill it again.',
  detail: describe(thrown),
});

/** What an error of the database means for the reader. */
function storageError(thrown: unknown): AppError {
  const text = describe(thrown);
  if (/quota|disk|space/i.test(text)) {
    return {
      code: 'storage-full',
      title: 'The disk is full.',
      meaning: 'This batch was not stored; everything before it is as it was.',
      action: 'Make room on the disk, then sync or import again: nothing will be counted twice.',
      detail: text,
    };
  }
  return {
    ...toAppError(thrown),
    code: 'storage-broken',
    title: 'The data could not be stored.',
    meaning: 'This batch was not stored; everything before it is as it was.',
    action: 'Try again; nothing will be counted twice.',
    detail: text,
  };
}

/** Dexie wraps the browser's own error; the reason stands inside. */
function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const inner = (thrown as { inner?: unknown }).inner;
  return `${thrown.name}: ${thrown.message}${inner && inner !== thrown ? ` (${describe(inner)})` : ''}`;
}
