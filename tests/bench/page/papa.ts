/** PapaParse on the page: bare, and with Dexie behind it as most apps use the two. */
import { Dexie, type Table } from 'dexie';
import Papa from 'papaparse';
import type { World } from '../../lab/page/world.ts';
import { Data, type DataOptions } from '../data.ts';

const file = (options: DataOptions): File => new File([...new Data(options).csv()], 'activity.csv');

function parse(source: File, onChunk: (rows: string[][], parser: Papa.Parser) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    Papa.parse<string[]>(source, {
      chunk: ({ data }, parser) => onChunk(data, parser),
      complete: () => resolve(),
      error: reject,
    });
  });
}

/** Milliseconds that reading the file takes, and nothing is done with what is read. */
export async function bare(_: World, options: DataOptions): Promise<number> {
  const source = file(options);
  const begun = performance.now();
  let rows = 0;
  await parse(source, (some) => {
    rows += some.length;
  });
  const ms = performance.now() - begun;
  if (rows < options.rows) throw new Error(`${rows} rows were read`);
  return ms;
}

/** Milliseconds until every row of the file is a record. */
export async function intoDexie(_: World, options: DataOptions): Promise<number> {
  const source = file(options);
  const database = new Dexie('bench-papa', { cache: 'disabled' });
  database.version(1).stores({ generations: 'generation_id, user, created_at' });
  await database.open();
  const generations = database.table('generations') as Table<Record<string, string>, string>;
  let header: string[] | null = null;
  let stored: Promise<unknown> = Promise.resolve();
  const begun = performance.now();
  await parse(source, (rows, parser) => {
    header ??= rows.shift() ?? [];
    const keys = header;
    const records = rows
      .filter((cells) => cells.length === keys.length)
      .map((cells) => Object.fromEntries(keys.map((key, i) => [key, cells[i] as string])));
    parser.pause();
    stored = stored.then(() => generations.bulkPut(records)).then(() => parser.resume());
  });
  await stored;
  const ms = performance.now() - begun;
  await database.delete();
  return ms;
}
