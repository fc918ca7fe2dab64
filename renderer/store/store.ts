/** The store as the page and the other workers see it: one dataset is open; changes go through one queue. */
import { Dexie } from 'dexie';
import type { GenerationBatch } from '../../shared/batch.ts';
import { type AppError, AppFailure } from '../../shared/errors.ts';
import type { Filter, GroupAnswer, GroupQuery, RowsAnswer, RowsQuery } from '../../shared/query.ts';
import { type Checkpoint, type IngestCounts, NO_COUNTS, readCheckpoint } from '../../shared/sync.ts';
import * as Comlink from '../comlink.ts';
import type { Dataset, LookUpQueue, Origin, OriginStart, StoreApi, StoreStatus } from './api.ts';
import { databaseName } from './database.ts';
import { type EncodedBatch, encodeBatch, encodeIds } from './encode.ts';
import {
  type GenerationsFormat,
  type WrittenGenerations,
  writeGenerations,
  writtenColumns,
} from './export.ts';
import { addLookUps, clearLookUps, countLookUps, nextLookUps, settleLookUps } from './look-ups.ts';
import { type AlsoWrite, Opened } from './opened.ts';
import { GroupTable } from './query/group.ts';
import { RowTable } from './query/rows.ts';
import type { Snapshot } from './query/snapshot.ts';
import { Recent } from './recent.ts';
import type { Rejection } from './rejection.ts';
import { connectionKey, originKey } from './sources.ts';
import { notRead, storageFailure } from './storage-errors.ts';

/** Prepared answers kept for the next window or order of the same question. */
const TABLES_KEPT = 6;

const NOTHING_OPEN: AppError = {
  code: 'storage-broken',
  title: 'No data are open.',
  meaning: 'They are being opened, or could not be.',
  action: 'Try again in a moment; if it stays so, start Whospent again.',
};

export class Store implements StoreApi {
  #opened: Opened | null = null;
  #version = 0;
  #problems: readonly AppError[] = [];
  #listeners: ((status: StoreStatus) => void)[] = [];
  readonly #groups = new Recent<GroupTable<string>>(TABLES_KEPT);
  readonly #rows = new Recent<RowTable>(TABLES_KEPT);
  /** The end of the queue of changes. */
  #last: Promise<unknown> = Promise.resolve();
  #lastOrigin = 0;

  open(dataset: Dataset): Promise<StoreStatus> {
    return this.#queue(async () => {
      // The one that is open stays so unless the other can be opened.
      const opened = await Opened.open(dataset);
      this.#opened?.close();
      this.#opened = opened;
      this.#problems = [];
      await closeCutOff(opened);
      return this.#changed();
    });
  }

  async status(): Promise<StoreStatus> {
    const infos = (this.#opened?.segments ?? [])
      .map((segment) => segment.info)
      .filter((info) => info.rows > 0);
    return {
      dataset: this.#opened?.dataset ?? 'account',
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
      if (dataset === this.#opened?.dataset) {
        this.#opened.close();
        this.#opened = null;
      }
      await Dexie.delete(databaseName(dataset)).catch(fail);
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
    const { filter, sort } = query;
    const snapshot = this.#snapshot();
    const table = await this.#rows.get(JSON.stringify([snapshot.version, filter, sort]), () =>
      RowTable.build(query, snapshot),
    );
    return table.answer(query.columns, query.offset, query.limit);
  }

  origins(): Promise<readonly Origin[]> {
    return this.#open.database.origins.reverse().toArray();
  }

  async rejections(origin: number, limit = Number.POSITIVE_INFINITY): Promise<readonly Rejection[]> {
    const rejections: Rejection[] = [];
    const records = this.#open.database.rejections
      .where('[origin+start]')
      .between([origin, Dexie.minKey], [origin, Dexie.maxKey]);
    await records
      .until(() => rejections.length >= limit)
      .each(({ list }) => {
        for (const rejection of list) rejections.push(rejection);
      });
    return rejections.slice(0, limit);
  }

  beginOrigin(start: OriginStart): Promise<number> {
    return this.#queue(async () => {
      const opened = this.#open;
      const startedAt = Date.now();
      // Never the same in two datasets: what was begun in one cannot be stored in another.
      const id = Math.max(startedAt * 1000, this.#lastOrigin + 1);
      this.#lastOrigin = id;
      const key = start.connectionId === undefined ? originKey(id) : connectionKey(start.connectionId);
      try {
        const source = await opened.sourceFor(key);
        const begun = {
          ...start,
          id,
          source,
          startedAt,
          finishedAt: null,
          state: 'open',
          counts: NO_COUNTS,
        } as const;
        await opened.database.origins.add(begun);
      } catch (thrown) {
        throw storageFailure(thrown);
      }
      return id;
    });
  }

  finishOrigin(id: number, state: 'complete' | 'stopped' | 'failed', error?: AppError): Promise<Origin> {
    return this.#queue(async () => {
      const opened = this.#open;
      await opened.database.origins
        .update(id, { state, finishedAt: Date.now(), ...(error ? { error } : {}) })
        .catch(fail);
      const origin = await opened.origin(id);
      await this.#changed();
      return origin;
    });
  }

  ingest(
    origin: number,
    batch: GenerationBatch,
    checkpoint?: { connectionId: string; value: Checkpoint },
  ): Promise<IngestCounts> {
    const also = checkpoint && (({ checkpoints }: Opened['database']) => checkpoints.put(checkpoint));
    return this.#ingest(origin, () => encodeBatch(batch), also);
  }

  ingestEncoded(origin: number, batch: EncodedBatch): Promise<IngestCounts> {
    return this.#ingest(origin, () => batch);
  }

  ingestDetails(connectionId: string, batch: GenerationBatch): Promise<IngestCounts> {
    return this.#queue(async () => {
      const source = await this.#open.sourceFor(connectionKey(connectionId));
      return this.#store((opened) => opened.ingest({ origin: null, source }, encodeBatch(batch)));
    });
  }

  async checkpoint(connectionId: string): Promise<Checkpoint> {
    return readCheckpoint((await this.#open.database.checkpoints.get(connectionId))?.value);
  }

  removeConnection(connectionId: string): Promise<number> {
    return this.#queue(async () => {
      const source = await this.#open.sourceFor(connectionKey(connectionId));
      return this.#store((opened) =>
        opened.removeSource(source, async (database) => {
          await database.checkpoints.delete(connectionId);
          await clearLookUps(database, connectionId);
          await database.origins.filter((origin) => origin.connectionId === connectionId).delete();
          await database.sources.delete(source);
        }),
      );
    });
  }

  queueLookUps(
    connectionId: string,
    ids: readonly string[],
  ): Promise<LookUpQueue & { readonly added: number }> {
    return this.#queue(async () => {
      const { database } = this.#open;
      const unique = [...new Set(ids)];
      const stored = await this.#open.ids();
      const encoded = encodeIds(unique);
      const unknown = unique.filter((_, row) => stored.find(encoded, row) < 0);
      const added = await addLookUps(database, connectionId, unknown).catch(fail);
      await this.#changed();
      return { ...(await countLookUps(database, connectionId)), added };
    });
  }

  nextLookUps(connectionId: string, limit: number): Promise<readonly string[]> {
    return nextLookUps(this.#open.database, connectionId, limit);
  }

  lookUpQueue(connectionId: string): Promise<LookUpQueue> {
    return countLookUps(this.#open.database, connectionId);
  }

  ingestLookUp(
    origin: number,
    batch: GenerationBatch,
    {
      connectionId,
      ids,
      missing,
    }: { connectionId: string; ids: readonly string[]; missing: readonly string[] },
  ): Promise<IngestCounts> {
    const also: AlsoWrite = (database) => settleLookUps(database, connectionId, ids, missing);
    return this.#ingest(origin, () => encodeBatch(batch), also);
  }

  clearLookUps(connectionId: string): Promise<void> {
    return this.#queue(async () => {
      await clearLookUps(this.#open.database, connectionId).catch(fail);
      await this.#changed();
    });
  }

  async exportGenerations(
    filter: Filter,
    format: GenerationsFormat,
    write: (bytes: Uint8Array, rows: number, of: number) => Promise<void>,
  ): Promise<WrittenGenerations> {
    const snapshot = this.#snapshot();
    // All at once, so that the file is of one version however long its writing takes.
    const [table] = await Promise.all([
      RowTable.build({ filter, sort: { by: 'created_at', descending: true } }, snapshot),
      snapshot.load(snapshot.segments, writtenColumns(format)),
    ]);
    return writeGenerations(table.order, snapshot, format, ({ bytes, rows }) =>
      write(Comlink.transfer(bytes, [bytes.buffer]), rows, table.count),
    );
  }

  get #open(): Opened {
    if (!this.#opened) throw new AppFailure(NOTHING_OPEN);
    return this.#opened;
  }

  #snapshot(): Snapshot {
    return this.#open.snapshot(this.#version);
  }

  /** Changes run one after the other. */
  #queue<T>(change: () => Promise<T>): Promise<T> {
    const run = this.#last.then(change, change);
    this.#last = run.catch(() => undefined);
    return run;
  }

  #ingest(origin: number, encode: () => EncodedBatch, also?: AlsoWrite): Promise<IngestCounts> {
    return this.#queue(async () => {
      const { source } = await this.#open.origin(origin);
      return this.#store((opened) => opened.ingest({ origin, source }, encode(), also));
    });
  }

  /** Makes a change of the stored rows, and tells of it, whether it came off or not. */
  async #store<T>(change: (opened: Opened) => Promise<T>): Promise<T> {
    const opened = this.#open;
    try {
      return await change(opened);
    } catch (thrown) {
      if (thrown instanceof AppFailure) throw thrown;
      // Not even what is stored could be read again: nothing may be written over it.
      opened.close();
      this.#opened = null;
      this.#problems = [notRead(thrown)];
      throw new AppFailure(notRead(thrown));
    } finally {
      await this.#changed();
    }
  }

  async #changed(): Promise<StoreStatus> {
    this.#version++;
    const status = await this.status();
    for (const listener of this.#listeners) void listener(status);
    return status;
  }
}

/** What an earlier process left under way was cut off. A full disk must not keep the data from being seen. */
async function closeCutOff({ database }: Opened): Promise<void> {
  await database.origins
    .filter((origin) => origin.state === 'open')
    .modify({ state: 'stopped', finishedAt: Date.now() })
    .catch(() => undefined);
}

function fail(thrown: unknown): never {
  throw storageFailure(thrown);
}
