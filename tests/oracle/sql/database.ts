/**
 * DuckDB, an SQL database that nobody here wrote, on the same CSV file. It is a package of its own (see
 * package.json beside this folder), which the test scripts install; where it is not there, its tests are skipped.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { CSV_KEYS } from '../../../shared/columns.ts';

/** Of DuckDB's API what is used here: its own types are only there when it is. */
interface DuckModule {
  readonly DuckDBInstance: { create(path: string): Promise<{ connect(): Promise<Connection> }> };
}
interface Connection {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<{ getRowsJson(): SqlValue[][] }>;
  closeSync(): void;
}

/** Money and big integers come as text. */
export type SqlValue = string | number | boolean | null | readonly SqlValue[];

const FOLDER = new URL('../', import.meta.url);

/** Why there is no DuckDB here, or null when there is. */
export const whyNoDuckDB: string | null = existsSync(new URL('node_modules/@duckdb/node-api', FOLDER))
  ? null
  : 'DuckDB is not installed: `npm test` does that, given the npm registry';

/** Money as exact decimals with room for fourteen digits before the point. */
const TYPES: Readonly<Record<string, string>> = {
  created_at: 'TIMESTAMPTZ',
  cost_total: 'DECIMAL(38,24)',
  cost_web_search: 'DECIMAL(38,24)',
  cost_cache: 'DECIMAL(38,24)',
  cost_file_processing: 'DECIMAL(38,24)',
  byok_usage_inference: 'DECIMAL(38,24)',
  tokens_prompt: 'BIGINT',
  tokens_completion: 'BIGINT',
  tokens_reasoning: 'BIGINT',
  tokens_cached: 'BIGINT',
  cancelled: 'BOOLEAN',
  streamed: 'BOOLEAN',
  api_key_disabled: 'BOOLEAN',
  generation_time_ms: 'DOUBLE',
  time_to_first_token_ms: 'DOUBLE',
};

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

export class SqlDatabase {
  readonly #connection: Connection;

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Reads a CSV file into the table `g`, with the column `spend` beside those of the file. */
  static async of(csv: string): Promise<SqlDatabase> {
    const path = createRequire(FOLDER).resolve('@duckdb/node-api');
    const { DuckDBInstance } = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as DuckModule;
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run(`SET TimeZone = 'UTC'`);
    const columns = `{${CSV_KEYS.map((key) => `${key}: 'VARCHAR'`).join(', ')}}`;
    const casts = Object.entries(TYPES).map(([key, type]) => `${key}::${type} AS ${key}`);
    await connection.run(`
      CREATE TABLE g AS
      SELECT *, CASE WHEN cost_total IS NULL AND byok_usage_inference IS NULL THEN NULL
                ELSE coalesce(cost_total, 0) + coalesce(byok_usage_inference, 0) END AS spend
      FROM (SELECT * REPLACE (${casts.join(', ')})
            FROM read_csv(${text(csv)}, header = true, all_varchar = true, delim = ',', quote = '"',
                          escape = '"', nullstr = '', parallel = false, auto_detect = false,
                          columns = ${columns}))`);
    return new SqlDatabase(connection);
  }

  /** The rows of an answer. @param zone in which days begin */
  async rows(sql: string, zone = 'UTC'): Promise<SqlValue[][]> {
    await this.#connection.run(`SET TimeZone = ${text(zone)}`);
    return (await this.#connection.runAndReadAll(sql)).getRowsJson();
  }

  close(): void {
    this.#connection.closeSync();
  }
}
