/**
 * One database that is open, and what of it is in memory: the list of segments, the dictionaries, and the columns
 * that were asked for. A change is computed aside, committed in one transaction, and only then shown; whatever
 * fails on the way leaves memory as the database is.
 */
import { Dexie } from 'dexie';
import { COLUMN_KEYS, type TextKey } from '../../shared/columns.ts';
import { addCounts, type IngestCounts } from '../../shared/sync.ts';
import type { Dataset, Origin } from './api.ts';
import { type ColumnRecord, Database } from './database.ts';
import { Dictionary } from './dictionary.ts';
import { type EncodedBatch, pickRows } from './encode.ts';
import { addressOf, IdIndex, SEGMENT_ROWS, segmentOf } from './id-index.ts';
import { applyIngest, type Change, type IngestPlan, planIngest } from './ingest.ts';
import type { Snapshot } from './query/snapshot.ts';
import { affectedBy, removeSource } from './remove.ts';
import { type Segment, type StoredKey, vectorAs } from './segment.ts';
import { type SourceRecord, SourceSets } from './sources.ts';
import { damaged, datasetClosed, notOpened, storageFailure } from './storage-errors.ts';

const STORED_KEYS: readonly StoredKey[] = [...COLUMN_KEYS, 'sources'];

/** What a batch is counted under (null: nothing), and the source that its rows carry. */
export interface From {
  readonly origin: number | null;
  readonly source: number;
}

/** What is to be written in the same transaction as a batch. */
export type AlsoWrite = (database: Database) => Promise<unknown>;

interface Memory {
  readonly segments: readonly Segment[];
  /** Append-only: a code keeps its word, whatever is added. */
  readonly dictionaries: Map<TextKey | 'sources', Dictionary>;
  readonly sources: readonly SourceRecord[];
}

export class Opened {
  readonly dataset: Dataset;
  readonly database: Database;
  #memory: Memory;
  /** Made when ids are first looked for; null after rows were moved. */
  #ids: IdIndex | null = null;

  private constructor(dataset: Dataset, database: Database, memory: Memory) {
    this.dataset = dataset;
    this.database = database;
    this.#memory = memory;
  }

  /** @throws AppFailure `storage-broken`, with nothing left open */
  static async open(dataset: Dataset): Promise<Opened> {
    const database = new Database(dataset);
    try {
      await database.open();
      return new Opened(dataset, database, await readMemory(database));
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
   * Reads columns into memory that are not there yet. A column that was rewritten since by two changes in a row
   * could be read too late for an old segment: long readers load what they need at their beginning.
   */
  async load(segments: readonly Segment[], keys: Iterable<StoredKey>): Promise<void> {
    const missing: { segment: Segment; key: StoredKey }[] = [];
    for (const key of new Set(keys)) {
      for (const segment of segments) {
        if (segment.vectors.has(key)) continue;
        if (segment.info.columns.includes(key)) missing.push({ segment, key });
        else segment.vectors.set(key, null);
      }
    }
    if (missing.length === 0) return;
    const records = await this.database.columns.bulkGet(
      missing.map(({ segment, key }) => [segment.info.id, key]),
    );
    missing.forEach(({ segment, key }, i) => {
      const record = records[i];
      if (!record) throw damaged(key, segment.info.rows);
      segment.vectors.set(key, record.vector);
    });
  }

  /** Where every id stands. */
  async ids(): Promise<IdIndex> {
    if (this.#ids) return this.#ids;
    const { segments } = this;
    await this.load(segments, ['generation_id']);
    const rows = segments.reduce((sum, segment) => sum + segment.info.rows, 0);
    const index = new IdIndex((position) => idsOf(this.segments[position] as Segment), rows);
    segments.forEach((segment, position) => {
      const ids = idsOf(segment);
      for (let row = 0; row < segment.info.rows; row++) index.add(ids, row, addressOf(position, row));
    });
    this.#ids = index;
    return index;
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
   * Stores a batch: rows, new words, the origin's counts and what comes along, all or nothing. A batch of more
   * than a segment's rows, or with an id twice, is stored in parts; what comes along is written with the last.
   * @throws AppFailure when it could not be stored; memory is as the database then
   */
  async ingest(from: From, batch: EncodedBatch, also?: AlsoWrite): Promise<IngestCounts> {
    if (batch.rows > SEGMENT_ROWS) {
      const [head, tail] = split(batch, SEGMENT_ROWS);
      return addCounts(await this.ingest(from, head), await this.ingest(from, tail, also));
    }
    const ids = await this.ids();
    const plan = planIngest(batch, ids);
    const { segments } = this;
    const touched = [...new Set(plan.matches.map(({ address }) => segmentOf(address)))];
    await this.load(pick(segments, touched), [...(Object.keys(batch.columns) as StoredKey[]), 'sources']);
    const last = segments.at(-1);
    if (last && plan.fresh.length > 0) await this.load([last], STORED_KEYS);

    const again = plan.again.length > 0 ? pickRows(batch, plan.again) : null;
    let counts: IngestCounts;
    try {
      const words = sizesOf(this.#memory.dictionaries);
      const { dictionary, sourceSets } = this.snapshot(0);
      const change = applyIngest(segments, dictionary, sourceSets, batch, plan, from.source);
      counts = countsOf(batch, plan, change);
      await this.#commit(from, batch, change, counts, words, again ? undefined : also);
      this.#show(change, plan.fresh, batch, ids);
    } catch (thrown) {
      await this.#readAgain();
      throw storageFailure(thrown);
    }
    return again ? addCounts(counts, await this.ingest(from, again, also)) : counts;
  }

  /** Takes a source out of every row, and the rows that have no other with it. Returns how many went. */
  async removeSource(source: number, also: AlsoWrite): Promise<number> {
    const { segments } = this;
    await this.load(segments, ['sources']);
    const { sourceSets } = this.snapshot(0);
    const affected = affectedBy(segments, sourceSets, source);
    await this.load(pick(segments, affected), STORED_KEYS);
    try {
      const words = sizesOf(this.#memory.dictionaries);
      const removal = removeSource(segments, affected, sourceSets, source);
      await this.database.transaction('rw', this.database.tables, async () => {
        for (const [position, segment] of removal.segments) {
          const { id } = (segments[position] as Segment).info;
          await this.database.columns
            .where('[segment+column]')
            .between([id, Dexie.minKey], [id, Dexie.maxKey])
            .delete();
          if (segment) await this.#write(segment, segment.info.columns);
          else await this.database.segments.delete(id);
        }
        await this.#writeWords(words);
        await also(this.database);
      });
      const left = segments.flatMap(
        (segment, position) =>
          removal.segments.get(position) ?? (removal.segments.has(position) ? [] : [segment]),
      );
      this.#memory = { ...this.#memory, segments: left };
      // Addresses have moved.
      this.#ids = null;
      await this.readSources();
      return removal.rows;
    } catch (thrown) {
      await this.#readAgain();
      throw storageFailure(thrown);
    }
  }

  async #commit(
    { origin }: From,
    batch: EncodedBatch,
    change: Change,
    counts: IngestCounts,
    words: ReadonlyMap<TextKey | 'sources', number>,
    also: AlsoWrite | undefined,
  ): Promise<void> {
    const { database } = this;
    await database.transaction('rw', database.tables, async () => {
      for (const { segment, written } of change.segments.values()) await this.#write(segment, written);
      await this.#writeWords(words);
      if (origin !== null) {
        const { counts: before } = await this.origin(origin);
        await database.origins.update(origin, { counts: addCounts(before, counts) });
        if (batch.rejections.length > 0) {
          await database.rejections.put({ origin, start: before.rejected, list: batch.rejections });
        }
      }
      await also?.(database);
    });
  }

  async #write(segment: Segment, keys: readonly StoredKey[]): Promise<void> {
    await this.database.segments.put(segment.info);
    const records = keys.map((key): ColumnRecord => {
      const vector = segment.vectors.get(key);
      if (!vector) throw new Error(`column ${key} was to be written and is not there`);
      return { segment: segment.info.id, column: key, vector };
    });
    await this.database.columns.bulkPut(records);
  }

  /** Writes the words that were added since the dictionaries had these sizes. */
  async #writeWords(sizes: ReadonlyMap<TextKey | 'sources', number>): Promise<void> {
    for (const [column, dictionary] of this.#memory.dictionaries) {
      const start = sizes.get(column) ?? 0;
      if (dictionary.size === start) continue;
      await this.database.dictionaries.put({ column, start, words: dictionary.since(start) });
    }
  }

  /** Makes a committed change visible. */
  #show(change: Change, fresh: readonly number[], batch: EncodedBatch, ids: IdIndex): void {
    const before = this.segments;
    const segments = [...before];
    for (const [position, { segment }] of change.segments) segments[position] = segment;
    this.#memory = { ...this.#memory, segments };
    let next = 0;
    for (const [position, { segment }] of [...change.segments].sort(([a], [b]) => a - b)) {
      for (let row = before[position]?.info.rows ?? 0; row < segment.info.rows; row++) {
        ids.add(batch.ids, fresh[next++] as number, addressOf(position, row));
      }
    }
  }

  /** After a failure: memory becomes what is stored, at once, so that no query sees a half of it. */
  async #readAgain(): Promise<void> {
    this.#memory = await readMemory(this.database);
    this.#ids = null;
  }
}

async function readMemory(database: Database): Promise<Memory> {
  const infos = await database.segments.orderBy('id').toArray();
  const sources = await database.sources.toArray();
  const words = new Map<TextKey | 'sources', string[]>();
  await database.dictionaries.orderBy(':id').each((record) => {
    const list = words.get(record.column) ?? [];
    for (const word of record.words) list.push(word);
    words.set(record.column, list);
  });
  return {
    segments: infos.map((info) => ({ info, vectors: new Map() })),
    sources,
    dictionaries: new Map([...words].map(([key, list]) => [key, new Dictionary(list)])),
  };
}

function dictionaryOf(dictionaries: Memory['dictionaries'], key: TextKey | 'sources'): Dictionary {
  let dictionary = dictionaries.get(key);
  if (!dictionary) {
    dictionary = new Dictionary();
    dictionaries.set(key, dictionary);
  }
  return dictionary;
}

const sizesOf = (dictionaries: Memory['dictionaries']): ReadonlyMap<TextKey | 'sources', number> =>
  new Map([...dictionaries].map(([key, dictionary]) => [key, dictionary.size]));

const pick = (segments: readonly Segment[], positions: readonly number[]): Segment[] =>
  positions.map((position) => segments[position] as Segment);

function countsOf(batch: EncodedBatch, plan: IngestPlan, change: Change): IngestCounts {
  return {
    rows: plan.matches.length + plan.fresh.length + batch.rejections.length,
    new: plan.fresh.length,
    known: plan.matches.length - change.merged,
    merged: change.merged,
    rejected: batch.rejections.length,
  };
}

function split(batch: EncodedBatch, at: number): [head: EncodedBatch, tail: EncodedBatch] {
  const rows = Array.from({ length: batch.rows }, (_, row) => row);
  return [
    { ...pickRows(batch, rows.slice(0, at)), rejections: batch.rejections },
    pickRows(batch, rows.slice(at)),
  ];
}

function idsOf(segment: Segment) {
  const ids = vectorAs(segment, 'generation_id', 'id');
  if (!ids) throw new Error('a segment has no ids');
  return ids;
}
