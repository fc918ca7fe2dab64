/**
 * One database that is open, and what of it is in memory: the list of segments, the dictionaries, and the columns
 * that were asked for lately. A change is computed aside, committed in one transaction, and only then shown;
 * whatever fails on the way leaves memory as the database is.
 */
import type { AppError } from '../../shared/errors.ts';
import type { Filter, TimeRange } from '../../shared/query.ts';
import type { IngestCounts } from '../../shared/sync.ts';
import { AddressIndex } from './address-index.ts';
import type { Dataset, Origin } from './api.ts';
import { asideOf, cameAgain, connectionsOf } from './aside.ts';
import { ColumnBudget, DEFAULT_BUDGET } from './budget.ts';
import { cutCheckpoints } from './cut.ts';
import { codedKeyOf, type Damage, problemOf, ReadAgain } from './damage.ts';
import { type CodedKey, Database, type FirstAnswer, isNewer } from './database.ts';
import { Dictionary } from './dictionary.ts';
import { type EncodedBatch, pickRows } from './encode.ts';
import { readFirstAnswer, writeFirstAnswer } from './first-answer.ts';
import { hashIds } from './hashes.ts';
import { encodeIds } from './id-encoder.ts';
import { addressOf, rowOf, SEGMENT_ROWS, segmentOf } from './id-index.ts';
import { applyIngest, type Change, isFilledUp, joinsRows, keysToMerge, runsOf } from './ingest.ts';
import { joinSegments, runsToJoin } from './join.ts';
import { dictionaryOf, type Memory, readMemory } from './memory.ts';
import { findAddresses, findCandidates, type IngestPlan, planIngest, splitByPlace } from './plan.ts';
import { compileFilter, rangeOf } from './query/filter.ts';
import type { Snapshot } from './query/snapshot.ts';
import { type ReadColumn, readColumns, readSoon } from './read.ts';
import { type Recoded, recode, wordsInUse } from './recode.ts';
import { judge, recordOf } from './records.ts';
import { affectedBy, type Removal, removeRows, removeSource } from './remove.ts';
import { hasRoom } from './room.ts';
import { held, type Segment, type SegmentInfo, type StoredKey, vectorAs } from './segment.ts';
import { connectionOf, type SourceRecord, SourceSets } from './sources.ts';
import { datasetClosed, notOpened, storageFailure, writtenByNewer } from './storage-errors.ts';
import { type IdVector, UNKNOWN_CODE, type Vector } from './vector.ts';
import {
  countUnder,
  deleteSegment,
  replaceWords,
  type WordCounts,
  wordCounts,
  writeSegment,
  writeWords,
} from './write.ts';

/** Segments that are changed in one transaction; a batch whose rows lie in more is stored in parts. */
const MOST_TOUCHED = 32;
/** Segments whose ids are read at a time when the index is made. */
const IDS_AT_ONCE = 8;

/** What a batch is counted under (null: nothing), and the source that its rows carry. */
export interface From {
  readonly origin: number | null;
  readonly source: number;
}

/** What is to be written in the same transaction as a batch. */
export type AlsoWrite = (database: Database) => Promise<unknown>;

/** What was stored of a batch. */
export interface Ingested {
  readonly counts: IngestCounts;
  /** The rows of the batch that are still to be stored, in one or more further parts. */
  readonly left: readonly number[];
}

export interface OpenedOptions {
  /** Bytes of columns that stay in memory. */
  readonly budget?: number;
  /** Called whenever readers see something else than before: at every commit, not only at the end of a change. */
  readonly shown?: () => void;
  /** Called between the steps of a change: waits where somebody else is to go first. */
  readonly breathe?: () => Promise<void> | undefined;
}

/** A column that is wanted. */
interface Want {
  readonly segment: Segment;
  readonly key: StoredKey;
}

export class Opened {
  readonly dataset: Dataset;
  readonly database: Database;
  readonly #budget: ColumnBudget;
  readonly #shown: () => void;
  readonly #breathe: () => Promise<void> | undefined;
  #memory: Memory;
  #first: FirstAnswer | null;
  /** Made when ids are first looked for; null after rows were moved. */
  #index: AddressIndex | null = null;
  /** The number of the last change; grows as long as the process lives, so that none is ever given twice. */
  #edition = 0;
  /** Whether a change may be in the database that is not shown yet. */
  #isWriting = false;
  /** Whether the database still has what was set aside here: it could not be written. */
  #isBehind = false;

  private constructor(
    dataset: Dataset,
    database: Database,
    memory: Memory,
    first: FirstAnswer | null,
    { budget = DEFAULT_BUDGET, shown = () => {}, breathe = () => undefined }: OpenedOptions,
  ) {
    this.dataset = dataset;
    this.database = database;
    this.#memory = memory;
    this.#first = first;
    this.#budget = new ColumnBudget(budget);
    this.#shown = shown;
    this.#breathe = breathe;
    const infos = [...memory.segments.map(({ info }) => info), ...memory.aside];
    for (const { editions } of infos)
      for (const edition of Object.values(editions ?? {}))
        this.#edition = Math.max(this.#edition, edition ?? 0);
  }

  /** @throws AppFailure `storage-broken`, with nothing left open */
  static async open(dataset: Dataset, options: OpenedOptions = {}): Promise<Opened> {
    const database = new Database(dataset);
    try {
      if (await isNewer(dataset)) throw writtenByNewer();
      await database.open();
      const [{ memory, damage }, first] = await Promise.all([
        readMemory(database),
        readFirstAnswer(database),
      ]);
      const opened = new Opened(dataset, database, memory, first, options);
      if (damage.length > 0) await opened.setAside(damage);
      return opened;
    } catch (thrown) {
      database.close();
      throw notOpened(thrown);
    }
  }

  close(): void {
    this.database.close();
  }

  get segments(): readonly Segment[] {
    return this.#memory.segments;
  }

  get sources(): readonly SourceRecord[] {
    return this.#memory.sources;
  }

  /** What was set aside, in people's words. */
  get problems(): readonly AppError[] {
    return this.#memory.aside.map(problemOf);
  }

  /** The answer that the page begins with, as far as it is kept of the data as they are now. */
  get first(): FirstAnswer | null {
    return this.#first;
  }

  /** @param first of the data as they are now. On a full disk it is kept in memory alone. */
  async keepFirst(first: FirstAnswer): Promise<void> {
    // It would be of less than the next start finds.
    if (this.#isBehind) return;
    this.#first = first;
    await writeFirstAnswer(this.database, first).catch(() => undefined);
  }

  async forgetFirst(): Promise<void> {
    this.#first = null;
    await this.database.answers.clear().catch(() => undefined);
  }

  /** What queries run on: it stays as it is, whatever is stored meanwhile or whichever dataset is opened. */
  snapshot(version: number): Snapshot {
    const { segments, dictionaries, sources } = this.#memory;
    return {
      version,
      segments,
      dictionary: (key) => dictionaryOf(dictionaries, key),
      sources,
      sourceSets: new SourceSets(dictionaryOf(dictionaries, 'sources')),
      load: (some, keys) => this.load(some, keys),
    };
  }

  /**
   * Reads columns into memory that are not there yet. They stay at least until the reader waits for something else.
   * @throws ReadAgain where they were written anew since the segments were current, or cannot be read
   */
  load(segments: readonly Segment[], keys: Iterable<StoredKey>): Promise<void> {
    const wanted = [...new Set(keys)];
    return this.#load(segments.flatMap((segment) => wanted.map((key) => ({ segment, key }))));
  }

  async #load(wants: readonly Want[]): Promise<void> {
    const missing: Want[] = [];
    const present: (Want & { readonly vector: Vector })[] = [];
    for (const want of wants) {
      const { segment, key } = want;
      const vector = segment.vectors.get(key);
      if (vector) present.push({ ...want, vector });
      else if (segment.info.columns.includes(key)) missing.push(want);
      else segment.vectors.set(key, null);
    }
    const read = await readColumns(this.database, missing);
    const damage: Damage[] = [];
    missing.forEach((want, i) => {
      const vector = this.#judged(want, read[i]);
      if (vector) present.push({ ...want, vector });
      else damage.push(damageOf(want, read[i]));
    });
    if (damage.length > 0) throw new ReadAgain(damage);
    // All of them, since what was there at first may have gone while the rest was read.
    for (const { segment, key, vector } of present) {
      segment.vectors.set(key, vector);
      this.#budget.use(segment, key);
    }
  }

  /** The vector of a record; null where it is damaged. */
  #judged({ segment, key }: Want, { record }: ReadColumn = {}) {
    const coded = codedKeyOf(key);
    const words = coded === null ? undefined : this.#dictionary(coded).size;
    const verdict = judge(segment.info, key, record, words);
    if (verdict === 'good' && record) return record.vector;
    // Of a segment that is no longer current it says nothing about what is stored.
    const isCurrent = this.segments.some(({ info }) => info === segment.info);
    if (this.#isWriting || !isCurrent) throw new ReadAgain();
    return null;
  }

  #dictionary(key: CodedKey): Dictionary {
    return dictionaryOf(this.#memory.dictionaries, key);
  }

  /** Where every id may stand. */
  async #ids(): Promise<AddressIndex> {
    if (this.#index) return this.#index;
    const { segments } = this;
    const index = new AddressIndex(rowsOf(segments));
    for (let at = 0; at < segments.length; at += IDS_AT_ONCE) {
      const some = segments.slice(at, at + IDS_AT_ONCE);
      await this.load(some, ['generation_id']);
      for (const [i, ids] of some.map(idsOf).entries()) {
        index.add(hashIds(ids), addressOf(at + i, 0));
        await this.#breathe();
      }
    }
    this.#index = index;
    return index;
  }

  /** Those of some ids that are not stored. */
  async unknownIds(ids: readonly string[]): Promise<string[]> {
    const addresses = await this.addressesOf(encodeIds(ids));
    return ids.filter((_, row) => (addresses[row] as number) < 0);
  }

  /** For each of some ids the address of its generation, or −1. */
  async addressesOf(ids: IdVector): Promise<Float64Array> {
    const index = await this.#ids();
    const { segments } = this;
    const rows = ids.offsets.length - 1;
    const addresses = new Float64Array(rows);
    // Candidates are looked for among no more rows than a batch may have.
    for (let from = 0; from < rows; from += SEGMENT_ROWS) {
      const some = { ...ids, offsets: ids.offsets.subarray(from, Math.min(from + SEGMENT_ROWS, rows) + 1) };
      const candidates = findCandidates(some, index);
      await this.load(pick(segments, candidates.positions), ['generation_id']);
      const found = findAddresses(some, candidates, (position) => idsOf(segments[position] as Segment));
      addresses.set(found, from);
    }
    return addresses;
  }

  async origin(id: number): Promise<Origin> {
    const origin = await this.database.origins.get(id);
    if (!origin) throw datasetClosed();
    return origin;
  }

  /** The number of a source, which is made when it is new. */
  async sourceFor(key: string): Promise<number> {
    const known = this.sources.find((source) => source.key === key);
    if (known) return known.id;
    const { sources } = this.database;
    const id = (await sources.get({ key }))?.id ?? (await sources.add({ key }));
    await this.readSources();
    return id;
  }

  async readSources(): Promise<void> {
    this.#memory = { ...this.#memory, sources: await this.database.sources.toArray() };
  }

  /**
   * Stores a batch: rows, new words, the origin's counts and what comes along, all or nothing. Of a batch of more
   * than a segment's rows, with an id twice, or with rows in very many segments it stores a part; what comes along is
   * written with the last.
   * @throws AppFailure when it could not be stored; memory is as the database then
   */
  async ingest(from: From, batch: EncodedBatch, also?: AlsoWrite): Promise<Ingested> {
    if (batch.rows > SEGMENT_ROWS) {
      const rows = Array.from({ length: batch.rows }, (_, row) => row);
      return this.#ingestHead(from, batch, [rows.slice(0, SEGMENT_ROWS), rows.slice(SEGMENT_ROWS)]);
    }
    const index = await this.#ids();
    const candidates = findCandidates(batch.ids, index);
    if (candidates.positions.length > MOST_TOUCHED) {
      const parts = splitByPlace(candidates, batch.rows, MOST_TOUCHED);
      if (parts.every((part) => part.length > 0)) return this.#ingestHead(from, batch, parts);
    }
    await this.#breathe();
    await this.load(pick(this.segments, candidates.positions), ['generation_id']);
    const plan = planIngest(batch.ids, candidates, (position) => idsOf(this.segments[position] as Segment));
    await this.#loadForMerge(batch, plan, from.source);
    const touched = new Set([...runsOf(plan.addresses)].map(({ position }) => position));
    const segments = this.segments.map((segment, position) =>
      touched.has(position) || position === this.segments.length - 1 ? held(segment) : segment,
    );

    const left = Array.from(plan.again);
    const words = wordCounts(this.#memory.dictionaries);
    return this.#change(async () => {
      const { dictionary, sourceSets } = this.snapshot(0);
      const target = {
        segments,
        dictionary,
        sources: sourceSets,
        edition: ++this.#edition,
        nextId: this.#nextId,
      };
      const change = await this.#inSteps(applyIngest(target, batch, plan, from.source));
      const counts = countsOf(batch, plan, change);
      await this.#commit(from, batch, change, counts, words, left.length > 0 ? undefined : also);
      this.#show(change, plan, index);
      return { counts, left };
    });
  }

  async #inSteps<T>(steps: Generator<void, T>): Promise<T> {
    let step = steps.next();
    for (; !step.done; step = steps.next()) {
      const rest = this.#breathe();
      if (rest) await rest;
    }
    return step.value;
  }

  /** Stores of a batch only what is in its head. */
  async #ingestHead(
    from: From,
    batch: EncodedBatch,
    [head, tail]: readonly [readonly number[], readonly number[]],
  ): Promise<Ingested> {
    const first = { ...pickRows(batch, head), rejections: batch.rejections };
    const { counts, left } = await this.ingest(from, first);
    return { counts, left: [...left.map((row) => head[row] as number), ...tail] };
  }

  async #loadForMerge(batch: EncodedBatch, plan: IngestPlan, source: number): Promise<void> {
    const { segments } = this;
    const runs = [...runsOf(plan.addresses)];
    await this.load(
      runs.map(({ position }) => segments[position] as Segment),
      ['sources'],
    );
    const { sourceSets } = this.snapshot(0);
    const wants = runs.flatMap(({ position, from, to }) => {
      const segment = segments[position] as Segment;
      const joins = joinsRows(segment, plan.addresses.subarray(from, to).map(rowOf), sourceSets, source);
      return keysToMerge(segment.info, batch, joins).map((key) => ({ segment, key }));
    });
    const last = segments.at(-1);
    if (isFilledUp(last, plan.fresh.length))
      for (const key of last.info.columns) wants.push({ segment: last, key });
    await this.#load(wants);
  }

  /** Takes a source out of every row, and the rows that have no other with it. Returns how many went. */
  async removeSource(source: number, also: AlsoWrite): Promise<number> {
    const { segments } = this;
    await this.load(segments, ['sources']);
    const { sourceSets } = this.snapshot(0);
    const affected = affectedBy(segments, sourceSets, source);
    const forgotten = this.#memory.aside.filter(
      ({ aside }) => aside?.sources?.length === 1 && aside.sources[0] === source,
    );
    return this.#remove(
      affected,
      (segment, edition) => removeSource(segment, sourceSets, source, edition),
      async (database) => {
        for (const info of forgotten) await deleteSegment(this.database, info.id);
        await also(database);
      },
      forgotten,
    );
  }

  /** Removes the rows of a filter. Returns how many went. */
  async removeGenerations(filter: Filter, also: AlsoWrite): Promise<number> {
    const { segments } = this;
    const snapshot = this.snapshot(0);
    const compiled = compileFilter(filter, snapshot);
    const { from, to } = rangeOf(filter);
    // Nobody knows whether they hold such rows: they must not bring them back.
    const givenUp = this.#memory.aside.filter(
      (info) => info.aside?.unread && info.to >= from && info.from < to,
    );
    const selected = new Map<number, Uint8Array | null>();
    for (const segment of compiled.segments) {
      await this.load([segment], compiled.columns);
      const { count, rows } = compiled.select(segment);
      if (count === 0) continue;
      const marks = rows && new Uint8Array(segment.info.rows);
      if (marks && rows) for (let i = 0; i < count; i++) marks[rows[i] as number] = 1;
      selected.set(segments.indexOf(segment), marks);
    }
    const rows = await this.#remove(
      [...selected.keys()],
      (segment, edition) => {
        const position = segments.findIndex(({ info }) => info.id === segment.info.id);
        return removeRows(segment, selected.get(position) ?? null, snapshot.sourceSets, edition);
      },
      async (database) => {
        await database.segments.bulkPut(givenUp.map(forGood));
        await also(database);
      },
    );
    const aside = this.#memory.aside.map((info) => (givenUp.includes(info) ? forGood(info) : info));
    this.#memory = { ...this.#memory, aside };
    return rows;
  }

  /** One transaction; only one segment's columns are in memory at a time. */
  async #remove(
    positions: readonly number[],
    remove: (segment: Segment, edition: number) => Removal,
    also: AlsoWrite,
    forgotten: readonly SegmentInfo[] = [],
  ): Promise<number> {
    const { segments } = this;
    const words = wordCounts(this.#memory.dictionaries);
    const changed = new Map<number, Segment | null>();
    let rows = 0;
    await this.#change(async () => {
      const edition = ++this.#edition;
      await this.#write(async () => {
        for (const position of positions) {
          const segment = segments[position] as Segment;
          const removal = remove(await this.#whole(segment), edition);
          rows += removal.rows;
          if (removal.changed) await writeSegment(this.database, removal.changed);
          else if (removal.rows > 0) await deleteSegment(this.database, segment.info.id);
          else continue;
          changed.set(position, removal.changed && onDisk(removal.changed.segment));
        }
        await writeWords(this.database, this.#memory.dictionaries, words);
        await also(this.database);
      });
      const left = segments.flatMap(
        (segment, position) => changed.get(position) ?? (changed.has(position) ? [] : [segment]),
      );
      this.#replace(
        left,
        this.#memory.aside.filter((info) => !forgotten.includes(info)),
      );
      await this.readSources();
    });
    return rows;
  }

  /** Whether joining segments would spare many of them. */
  get isScattered(): boolean {
    const spared = runsToJoin(this.segments).reduce((sum, { from, to }) => sum + to - from - 1, 0);
    return spared > MOST_SCATTERED && spared > this.segments.length / 4;
  }

  /** Puts small segments together, a full one in each transaction, and drops the words that no row has any more. */
  async compact(): Promise<void> {
    for (const { from, to } of runsToJoin(this.segments).reverse()) await this.#join(from, to);
    for (const key of [...this.#memory.dictionaries.keys()]) await this.#dropWords(key);
  }

  async #join(from: number, to: number): Promise<void> {
    const { segments } = this;
    const parts = segments.slice(from, to);
    await this.#change(async () => {
      let joined: Segment | null = null;
      await this.#write(async () => {
        const whole: Segment[] = [];
        for (const part of parts) whole.push(await this.#whole(part));
        const change = joinSegments(whole, this.snapshot(0).sourceSets, ++this.#edition);
        for (const { info } of parts.slice(1)) await deleteSegment(this.database, info.id);
        await writeSegment(this.database, change);
        joined = onDisk(change.segment);
      });
      if (joined) this.#replace([...segments.slice(0, from), joined, ...segments.slice(to)]);
    });
  }

  /** Drops the words of a dictionary that no row has, and gives the others new codes where there are such. */
  async #dropWords(dictionary: CodedKey): Promise<void> {
    const { segments } = this;
    const before = this.#dictionary(dictionary);
    if (before.size === 0) return;
    // What may come back has the codes of before, of words that nothing else may have.
    const isAwaited = this.#memory.aside.some(
      ({ aside, columns }) => aside?.unread && columns.some((key) => codedKeyOf(key) === dictionary),
    );
    if (isAwaited) return;
    const wants = segments.flatMap((segment) =>
      segment.info.columns.flatMap((key) => (codedKeyOf(key) === dictionary ? [{ segment, key }] : [])),
    );
    const used = new Uint8Array(before.size + 1);
    for (const { segment, key } of wants) {
      await this.load([segment], [key]);
      wordsInUse(vectorAs(segment, key, 'text')?.codes ?? [], used);
    }
    const recoded: Recoded | null = recode(before, used);
    if (!recoded) return;
    await this.#change(async () => {
      const edition = ++this.#edition;
      const infos = new Map<number, SegmentInfo>();
      await this.#write(async () => {
        for (const { segment, key } of wants) {
          const { codes } = vectorAs(await this.#whole(segment, [key]), key, 'text') ?? { codes: [] };
          const { vector, highest } = recoded.translate(codes);
          const info = infos.get(segment.info.id) ?? segment.info;
          const next = {
            ...info,
            editions: { ...info.editions, [key]: edition },
            codes: { ...info.codes, [key]: highest },
          };
          infos.set(info.id, next);
          await this.database.columns.put(recordOf(next, key, vector));
          await this.database.segments.put(next);
        }
        await replaceWords(this.database, dictionary, recoded.words);
      });
      // Who still reads an older state goes on with its codes and their words.
      const dictionaries = new Map(this.#memory.dictionaries);
      dictionaries.set(dictionary, new Dictionary(recoded.words));
      const next = segments.map((segment) => {
        const info = infos.get(segment.info.id);
        if (!info) return segment;
        // Its columns are read again when they are asked for.
        return { info, vectors: new Map() };
      });
      this.#memory = { ...this.#memory, dictionaries };
      this.#replace(next, undefined, true);
    });
  }

  /**
   * Leaves segments out that cannot be read whole. What connections brought of their time is to be pulled again.
   * Those that are left out already, to be read again, stay so for good where more than the reading is wrong.
   * A disk that cannot be written to does not keep the rest from being seen.
   */
  async setAside(damage: readonly Damage[]): Promise<readonly TimeRange[]> {
    const columns = new Map<number, Set<StoredKey>>();
    const damaged = new Set<number>();
    for (const { segment, columns: some, unread } of damage) {
      if (!unread) damaged.add(segment);
      const all = columns.get(segment) ?? new Set<StoredKey>();
      for (const key of some) all.add(key);
      columns.set(segment, all);
    }
    const left = this.segments.filter(({ info }) => !columns.has(info.id));
    const aside: SegmentInfo[] = [];
    for (const { info } of this.segments) {
      const keys = columns.get(info.id);
      if (!keys) continue;
      const why = await asideOf(info, [...keys], left, this.snapshot(0), this.database);
      aside.push({ ...info, aside: { ...why, unread: !damaged.has(info.id) } });
    }
    const before = this.#memory.aside;
    const known = before.map((info) => (info.aside?.unread && damaged.has(info.id) ? forGood(info) : info));
    const spans = aside.map(({ from, to }) =>
      from <= to ? { from, to: to + 1 } : { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY },
    );
    try {
      await this.#write(async () => {
        await this.database.segments.bulkPut([...known.filter((info) => !before.includes(info)), ...aside]);
        for (const [i, info] of aside.entries()) {
          await cutCheckpoints(this.database, [spans[i] as TimeRange], connectionsOf(info, this.sources));
        }
      });
    } catch {
      // It is found again the next time.
      this.#isBehind = true;
    }
    this.#replace(left, [...known, ...aside]);
    return spans;
  }

  /** The numbers of what was set aside because reading it failed, and may come back. */
  get awaited(): readonly number[] {
    return this.#memory.aside.flatMap(({ id, aside }) => (aside?.unread ? [id] : []));
  }

  /**
   * Takes back what was set aside because reading it failed, where it can be read whole by now: without the rows
   * that have come again meanwhile, and without what sources said that are gone. Where less was said of those that
   * came again, it goes on waiting for the rest, or that would be lost unnoticed.
   */
  async bringBack(id: number): Promise<void> {
    const info = this.#memory.aside.find((one) => one.id === id && one.aside?.unread);
    if (!info) return;
    const { aside: _, ...whole } = info;
    let before: Segment;
    try {
      const read = (wants: readonly Want[]) => readSoon(this.database, wants);
      before = await this.#whole({ info: whole, vectors: new Map() }, whole.columns, read);
    } catch (thrown) {
      if (!(thrown instanceof ReadAgain)) throw thrown;
      if (thrown.damage.some(({ unread }) => !unread)) await this.setAside(thrown.damage);
      return;
    }
    const addresses = await this.addressesOf(idsOf(before));
    if (!(await this.#isSaidAgain(before, addresses))) return;
    const words = wordCounts(this.#memory.dictionaries);
    await this.#change(async () => {
      const edition = ++this.#edition;
      const { sourceSets } = this.snapshot(0);
      const codes = new Set(vectorAs(before, 'sources', 'text')?.codes);
      const sources = new Set([...codes].flatMap((code) => sourceSets.members(code)));
      for (const { id: there } of this.sources) sources.delete(there);
      const cameAgain = Uint8Array.from(addresses, (address) => (address < 0 ? 0 : 1));
      let back = leftOf(before, removeRows(before, cameAgain, sourceSets, edition));
      for (const source of sources)
        back = back && leftOf(back, removeSource(back, sourceSets, source, edition));
      await this.#write(async () => {
        if (back === before) await this.database.segments.put(whole);
        else await deleteSegment(this.database, id);
        if (back && back !== before)
          await writeSegment(this.database, { segment: back, written: back.info.columns, dropped: [] });
        await writeWords(this.database, this.#memory.dictionaries, words);
      });
      const { segments } = this;
      const aside = this.#memory.aside.filter((one) => one !== info);
      if (back) this.#index?.add(hashIds(idsOf(back)), addressOf(segments.length, 0));
      this.#replace(back ? [...segments, onDisk(back)] : segments, aside, true);
    });
  }

  /**
   * Whether all that had rows of a segment have them where they are stored now: the same connections, and a file where
   * a file had them.
   * @param addresses of each row, or −1
   */
  async #isSaidAgain(segment: Segment, addresses: Float64Array): Promise<boolean> {
    const { segments, sources } = this;
    const positions = new Set(
      Array.from(
        addresses.filter((address) => address >= 0),
        segmentOf,
      ),
    );
    await this.load(pick(segments, [...positions]), ['sources']);
    const { sourceSets } = this.snapshot(0);
    // A file that is imported again is another source: any of them will do.
    const keyOf = new Map(sources.map((source) => [source.id, connectionOf(source) ?? '']));
    const toldBy = (of: Segment, row: number): (string | undefined)[] => {
      const code = vectorAs(of, 'sources', 'text')?.codes[row] ?? UNKNOWN_CODE;
      return sourceSets.members(code).map((source) => keyOf.get(source));
    };
    return addresses.every((address, row) => {
      if (address < 0) return true;
      const again = toldBy(segments[segmentOf(address)] as Segment, rowOf(address));
      // Those that are gone are undefined, and need not say anything.
      return toldBy(segment, row).every((key) => key === undefined || again.includes(key));
    });
  }

  /** Lets go of what was set aside and has come again. */
  async heal(): Promise<void> {
    for (const info of this.#memory.aside) if (await cameAgain(info, this)) await this.#discard(info);
  }

  async #discard(info: SegmentInfo): Promise<void> {
    await this.#change(async () => {
      await this.#write(() => deleteSegment(this.database, info.id));
      this.#memory = { ...this.#memory, aside: this.#memory.aside.filter((one) => one !== info) };
    });
  }

  get #nextId(): number {
    const { segments, aside } = this.#memory;
    return Math.max(-1, ...segments.map(({ info }) => info.id), ...aside.map(({ id }) => id)) + 1;
  }

  /** All or nothing, and without what was answered before. */
  #write(work: () => Promise<unknown>): Promise<void> {
    const { database } = this;
    this.#first = null;
    return database.transaction('rw', database.tables, async () => {
      await database.answers.clear();
      await work();
    });
  }

  /** Runs a change; when it fails, memory becomes what is stored. */
  async #change<T>(change: () => Promise<T>): Promise<T> {
    this.#isWriting = true;
    try {
      return await change();
    } catch (thrown) {
      await this.#readAgain();
      throw thrown instanceof ReadAgain ? thrown : storageFailure(thrown, await hasRoom());
    } finally {
      this.#isWriting = false;
    }
  }

  /** A segment with columns (all that are stored, unless told), apart from those in memory. */
  async #whole(
    segment: Segment,
    keys = segment.info.columns,
    readMissing = (wants: readonly Want[]) => readColumns(this.database, wants),
  ): Promise<Segment> {
    const vectors = new Map(keys.map((key) => [key, segment.vectors.get(key)] as const));
    const missing = keys.filter((key) => !vectors.get(key)).map((key) => ({ segment, key }));
    const read = await readMissing(missing);
    const damage: Damage[] = [];
    missing.forEach((want, i) => {
      const { key } = want;
      const coded = codedKeyOf(key);
      const words = coded === null ? undefined : this.#dictionary(coded).size;
      const record = read[i]?.record;
      if (record && judge(segment.info, key, record, words) === 'good') vectors.set(key, record.vector);
      else damage.push(damageOf(want, read[i]));
    });
    if (damage.length > 0) throw new ReadAgain(damage);
    return { info: segment.info, vectors: vectors as Segment['vectors'] };
  }

  async #commit(
    { origin }: From,
    batch: EncodedBatch,
    change: Change,
    counts: IngestCounts,
    words: WordCounts,
    also: AlsoWrite | undefined,
  ): Promise<void> {
    const { database } = this;
    const write = async () => {
      for (const changed of change.segments.values()) await writeSegment(database, changed);
      await writeWords(this.database, this.#memory.dictionaries, words);
      if (origin !== null) await countUnder(database, origin, counts, batch.rejections);
      await also?.(database);
    };
    // A sync that brings nothing new changes no answer.
    if (change.segments.size > 0) await this.#write(write);
    else await database.transaction('rw', database.tables, write);
  }

  /** Makes a committed batch visible. */
  #show(change: Change, plan: IngestPlan, index: AddressIndex): void {
    const segments = [...this.segments];
    for (const [position, { segment }] of change.segments) {
      const before = segments[position];
      if (before) this.#budget.retire(before);
      segments[position] = segment;
      for (const key of segment.vectors.keys()) this.#budget.use(segment, key);
    }
    this.#memory = { ...this.#memory, segments };
    for (const { first, rows } of change.appended) index.add(plan.hashes, first, rows);
    this.#shown();
  }

  /** Shows other segments. @param sameRows whether every row stands where it stood */
  #replace(segments: readonly Segment[], aside = this.#memory.aside, sameRows = false): void {
    const now = new Set(segments);
    for (const segment of this.segments) if (!now.has(segment)) this.#budget.retire(segment);
    this.#memory = { ...this.#memory, segments, aside };
    if (!sameRows) this.#index = null;
    this.#shown();
  }

  /** After a failure: memory becomes what is stored, at once, so that no query sees a half of it. */
  async #readAgain(): Promise<void> {
    const aside = new Set(this.#memory.aside.map(({ id }) => id));
    const { memory } = await readMemory(this.database);
    // What could not be marked as set aside stays so all the same.
    const [kept, left] = [memory.segments.filter(({ info }) => !aside.has(info.id)), this.#memory.aside];
    const known = new Set(left.map(({ id }) => id));
    const stored = memory.aside.filter(({ id }) => !known.has(id));
    this.#memory = { ...memory, segments: kept, aside: [...left, ...stored] };
    this.#index = null;
    this.#shown();
  }
}

/** So many segments too many are no matter. */
const MOST_SCATTERED = 16;

const damageOf = ({ segment, key }: Want, read: ReadColumn | undefined): Damage => ({
  segment: segment.info.id,
  columns: [key],
  unread: read?.failed === true,
});

/** What was set aside, and does not come back by being read again. */
const forGood = (info: SegmentInfo): SegmentInfo =>
  info.aside ? { ...info, aside: { ...info.aside, unread: false } } : info;

/** What a removal leaves of a segment; null: nothing. */
const leftOf = (segment: Segment, { changed, rows }: Removal): Segment | null =>
  changed ? changed.segment : rows > 0 ? null : segment;

const onDisk = ({ info }: Segment): Segment => ({ info, vectors: new Map() });

export const rowsOf = (segments: readonly Segment[]): number =>
  segments.reduce((sum, { info }) => sum + info.rows, 0);

const pick = (segments: readonly Segment[], positions: readonly number[]): Segment[] =>
  positions.map((position) => segments[position] as Segment);

function countsOf(batch: EncodedBatch, plan: IngestPlan, change: Change): IngestCounts {
  return {
    rows: plan.matched.length + plan.fresh.length + batch.rejections.length,
    new: plan.fresh.length,
    known: plan.matched.length - change.merged,
    merged: change.merged,
    rejected: batch.rejections.length,
  };
}

function idsOf(segment: Segment) {
  const ids = vectorAs(segment, 'generation_id', 'id');
  if (!ids) throw new Error('a segment has no ids');
  return ids;
}
