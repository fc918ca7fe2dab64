/** SQLite Wasm, in memory; a message is a statement (or rows to insert), and its answer the rows. */
import sqlite3InitModule from '@sqlite.org/sqlite-wasm';
import { Data, type DataOptions, valuesOf } from '../data.ts';
import { COLUMNS } from './sql.ts';

export type SqliteCall = { readonly load: DataOptions } | { readonly sql: string };

const ready = sqlite3InitModule().then((sqlite) => ({ sqlite, database: new sqlite.oo1.DB(':memory:') }));

self.addEventListener(
  'message',
  async ({ data: { id, call } }: MessageEvent<{ id: number; call: SqliteCall }>) => {
    try {
      self.postMessage({ id, rows: 'load' in call ? await load(call.load) : await query(call.sql) });
    } catch (thrown) {
      self.postMessage({ id, error: String(thrown) });
    }
  },
);

async function load(options: DataOptions): Promise<unknown[]> {
  const { database } = await ready;
  const type = (key: string) =>
    /time|cost|usage|tokens|cancelled|streamed|disabled|_at/.test(key) ? 'INTEGER' : 'TEXT';
  database.exec(
    `CREATE TABLE generations (${COLUMNS.map((key) => `"${key}" ${type(key)}`).join(', ')}, spend INTEGER)`,
  );
  database.exec('BEGIN');
  const insert = database.prepare(
    `INSERT INTO generations VALUES (${[...COLUMNS, 0].map(() => '?').join(',')})`,
  );
  const [credits, byok] = [COLUMNS.indexOf('cost_total'), COLUMNS.indexOf('byok_usage_inference')];
  for (const batch of new Data(options).batches()) {
    const columns = valuesOf(batch);
    for (let row = 0; row < batch.rows; row++) {
      const values = columns.map((column) => {
        const value = column[row] ?? null;
        return typeof value === 'boolean' ? Number(value) : value;
      });
      insert.bind([...values, Number(values[credits]) + Number(values[byok])]).stepReset();
    }
  }
  insert.finalize();
  database.exec('COMMIT');
  // Holds all that the questions about users need, in the order in which they group.
  database.exec(
    `CREATE INDEX by_user ON generations ("user", model_permaslug, created_at, spend, tokens_prompt,
      tokens_completion, tokens_reasoning, tokens_cached)`,
  );
  database.exec('CREATE INDEX latencies ON generations ("user", generation_time_ms)');
  database.exec('CREATE INDEX by_spend ON generations (spend)');
  database.exec('ANALYZE');
  return [];
}

async function query(sql: string): Promise<unknown[]> {
  const { database } = await ready;
  return database.exec({ sql, rowMode: 'array', returnValue: 'resultRows' });
}
