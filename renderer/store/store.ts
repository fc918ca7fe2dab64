/** The store as the page and the other workers see it: one dataset is open; changes go through one queue. */
import { Dexie } from 'dexie';
import type { GenerationBatch } from '../../shared/batch.ts';
import { type AppError, AppFailure } from '../../shared/errors.ts';
import type { Filter, GroupAnswer, GroupQuery, TimeRange } from '../../shared/query.ts';
import {
  addCounts,
  type Checkpoint,
  type IngestCounts,
  NO_COUNTS,
  readCheckpoint,
} from '../../shared/sync.ts';
import { createTurns } from '../../shared/turns.ts';
import * as Comlink from '../comlink.ts';
import type {
  Dataset,
  LookUpQueue,
  Origin,
  OriginStart,
  PreviewCounts,
  StoreApi,
  StoreStatus,
} from './api.ts';
import { cutCheckpoints, without } from './cut.ts';
import { ReadAgain } from './damage.ts';
import { databaseName } from './database.ts';
import { type EncodedBatch, encodeBatch, pickRows } from './encode.ts';
import { type GenerationsFormat, type WrittenGenerations, writeGenerations } from './export.ts';
import { isSameAnswer, withVersion } from './first-answer.ts';
import { addLookUps, clearLookUps, countLookUps, nextLookUps, settleLookUps } from './look-ups.ts';
import { type AlsoWrite, type From, Opened, type OpenedOptions, rowsOf } from './opened.ts';
import { Preview } from './preview.ts';
import { rangeOf } from './query/filter.ts';
import { nameOf } from './query/name.ts';
import { Pace } from './query/pace.ts';
import { Questions } from './query/questions.ts';
import { RowTable } from './query/rows.ts';
import type { Snapshot } from './query/snapshot.ts';
import type { Rejection } from './rejection.ts';
import { hasRoom } from './room.ts';
import { connectionKey, originKey } from './sources.ts';
import { keptChanging, notRead, notUndone, storageFailure } from './storage-errors.ts';
import { startingWith } from './write.ts';

/** How often something is tried again that was changed meanwhile or found damaged. */
const MOST_ATTEMPTS = 20;
/** So many times at once. */
const SOON = 3;
/** So few rows leave no holes worth closing. */
const MANY_REMOVED = 65_536;
/** So long a change waits for questions at most, ms. */
const PATIENCE_MS = 5000;

const NOTHING_OPEN: AppError = {
  code: 'storage-broken',
  title: 'No data are open.',
  meaning: 'They are being opened, or could not be.',
  action: 'Try again in a moment; if it stays so, start Whospent again.',
};

export interface StoreOptions extends OpenedOptions {
  /** Names the code of the store, and no other: without it the first answer is not kept. */
  readonly code?: string;
}

export class Store implements StoreApi {
  #opened: Opened | null = null;
  #version = 0;
  /** Whether the listeners know of the version. */
  #isTold = true;
  #problems: readonly AppError[] = [];
  #listeners: ((status: StoreStatus) => void)[] = [];
  readonly #questions = new Questions(() => this.#snapshot());
  readonly #pace = new Pace();
  /** Changes run one after the other. */
  readonly #queue = createTurns();
  #lastOrigin = 0;
  readonly #previews = new Map<number, Preview>();
  #lastPreview = 0;
  readonly #options: OpenedOptions;
  readonly #code: string | undefined;
  /** The question that the page begins with (see `nameOf`). */
  #firstQuestion: string | null = null;
  /** The data that the first answer was counted from, or compared with, by this process. */
  #counted: Opened | null = null;
  /**
   * The imports and syncs under way, and for each the spans of time that have to be pulled again since it began:
   * a sync plans with the checkpoint that it began with.
   */
  readonly #underWay = new Map<number, TimeRange[]>();
  /** Rows that went since the last compaction. */
  #removed = 0;

  constructor({ code, ...options }: StoreOptions = {}) {
    this.#code = code;
    this.#options = { ...options, shown: () => this.#shown(), breathe: () => this.#breathe() };
  }

  open(dataset: Dataset): Promise<StoreStatus> {
    return this.#queue(async () => {
      // The one that is open stays so unless the other can be opened.
      const opened = await Opened.open(dataset, this.#options);
      this.#opened?.close();
      this.#opened = opened;
      this.#shown();
      this.#problems = [];
      this.#underWay.clear();
      this.#removed = 0;
      await closeCutOff(opened);
      void this.#bringBack(opened);
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
      problems: [...this.#problems, ...(this.#opened?.problems ?? [])],
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

  async prepare<A extends string>(query: GroupQuery<A>): Promise<void> {
    this.#firstQuestion = nameOf(query);
    await this.#ask(undefined, async (place) => {
      if (!this.#kept) await this.#group(query, place);
    });
  }

  readonly group: StoreApi['group'] = (query, view) => this.#ask(view, (place) => this.#group(query, place));
  readonly compare: StoreApi['compare'] = (query, view) =>
    this.#ask(view, (place) => this.#questions.compare(query, place));
  readonly rows: StoreApi['rows'] = (query, view) =>
    this.#ask(view, (place) => this.#questions.rows(query, place));
  readonly facet: StoreApi['facet'] = (query, view) =>
    this.#ask(view, (place) => this.#questions.facet(query, place));
  readonly histogram: StoreApi['histogram'] = (query, view) =>
    this.#ask(view, (place) => this.#questions.histogram(query, place));

  async cancel(view: string): Promise<void> {
    this.#questions.cancel(view);
  }

  origins(): Promise<readonly Origin[]> {
    return this.#open.database.origins.reverse().toArray();
  }

  async rejections(origin: number, limit = Number.POSITIVE_INFINITY): Promise<readonly Rejection[]> {
    const rejections: Rejection[] = [];
    await startingWith(this.#open.database.rejections, '[origin+start]', origin)
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
        this.#underWay.set(id, []);
      } catch (thrown) {
        throw storageFailure(thrown);
      }
      return id;
    });
  }

  finishOrigin(id: number, state: 'complete' | 'stopped' | 'failed', error?: AppError): Promise<Origin> {
    return this.#queue(async () => {
      const opened = this.#open;
      this.#underWay.delete(id);
      await opened.database.origins
        .update(id, { state, finishedAt: Date.now(), ...(error ? { error } : {}) })
        .catch(fail);
      const origin = await opened.origin(id);
      await forgetIdleSync(opened, origin);
      // What cannot be tidied up now can be later.
      if (opened.problems.length > 0)
        await this.#store((store) => store.heal(), false).catch(() => undefined);
      await this.#tidy().catch(() => undefined);
      return origin;
    });
  }

  ingest(
    origin: number,
    batch: GenerationBatch,
    checkpoint?: { connectionId: string; value: Checkpoint },
  ): Promise<IngestCounts> {
    const also =
      checkpoint &&
      (({ checkpoints }: Opened['database']) => {
        const value = without(checkpoint.value, this.#underWay.get(origin) ?? []);
        return checkpoints.put({ ...checkpoint, value });
      });
    return this.#ingest(origin, () => encodeBatch(batch), also);
  }

  ingestEncoded(origin: number, batch: EncodedBatch): Promise<IngestCounts> {
    return this.#ingest(origin, () => batch);
  }

  ingestDetails(connectionId: string, batch: GenerationBatch): Promise<void> {
    return this.#queue(async () => {
      const told = encodeBatch(batch);
      const addresses = await this.#store((opened) => opened.addressesOf(told.ids), false);
      const there = Array.from(addresses.keys()).filter((row) => (addresses[row] as number) >= 0);
      if (there.length === 0) return;
      const source = await this.#open.sourceFor(connectionKey(connectionId));
      await this.#ingestParts({ origin: null, source }, pickRows(told, there));
    });
  }

  async beginPreview(): Promise<number> {
    this.#previews.set(++this.#lastPreview, new Preview());
    return this.#lastPreview;
  }

  previewEncoded(preview: number, batch: EncodedBatch): Promise<PreviewCounts> {
    return this.#queue(async () => {
      const counting = this.#previews.get(preview);
      if (!counting) throw new Error('the preview has ended');
      const { dictionary } = this.#snapshot();
      return this.#store(
        (opened) =>
          counting.add(batch, {
            segments: opened.segments,
            dictionary,
            addressesOf: (ids) => opened.addressesOf(ids),
            load: (segments, keys) => opened.load(segments, keys),
            breathe: () => this.#breathe(),
          }),
        false,
      );
    });
  }

  async endPreview(preview: number): Promise<void> {
    this.#previews.delete(preview);
  }

  async checkpoint(connectionId: string): Promise<Checkpoint> {
    return readCheckpoint((await this.#open.database.checkpoints.get(connectionId))?.value);
  }

  removeConnection(connectionId: string): Promise<number> {
    return this.#queue(async () => {
      const source = await this.#open.sourceFor(connectionKey(connectionId));
      return this.#remove((opened) =>
        opened.removeSource(source, async (database) => {
          await database.checkpoints.delete(connectionId);
          await clearLookUps(database, connectionId);
          await database.origins.filter((origin) => origin.connectionId === connectionId).delete();
          await database.sources.delete(source);
        }),
      );
    });
  }

  undoOrigin(origin: number): Promise<number> {
    return this.#queue(async () => {
      const { kind, source } = await this.#open.origin(origin);
      if (kind === 'sync') throw notUndone('sync');
      if (this.#underWay.has(origin)) throw notUndone('open');
      return this.#remove((opened) =>
        opened.removeSource(source, async (database) => {
          await startingWith(database.rejections, '[origin+start]', origin).delete();
          await database.origins.delete(origin);
          await database.sources.delete(source);
        }),
      );
    });
  }

  removeGenerations(filter: Filter): Promise<number> {
    const span = spanOf(filter);
    return this.#queue(() =>
      this.#remove(async (opened) => {
        const removed = await opened.removeGenerations(filter, (database) =>
          cutCheckpoints(database, span ? [span] : [], null),
        );
        if (span) this.#forget([span]);
        return removed;
      }),
    );
  }

  compact(): Promise<void> {
    return this.#queue(() => this.#compact());
  }

  queueLookUps(
    connectionId: string,
    ids: readonly string[],
  ): Promise<LookUpQueue & { readonly added: number }> {
    return this.#queue(async () => {
      const { database } = this.#open;
      const unique = [...new Set(ids)];
      const unknown = await this.#store((opened) => opened.unknownIds(unique));
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

  /** The file is of one version: changes wait until it is written. */
  exportGenerations(
    filter: Filter,
    format: GenerationsFormat,
    write: (bytes: Uint8Array, rows: number, of: number) => Promise<void>,
  ): Promise<WrittenGenerations> {
    return this.#queue(async () => {
      const { snapshot, order } = await this.#store(async (opened) => {
        const seen = opened.snapshot(this.#version);
        const sort = { by: 'created_at', descending: true } as const;
        return { snapshot: seen, order: (await RowTable.build({ filter, sort }, seen)).order };
      }, false);
      const load: Snapshot['load'] = (segments, keys) =>
        snapshot.load(segments, keys).catch(async (thrown) => {
          if (!(thrown instanceof ReadAgain)) throw thrown;
          // The file was begun with rows that cannot be read: the next one is without them.
          await this.#setAside(thrown);
          throw keptChanging();
        });
      return writeGenerations(order, { ...snapshot, load }, format, ({ bytes, rows }) =>
        write(Comlink.transfer(bytes, [bytes.buffer]), rows, order.addresses.length),
      );
    });
  }

  /** The first answer comes from what is kept, and the data themselves are looked at behind it. */
  async #group<A extends string>(query: GroupQuery<A>, place: AbortSignal): Promise<GroupAnswer<A>> {
    const question = nameOf(query);
    if (question !== this.#firstQuestion) return this.#questions.group(query, place);
    const opened = this.#open;
    const kept = this.#kept;
    if (!kept) {
      const answer = await this.#questions.group(query, place);
      this.#counted = opened;
      void this.#keep(opened, question, answer);
      return answer;
    }
    if (this.#counted !== opened) {
      this.#counted = opened;
      void this.#compare(opened, query, kept);
    }
    return withVersion(kept, this.#version) as GroupAnswer<A>;
  }

  /** The first answer, where it is kept of the data as they are now. */
  get #kept(): GroupAnswer | null {
    const { first } = this.#open;
    return first?.question === this.#firstQuestion && first.code === this.#code ? first.answer : null;
  }

  /**
   * Finds what is damaged. Where the data do not bear out what was shown, or cannot be read, it is told to ask again.
   */
  async #compare(opened: Opened, query: GroupQuery, kept: GroupAnswer): Promise<void> {
    const answer = await this.#ask(undefined, (place) => this.#questions.group(query, place)).catch(
      () => null,
    );
    if (opened !== this.#opened || this.#kept !== kept) return;
    if (answer && isSameAnswer(answer, kept)) return;
    const forgotten = opened.forgetFirst();
    await this.#changed();
    await forgotten;
  }

  /** Keeps the first answer with the data, unless they have changed since, or are being changed all the time. */
  #keep(opened: Opened, question: string, answer: GroupAnswer): Promise<void> {
    const code = this.#code;
    return this.#queue(async () => {
      const isOfNow = opened === this.#opened && answer.coverage.version === this.#version;
      if (code === undefined || !isOfNow || this.#underWay.size > 0 || this.#kept) return;
      await opened.keepFirst({ question, code, answer });
    });
  }

  get #open(): Opened {
    if (!this.#opened) throw new AppFailure(NOTHING_OPEN);
    return this.#opened;
  }

  #snapshot(): Snapshot {
    return this.#open.snapshot(this.#version);
  }

  /** Answers a question of a view. While it waits to be asked again it can be given up, and gives up no newer one. */
  #ask<T>(view: string | undefined, question: (place: AbortSignal) => Promise<T>): Promise<T> {
    return this.#questions.inPlace(view, (place) => this.#askInPlace(() => question(place)));
  }

  /**
   * Answers a question from the newest version, and from the next one where that one is changed meanwhile or cannot
   * be read whole.
   */
  async #askInPlace<T>(question: () => Promise<T>): Promise<T> {
    // What is being opened is waited for.
    if (!this.#opened) await this.#queue(async () => undefined);
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const opened = this.#opened;
      try {
        return await question();
      } catch (thrown) {
        if (!(thrown instanceof ReadAgain)) throw thrown;
        // What was only changed is there already. Where that goes on, it is asked again behind the changes under way.
        if (thrown.damage.length > 0 || attempt >= SOON)
          await this.#queue(() => this.#setAside(thrown, opened));
      }
    }
    return this.#queue(() => this.#store(question, false));
  }

  /** @param of the data that the damage is of: others may have been opened since */
  async #setAside({ damage }: ReadAgain, of = this.#opened): Promise<void> {
    if (damage.length === 0 || of !== this.#opened) return;
    this.#forget(await this.#open.setAside(damage));
    await this.#changed();
  }

  /** Looks again at what could not be read before, one part after the other: what waits meanwhile goes in between. */
  async #bringBack(opened: Opened): Promise<void> {
    for (const id of opened.awaited) {
      await this.#queue(async () => {
        if (opened !== this.#opened) return;
        try {
          await this.#store(() => opened.bringBack(id), false);
        } finally {
          if (!this.#isTold || !this.#opened) await this.#changed();
        }
      }).catch(() => undefined);
    }
  }

  /** The syncs under way go on with checkpoints that say that these were pulled. */
  #forget(spans: readonly TimeRange[]): void {
    for (const forgotten of this.#underWay.values()) forgotten.push(...spans);
  }

  async #remove(remove: (opened: Opened) => Promise<number>): Promise<number> {
    const rows = await this.#store(remove);
    this.#removed += rows;
    // What was asked for is done: tidying up may fail.
    await this.#tidy().catch(() => undefined);
    return rows;
  }

  /** Compacts when that pays: never while something is being stored. */
  async #tidy(): Promise<void> {
    const { segments, isScattered } = this.#open;
    const pays = this.#removed >= Math.max(MANY_REMOVED, rowsOf(segments) / 4) || segments.length === 0;
    if (this.#underWay.size === 0 && (isScattered || (pays && this.#removed > 0))) await this.#compact();
    await this.#changed();
  }

  async #compact(): Promise<void> {
    await this.#store((opened) => opened.compact());
    this.#removed = 0;
  }

  #ingest(origin: number, encode: () => EncodedBatch, also?: AlsoWrite): Promise<IngestCounts> {
    return this.#queue(async () => {
      // Somebody waits for these, and nobody for the next batch.
      await atMost(PATIENCE_MS, this.#questions.settled);
      const { source } = await this.#open.origin(origin);
      return this.#ingestParts({ origin, source }, encode(), also);
    });
  }

  /**
   * Stores a batch, every part of it as a change of its own: a part that has to be stored again is counted without
   * those that are stored already. Only from within the queue.
   */
  async #ingestParts(from: From, batch: EncodedBatch, also?: AlsoWrite): Promise<IngestCounts> {
    const { counts, left } = await this.#store((opened) => opened.ingest(from, batch, also));
    if (left.length === 0) return counts;
    return addCounts(counts, await this.#ingestParts(from, pickRows(batch, left), also));
  }

  /**
   * Makes a change of the stored rows, and tells of it, whether it came off or not. Where a part cannot be read it
   * is set aside, and the change is made with the rest. Only from within the queue.
   */
  async #store<T>(change: (opened: Opened) => Promise<T>, tells = true): Promise<T> {
    const opened = this.#open;
    try {
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        try {
          return await change(opened);
        } catch (thrown) {
          if (!(thrown instanceof ReadAgain)) throw thrown;
          await this.#setAside(thrown);
        }
      }
      throw keptChanging();
    } catch (thrown) {
      if (thrown instanceof AppFailure) throw thrown;
      // Not even what is stored could be read again: nothing may be written over it.
      opened.close();
      this.#opened = null;
      const problem = notRead(thrown, await hasRoom());
      this.#problems = [problem];
      throw new AppFailure(problem);
    } finally {
      if (tells) await this.#changed();
    }
  }

  /** Between the steps of a change: somebody waits for the answers, and nobody for the next step. */
  #breathe(): Promise<void> | undefined {
    return this.#pace.step()?.then(() => atMost(PATIENCE_MS, this.#questions.settled));
  }

  /** What is asked from here on sees something else than before: it gets a version of its own at once. */
  #shown(): void {
    this.#version++;
    this.#isTold = false;
  }

  /** Tells of a change, also of one that is in no answer. */
  async #changed(): Promise<StoreStatus> {
    if (this.#isTold) this.#version++;
    this.#isTold = true;
    const status = await this.status();
    for (const listener of this.#listeners) void listener(status);
    return status;
  }
}

/** Waits for something, but not for ever: some reads of damaged files are never answered. */
async function atMost(ms: number, something: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([something, enough]);
  clearTimeout(timer);
}

/** What an earlier process left under way was cut off. A full disk must not keep the data from being seen. */
async function closeCutOff({ database }: Opened): Promise<void> {
  await database.origins
    .filter((origin) => origin.state === 'open')
    .modify({ state: 'stopped', finishedAt: Date.now() })
    .catch(() => undefined);
}

/** Of syncs in a row that brought nothing, only the newest of a connection is kept. */
async function forgetIdleSync(
  { database }: Opened,
  { id, kind, state, counts, connectionId }: Origin,
): Promise<void> {
  if (kind !== 'sync' || state !== 'complete' || counts.rows > 0) return;
  const before = database.origins.where('id').below(id).reverse();
  const last = await before.filter((origin) => origin.connectionId === connectionId).first();
  if (last?.kind !== 'sync' || last.state !== 'complete' || last.counts.rows > 0) return;
  await database.origins.delete(last.id).catch(() => undefined);
}

/** The range of time that a filter is, and nothing else; null where it asks for more. */
const spanOf = (filter: Filter): TimeRange | null =>
  filter.every(({ on }) => on === 'created_at') ? rangeOf(filter) : null;

function fail(thrown: unknown): never {
  throw storageFailure(thrown);
}
