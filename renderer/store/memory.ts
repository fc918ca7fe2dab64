/** What is read of a database when it is opened: everything but the columns. */
import { codedKeyOf, type Damage, findDamage } from './damage.ts';
import type { CodedKey, Database, DictionaryRecord } from './database.ts';
import { Dictionary } from './dictionary.ts';
import { readColumns } from './read.ts';
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
  const infos = await database.segments.orderBy('id').toArray();
  const lists = new Map<CodedKey, WordList>();
  await database.dictionaries.orderBy(':id').each((record) => {
    const list = lists.get(record.column) ?? new WordList();
    lists.set(record.column, list);
    list.add(record);
  });
  const dictionaries = new Map([...lists].map(([key, { words }]) => [key, new Dictionary(words)]));
  const segments = infos.filter(({ aside }) => !aside).map((info): Segment => ({ info, vectors: new Map() }));
  const memory = {
    segments,
    aside: infos.filter(({ aside }) => aside),
    sources: await database.sources.toArray(),
    dictionaries,
  };
  const stored = (await database.columns.toCollection().primaryKeys()) as [number, StoredKey][];
  const missing = findDamage(
    segments.map(({ info }) => info),
    stored,
    (key) => dictionaryOf(dictionaries, key),
  );
  return { memory, damage: [...missing, ...(await findLostWords(database, segments, lists))] };
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
      const [read] = await readColumns(database, [{ segment, key }]);
      const vector = read?.record?.vector;
      if (vector?.kind === 'text' && vector.codes.some((code) => lost.has(code)))
        damage.push({ segment: segment.info.id, columns: [key] });
    }
  }
  return damage;
}
