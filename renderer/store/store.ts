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
  NO_COUNTS,
  readCheckpoint,
} from '../../shared/sync.ts';
import type { Dataset, LookUpQueue, Origin, OriginStart, Rejection, StoreApi, StoreStatus } from './api.ts';
import { type ColumnRecord, Database, databaseName } from './database.ts';
import { Dictionary } from './dictionary.ts';
import { type EncodedBatch, encodeBatch, encodeIds, pickRows } from './encode.ts';
import { csvHeader, csvLines } from './export.ts';
import { addressOf, IdIndex, SEGMENT_ROWS, segmentOf } from './id-index.ts';
import { applyIngest, type Change, planIngest } from './ingest.ts';
import { GroupTable } from './query/group.ts';
import { RowTable } from './query/rows.ts';
import type { Snapshot } from './query/snapshot.ts';
import { Recent } from './recent.ts';
import { affectedBy, removeSource } from './remove.ts';
import { type Segment, type StoredKey, vectorAs } from './segment.ts';
import { connectionKey, originKey, type SourceRecord, SourceSets } from './sources.ts';

const STORED_KEYS: readonly StoredKey[] = [...COLUMN_KEYS, 'sources'];

/** What a batch is counted under (null: nothing), and the source that its rows carry. */
interface From {
  readonly origin: number | null;
  readonly source: number;
}

/** What is to be written in the same transaction as a batch. */
type AlsoWrite = (database: Database) => Promise<void>;

/** Prepared answers kept for the next window or order of the same question. */
const TABLES_KEPT = 6;
const EXPORT_ROWS = 5000;

export class Store implements StoreApi {
  #dataset: Dataset = 'account';
  #database: Database | null = null;
  #segments: readonly Segment[] = [];
  #dictionaries = new Map<TextKey | 'sources', Dictionary>();
  #sources: readonly SourceRecord[] = [];
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
    return this.#queue(async () => {
      const { origins, sources } = this.#open;
      const begun = {
        ...start,
        startedAt: Date.now(),
        finishedAt: null,
        state: 'open',
        counts: NO_COUNTS,
      } as const;
      const id = await this.#open.transaction('rw', [origins, sources], async () => {
        const origin = await origins.add({ ...begun, source: 0 });
        const key = start.connectionId === undefined ? originKey(origin) : connectionKey(start.connectionId);
        await origins.update(origin, { source: await this.#sourceFor(key) });
        return origin;
      });
      this.#sources = await sources.toArray();
      return id;
    });
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
    return this.#queue(async () =>
      this.#ingest(
        await this.#from(origin),
        encodeBatch(batch),
        checkpoint && (({ checkpoints }) => checkpoints.put(checkpoint).then(() => undefined)),
      ),
    );
  }

  ingestEncoded(origin: number, batch: EncodedBatch): Promise<IngestCounts> {
    return this.#queue(async () => this.#ingest(await this.#from(origin), batch));
  }

  ingestDetails(connectionId: string, batch: GenerationBatch): Promise<IngestCounts> {
    return this.#queue(async () => {
      const source = await this.#sourceFor(connectionKey(connectionId));
      this.#sources = await this.#open.sources.toArray();
      return this.#ingest({ origin: null, source }, encodeBatch(batch));
    });
  }

  async checkpoint(connectionId: string): Promise<Checkpoint> {
    return readCheckpoint((await this.#open.checkpoints.get(connectionId))?.value);
  }

  removeConnection(connectionId: string): Promise<number> {
    return this.#queue(async () => {
      const source = this.#sources.find(({ key }) => key === connectionKey(connectionId));
      const rows = source ? await this.#removeSource(source.id) : 0;
      const { checkpoints, lookUps, origins, sources } = this.#open;
      await this.#open.transaction('rw', [checkpoints, lookUps, origins, sources], async () => {
        await checkpoints.delete(connectionId);
        await lookUps
          .where('[connectionId+id]')
          .between([connectionId, Dexie.minKey], [connectionId, Dexie.maxKey])
          .delete();
        await origins.filter((origin) => origin.connectionId === connectionId).delete();
        await sources.where({ key: connectionKey(connectionId) }).delete();
      });
      this.#sources = await sources.toArray();
      await this.#changed();
      return rows;
    });
  }

  queueLookUps(connectionId: string, ids: readonly string[]) {
    return this.#queue(async () => {
      const unique = [...new Set(ids)];
      const index = await this.#idIndex();
      const encoded = encodeIds(unique);
      const unknown = unique.filter((_, row) => index.find(encoded, row) < 0);
      const { lookUps } = this.#open;
      const waiting = await lookUps.bulkGet(unknown.map((id) => [connectionId, id] as [string, string]));
      const fresh = unknown.filter((_, i) => waiting[i] === undefined);
      const last = await lookUps
        .where('[connectionId+missing+place]')
        .between([connectionId, 0, 0], [connectionId, 0, Dexie.maxKey])
        .last();
      const first = (last?.place ?? 0) + 1;
      await lookUps.bulkAdd(fresh.map((id, i) => ({ connectionId, id, missing: 0, place: first + i })));
      await this.#changed();
      return { ...(await this.lookUpQueue(connectionId)), added: fresh.length };
    });
  }

  async nextLookUps(connectionId: string, limit: number): Promise<readonly string[]> {
    const waiting = this.#open.lookUps.where('[connectionId+missing+place]');
    const records = await waiting
      .between([connectionId, 0, 0], [connectionId, 0, Dexie.maxKey])
      .limit(limit)
      .toArray();
    return records.map(({ id }) => id);
  }

  async lookUpQueue(connectionId: string): Promise<LookUpQueue> {
    const count = (missing: 0 | 1) =>
      this.#open.lookUps
        .where('[connectionId+missing+place]')
        .between([connectionId, missing, 0], [connectionId, missing, Dexie.maxKey])
        .count();
    return { waiting: await count(0), missing: await count(1) };
  }

  ingestLookUp(
    origin: number,
    batch: GenerationBatch,
    asked: { connectionId: string; ids: readonly string[]; missing: readonly string[] },
  ): Promise<IngestCounts> {
    const { connectionId, ids, missing } = asked;
    return this.#queue(async () =>
      this.#ingest(await this.#from(origin), encodeBatch(batch), async ({ lookUps }) => {
        const keys = (list: readonly string[]) => list.map((id) => [connectionId, id] as [string, string]);
        await lookUps.where('[connectionId+id]').anyOf(keys(missing)).modify({ missing: 1 });
        const gone = new Set(missing);
        await lookUps.bulkDelete(keys(ids.filter((id) => !gone.has(id))));
      }),
    );
  }

  clearLookUps(connectionId: string): Promise<void> {
    return this.#queue(async () => {
      await this.#open.lookUps
        .where('[connectionId+id]')
        .between([connectionId, Dexie.minKey], [connectionId, Dexie.maxKey])
        .delete();
      await this.#changed();
    });
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
    this.#sources = await database.sources.toArray();
    const words = new Map<TextKey | 'sources', string[]>();
    await database.dictionaries.orderBy(':id').each((record) => {
      const list = words.get(record.column) ?? [];
      list.push(...record.words);
      words.set(record.column, list);
    });
    this.#dictionaries = new Map([...words].map(([key, list]) => [key, new Dictionary(list)]));
  }

  get #sourceSets(): SourceSets {
    return new SourceSets(this.#dictionary('sources'));
  }

  #dictionary(key: TextKey | 'sources'): Dictionary {
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
      sources: this.#sources,
      sourceSets: this.#sourceSets,
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

  async #ingest(from: From, batch: EncodedBatch, also?: AlsoWrite): Promise<IngestCounts> {
    if (batch.rows > SEGMENT_ROWS) throw new Error(`a batch has at most ${SEGMENT_ROWS} rows`);
    const ids = await this.#idIndex();
    const plan = planIngest(batch, ids);
    const touched = [...new Set(plan.matches.map(({ address }) => segmentOf(address)))];
    await this.#load(
      touched.map((position) => this.#segments[position] as Segment),
      [...(Object.keys(batch.columns) as StoredKey[]), 'sources'],
    );
    const last = this.#segments.at(-1);
    if (last && plan.fresh.length > 0) await this.#load([last], STORED_KEYS);

    const sizes = new Map([...this.#dictionaries].map(([key, dictionary]) => [key, dictionary.size]));
    const change = applyIngest(
      this.#segments,
      (key) => this.#dictionary(key),
      this.#sourceSets,
      batch,
      plan,
      from.source,
    );
    const counts: IngestCounts = {
      rows: plan.matches.length + plan.fresh.length + batch.rejections.length,
      new: plan.fresh.length,
      known: plan.matches.length - change.merged,
      merged: change.merged,
      rejected: batch.rejections.length,
    };
    const again = plan.again.length > 0 ? pickRows(batch, plan.again) : null;
    try {
      await this.#commit(from, batch, change, counts, sizes, again ? undefined : also);
    } catch (thrown) {
      // What was computed is thrown away; memory is read anew from what is stored.
      await this.#read(this.#open);
      throw new AppFailure(storageError(thrown));
    }
    this.#show(change, plan.fresh, batch, ids);
    await this.#changed();
    if (!again) return counts;
    return addCounts(counts, await this.#ingest(from, again, also));
  }

  /** Rows, new words, the origin's counts and the checkpoint: all or nothing. */
  async #commit(
    { origin }: From,
    batch: EncodedBatch,
    change: Change,
    counts: IngestCounts,
    sizes: ReadonlyMap<TextKey | 'sources', number>,
    also: AlsoWrite | undefined,
  ): Promise<void> {
    const database = this.#open;
    const { segments, columns, dictionaries, origins, rejections } = database;
    await database.transaction('rw', database.tables, async () => {
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
      if (origin !== null) {
        const { counts: before } = await this.#origin(origin);
        await origins.update(origin, { counts: addCounts(before, counts) });
        if (batch.rejections.length > 0) {
          await rejections.put({ origin, start: before.rejected, list: batch.rejections });
        }
      }
      await also?.(database);
    });
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

  /** Takes a source out of every row, and the rows that have no other with it. Returns how many. */
  async #removeSource(source: number): Promise<number> {
    await this.#load(this.#segments, ['sources']);
    const affected = affectedBy(this.#segments, this.#sourceSets, source);
    await this.#load(
      affected.map((position) => this.#segments[position] as Segment),
      STORED_KEYS,
    );
    const before = this.#dictionary('sources').size;
    const removal = removeSource(this.#segments, affected, this.#sourceSets, source);
    const { segments, columns, dictionaries } = this.#open;
    try {
      await this.#open.transaction('rw', [segments, columns, dictionaries], async () => {
        for (const [position, segment] of removal.segments) {
          const { id } = (this.#segments[position] as Segment).info;
          await columns.where('[segment+column]').between([id, Dexie.minKey], [id, Dexie.maxKey]).delete();
          if (segment) {
            await segments.put(segment.info);
            await columns.bulkPut(recordsOf(segment, segment.info.columns));
          } else await segments.delete(id);
        }
        const words = this.#dictionary('sources').since(before);
        if (words.length > 0) await dictionaries.put({ column: 'sources', start: before, words });
      });
    } catch (thrown) {
      await this.#read(this.#open);
      throw new AppFailure(storageError(thrown));
    }
    this.#segments = this.#segments.flatMap((segment, position) => {
      const after = removal.segments.get(position);
      return after === undefined ? [segment] : after === null ? [] : [after];
    });
    // Addresses have moved.
    this.#ids = null;
    return removal.rows;
  }

  /** The number of a source, which is made when it is new. */
  async #sourceFor(key: string): Promise<number> {
    const { sources } = this.#open;
    return (await sources.get({ key }))?.id ?? (await sources.add({ key }));
  }

  async #from(origin: number): Promise<From> {
    return { origin, source: (await this.#origin(origin)).source };
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

/** Columns of a segment as they are written. */
function recordsOf(segment: Segment, keys: readonly StoredKey[]): ColumnRecord[] {
  return keys.map((key) => {
    const vector = segment.vectors.get(key);
    if (!vector) throw new Error(`column ${key} was to be written and is not there`);
    return { segment: segment.info.id, column: key, vector };
  });
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
