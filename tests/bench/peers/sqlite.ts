/**
 * SQLite Wasm, in memory, in a worker. Money is whole nano-dollars in INTEGER, spend is a column of its own, and
 * every question has an index that holds all it needs.
 */
import type { World } from '../../lab/page/world.ts';
import type { DataOptions } from '../data.ts';
import { type Asked, measured } from '../engine.ts';
import { type Answer, type Cell, type Question, SUMMED } from '../questions.ts';
import { type Dialect, sqlOf } from './sql.ts';
import type { SqliteCall } from './sqlite.worker.ts';

const SQLITE: Dialect = {
  number: (expression) => expression,
  contains: (column, text) => `${column} LIKE '%${text}%'`,
  day: (time) => `(${time} - ${time} % 86400000)`,
  // By user and model first, which is the order of the index: a set of models for each user takes longer.
  users: (where) => `SELECT "user", sum(requests) requests, sum(spend) spend,
      ${SUMMED.map((key) => `sum(${key}) ${key}`).join(', ')}, count(*) models,
      min(earliest) earliest, max(latest) latest, group_concat(model_permaslug, ' ') models_of
    FROM (SELECT "user", model_permaslug, count(*) requests, sum(spend) spend,
        ${SUMMED.map((key) => `sum(${key}) ${key}`).join(', ')}, min(created_at) earliest, max(created_at) latest
      FROM generations WHERE ${where} GROUP BY "user", model_permaslug)
    GROUP BY "user"`,
  names: 'models_of',
  // The rank of each known latency among those of its user; unknown ones come first.
  quantiles: `SELECT "user", max(CASE WHEN place = max(1, (50 * known + 99) / 100) THEN generation_time_ms END) p50,
      max(CASE WHEN place = max(1, (95 * known + 99) / 100) THEN generation_time_ms END) p95
    FROM (SELECT "user", generation_time_ms, count(generation_time_ms) OVER u known,
        row_number() OVER (PARTITION BY "user" ORDER BY generation_time_ms)
          - (count(*) OVER u - count(generation_time_ms) OVER u) place
      FROM generations WINDOW u AS (PARTITION BY "user"))
    GROUP BY "user"`,
};

let worker: Worker | undefined;
let last = 0;

export async function load(_: World, options: DataOptions): Promise<void> {
  worker = new Worker(new URL('./sqlite.worker.ts', import.meta.url), { type: 'module' });
  await call({ load: options });
}

export async function version(): Promise<string> {
  return String((await call({ sql: 'SELECT sqlite_version()' }))[0]?.[0]);
}

export function ask(
  _: World,
  { question, data, runs }: { question: Question; data: DataOptions; runs: number },
): Promise<Asked> {
  const { sql, answer } = sqlOf(question, SQLITE, data.rows);
  return measured(runs, (run) => call({ sql: sql(run) }), answer as (rows: Cell[][]) => Answer);
}

function call(asked: SqliteCall): Promise<Cell[][]> {
  const to = worker;
  if (!to) throw new Error('nothing is loaded');
  const id = ++last;
  return new Promise((resolve, reject) => {
    const hear = ({ data }: MessageEvent<{ id: number; rows: Cell[][]; error?: string }>) => {
      if (data.id !== id) return;
      to.removeEventListener('message', hear);
      if (data.error === undefined) resolve(data.rows);
      else reject(new Error(data.error));
    };
    to.addEventListener('message', hear);
    to.postMessage({ id, call: asked });
  });
}
