/** Dexie as most apps use it: one record for each generation, and JavaScript that reads them all. */
import { Dexie, type Table } from 'dexie';
import type { World } from '../../lab/page/world.ts';
import { Data, type DataOptions, type DataRecord, recordsOf } from '../data.ts';
import { type Asked, measured } from '../engine.ts';
import type { Question } from '../questions.ts';
import { answerInJs } from './in-js.ts';

/** Written at a time: larger chunks are no faster. */
const CHUNK = 5000;

class Records extends Dexie {
  declare generations: Table<DataRecord, string>;

  constructor() {
    super('bench-dexie', { cache: 'disabled' });
    // What it takes to find a generation again, a user's requests, and those of a time.
    this.version(1).stores({ generations: 'generation_id, user, created_at' });
  }
}

let database: Records | undefined;

/** Milliseconds that storing took, without the making of the records. */
export async function ingest(_: World, options: DataOptions): Promise<number> {
  await database?.delete();
  database = new Records();
  await database.open();
  let ms = 0;
  for (const batch of new Data(options).batches(CHUNK)) {
    const records = recordsOf(batch);
    const begun = performance.now();
    await database.generations.bulkPut(records);
    ms += performance.now() - begun;
  }
  return ms;
}

export async function load(world: World, options: DataOptions): Promise<void> {
  await ingest(world, options);
}

export function ask(_: World, { question, runs }: { question: Question; runs: number }): Promise<Asked> {
  if (!database) throw new Error('nothing is loaded');
  const { generations } = database;
  return measured(
    runs,
    async (run) => answerInJs(question, await generations.toArray(), run),
    (answer) => answer,
  );
}
