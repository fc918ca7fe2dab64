/** What is read of a database when it is opened: everything but the columns. */
import { codedKeyOf, type Damage, findDamage } from './damage.ts';
import type { CodedKey, Database, DictionaryRecord } from './database.ts';
import { Dictionary } from './dictionary.ts';
import { describe } from './draft.ts';
import { readColumns, readSoon } from './read.ts';
import type { Segment, SegmentInfo, StoredKey } from './segment.ts';
import type { SourceRecord } from './sources.ts';

export interface Memory {
  readonly segments: readonly Segment[];
  /** What was set aside: in no answer. */
  readonly aside: readonly SegmentInfo[];
  /** Append-only: a code keeps its word, whatever is added. Words are dropped by another map with other dictionaries. */
  readonly dictionaries: Map<CodedKey, Dictionary>;
  readonly sources: readonly SourceRecord[];
}

/** Reads it, and looks for what is missing: by keys only, as long as no words are. */
export async function readMemory(database: Database): Promise<{ memory: Memory; damage: readonly Damage[] }> {
  // All at once: each alone is mostly waiting.
  const [infos, records, stored, sources] = await Promise.all([
    database.segments.orderBy('id').toArray(),
    database.dictionaries.orderBy(':id').toArray(),
    database.columns.toCollection().primaryKeys() as Promise<[number, StoredKey][]>,
    database.sources.toArray(),
  ]);
  const lists = new Map<CodedKey, WordList>();
  for (const record of records) {
    const list = lists.get(record.column) ?? new WordList();
    lists.set(record.column, list);
    list.add(record);
  }
  const dictionaries = new Map([...lists].map(([key, { words }]) => [key, new Dictionary(words)]));
  const orphans = await describeOrphans(database, infos, stored);
  const segments = [...infos, ...orphans]
    .filter(({ aside }) => !aside)
    .map((info): Segment => ({ info, vectors: new Map() }));
  const memory = {
    segments,
    aside: infos.filter(({ aside }) => aside),
    sources,
    dictionaries,
  };
  // What may come back must not have lost anything either.
  const awaited = infos.filter(({ aside }) => aside?.unread).map((info) => ({ info, vectors: new Map() }));
  const judged: readonly Segment[] = [...segments, ...awaited];
  const missing = findDamage(
    judged.map(({ info }) => info),
    stored,
    (key) => dictionaryOf(dictionaries, key),
  );
  const lost = orphans.map(({ id }) => ({ segment: id, columns: [] }));
  return { memory, damage: [...lost, ...missing, ...(await findLostWords(database, judged, lists))] };
}

export function dictionaryOf(dictionaries: Memory['dictionaries'], key: CodedKey): Dictionary {
  let dictionary = dictionaries.get(key);
  if (!dictionary) {
    dictionary = new Dictionary();
    dictionaries.set(key, dictionary);
  }
  return dictionary;
}

/** The words of a dictionary, and the codes of those whose record is gone. */
class WordList {
  readonly words: string[] = [];
  readonly lost = new Set<number>();

  add({ start, words }: DictionaryRecord): void {
    while (this.words.length < start) {
      const code = this.words.length + 1;
      this.lost.add(code);
      // Nothing that is stored has it: it keeps the codes of the words behind it.
      this.words.push(`\0lost ${code}`);
    }
    for (const word of words) this.words.push(word);
  }
}

/** The segments that have lost words: their columns have to be read. */
async function findLostWords(
  database: Database,
  segments: readonly Segment[],
  lists: ReadonlyMap<CodedKey, WordList>,
): Promise<Damage[]> {
  const damage: Damage[] = [];
  for (const segment of segments) {
    for (const key of segment.info.columns) {
      const coded = codedKeyOf(key);
      const lost = coded && lists.get(coded)?.lost;
      if (!lost || lost.size === 0) continue;
      const [read] = await readSoon(database, [{ segment, key }]);
      const vector = read?.record?.vector;
      const isLost = vector?.kind === 'text' && vector.codes.some((code) => lost.has(code));
      // What cannot be read may have them, too.
      if (isLost || read?.failed) damage.push({ segment: segment.info.id, columns: [key] });
    }
  }
  return damage;
}

/** Segments of which only columns are left, as far as those tell what they were. They cannot be read: see `Damage`. */
async function describeOrphans(
  database: Database,
  infos: readonly SegmentInfo[],
  stored: readonly (readonly [number, StoredKey])[],
): Promise<SegmentInfo[]> {
  const known = new Set(infos.map(({ id }) => id));
  const ids = new Set(stored.map(([id]) => id).filter((id) => !known.has(id)));
  const orphans: SegmentInfo[] = [];
  for (const id of ids) {
    const columns = stored.flatMap(([segment, key]) => (segment === id ? [key] : []));
    const bare = { id, rows: 0, from: Number.NaN, to: Number.NaN, columns, magnitudes: {} };
    const segment: Segment = { info: bare, vectors: new Map() };
    const keys = ['created_at', 'generation_id', 'sources'] as const;
    const read = await readColumns(
      database,
      keys.map((key) => ({ segment, key })),
    );
    const records = read.flatMap(({ record }) => record ?? []);
    const rows = Math.max(0, ...records.map((record) => record.rows ?? 0));
    const editions = Object.fromEntries(records.map(({ column, edition }) => [column, edition ?? 0]));
    const times = records.find(({ column }) => column === 'created_at')?.vector;
    const span = describe(id, rows, new Map([['created_at', times ?? null]]), ['created_at'], 0);
    orphans.push({ ...bare, rows, editions, from: span.from, to: span.to });
  }
  return orphans;
}
