/**
 * DuckDB-Wasm, in memory, in its own worker. Money is whole nano-dollars in BIGINT (exact, and faster than
 * DECIMAL), texts with few words and the user are ENUMs, spend is a column of its own.
 */
import * as duckdb from '@duckdb/duckdb-wasm';
import workerUrl from '@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js?url';
import wasmUrl from '@duckdb/duckdb-wasm/dist/duckdb-eh.wasm?url';
import {
  Dictionary,
  Float64,
  Int8,
  Int32,
  Int64,
  makeData,
  makeVector,
  Table,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import type { EncodedBatch, EncodedColumn } from '../../../renderer/store/encode.ts';
import type { World } from '../../lab/page/world.ts';
import { Data, type DataOptions } from '../data.ts';
import { type Asked, measured } from '../engine.ts';
import { type Answer, type Cell, type Question, SUMMED } from '../questions.ts';
import { COLUMNS, type Dialect, sqlOf } from './sql.ts';

const DUCKDB: Dialect = {
  number: (expression) => `(${expression})::DOUBLE`,
  // Looked for in the words, not in the rows.
  contains: (column, text) => `${column} IN (
    SELECT word FROM unnest(enum_range(NULL::user_words)) words(word)
    WHERE contains(lower(word::VARCHAR), '${text.toLowerCase()}'))`,
  day: (time) => `(${time} - ${time} % 86400000)`,
  // A list of the different models is faster than counting them, and than grouping by user and model first.
  users: (where) => `SELECT *, len(models_of)::DOUBLE models FROM (
    SELECT "user", count(*)::DOUBLE requests, sum(spend)::DOUBLE spend,
      ${SUMMED.map((key) => `sum(${key})::DOUBLE ${key}`).join(', ')},
      min(created_at)::DOUBLE earliest, max(created_at)::DOUBLE latest, list(DISTINCT model_permaslug) models_of
    FROM generations WHERE ${where} GROUP BY "user")`,
  names: "array_to_string(list_sort(models_of::VARCHAR[]), ' ')",
  quantiles: `SELECT "user", quantile_disc(generation_time_ms, 0.50)::DOUBLE p50,
      quantile_disc(generation_time_ms, 0.95)::DOUBLE p95 FROM generations GROUP BY "user"`,
};

let connection: duckdb.AsyncDuckDBConnection | undefined;

export async function load(_: World, options: DataOptions): Promise<void> {
  const database = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), new Worker(workerUrl));
  await database.instantiate(new URL(wasmUrl, location.href).href);
  connection = await database.connect();
  let created = false;
  let texts: string[] = [];
  for (const batch of new Data(options).batches()) {
    texts = Object.entries(batch.columns).flatMap(([key, column]) => (column.kind === 'text' ? [key] : []));
    await connection.insertArrowTable(arrowOf(batch), { name: 'staging', create: !created });
    created = true;
  }
  const columns = COLUMNS.map((key) => {
    if (!texts.includes(key)) return `"${key}"`;
    return `"${key}"::VARCHAR::"${key}_words" AS "${key}"`;
  });
  for (const key of texts) {
    await connection.query(
      `CREATE TYPE "${key}_words" AS ENUM (SELECT DISTINCT "${key}"::VARCHAR w FROM staging WHERE w IS NOT NULL ORDER BY w)`,
    );
  }
  await connection.query(
    `CREATE TABLE generations AS SELECT ${columns.join(', ')},
      coalesce(cost_total, 0) + coalesce(byok_usage_inference, 0) AS spend FROM staging`,
  );
  await connection.query('DROP TABLE staging');
}

export async function version(): Promise<string> {
  return String((await query('SELECT version()'))[0]?.[0]);
}

export function ask(
  _: World,
  { question, data, runs }: { question: Question; data: DataOptions; runs: number },
): Promise<Asked> {
  const { sql, answer } = sqlOf(question, DUCKDB, data.rows);
  return measured(runs, (run) => query(sql(run)), answer as (rows: Cell[][]) => Answer);
}

async function query(sql: string): Promise<Cell[][]> {
  if (!connection) throw new Error('nothing is loaded');
  const table = await connection.query(sql);
  const columns = table.schema.fields.map((_, i) => table.getChildAt(i));
  return Array.from({ length: table.numRows }, (_, row) =>
    columns.map((column) => {
      const value: unknown = column?.get(row);
      return typeof value === 'bigint' ? Number(value) : (value as Cell);
    }),
  );
}

function arrowOf(batch: EncodedBatch): Table {
  const { rows, ids } = batch;
  const vectors: Record<string, Vector> = {
    generation_id: makeVector(
      makeData({
        type: new Utf8(),
        length: rows,
        valueOffsets: new Int32Array(ids.offsets),
        data: ids.bytes,
      }),
    ),
  };
  for (const [key, column] of Object.entries(batch.columns)) vectors[key] = vectorOf(column, rows, key);
  return new Table(vectors);
}

function vectorOf(column: EncodedColumn, rows: number, key: string): Vector {
  switch (column.kind) {
    case 'money':
    case 'number': {
      const values = column.kind === 'money' ? column.nanos : column.values;
      const nulls = bitmap(rows, (row) => !Number.isNaN(values[row]));
      if (column.kind === 'money' || key === 'created_at') {
        const data = BigInt64Array.from(values, (value) => BigInt(Number.isNaN(value) ? 0 : value));
        return makeVector(makeData({ type: new Int64(), length: rows, data, ...nulls }));
      }
      return key.startsWith('tokens') ||
        values.every((value) => Number.isNaN(value) || Number.isInteger(value))
        ? makeVector(makeData({ type: new Int32(), length: rows, data: Int32Array.from(values), ...nulls }))
        : makeVector(
            makeData({ type: new Float64(), length: rows, data: Float64Array.from(values), ...nulls }),
          );
    }
    case 'flag': {
      const nulls = bitmap(rows, (row) => column.values[row] !== 2);
      return makeVector(
        makeData({ type: new Int8(), length: rows, data: Int8Array.from(column.values), ...nulls }),
      );
    }
    case 'text': {
      const nulls = bitmap(rows, (row) => column.codes[row] !== 0);
      return makeVector(
        makeData({
          type: new Dictionary(new Utf8(), new Int32()),
          length: rows,
          data: Int32Array.from(column.codes, (code) => Math.max(0, code - 1)),
          dictionary: vectorFromArray([...column.words], new Utf8()),
          ...nulls,
        }),
      );
    }
  }
}

function bitmap(
  rows: number,
  isKnown: (row: number) => boolean,
): { nullCount: number; nullBitmap: Uint8Array } {
  const nullBitmap = new Uint8Array(Math.ceil(rows / 64) * 8);
  let nullCount = 0;
  for (let row = 0; row < rows; row++) {
    if (isKnown(row)) nullBitmap[row >> 3]! |= 1 << (row & 7);
    else nullCount++;
  }
  return { nullCount, nullBitmap };
}
