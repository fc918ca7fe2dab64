/** The questions in SQL, and what makes answers of the rows that come back. */
import { CSV_KEYS } from '../../../shared/columns.ts';
import {
  type Answer,
  type Cell,
  GROUPS,
  type Question,
  RANGE,
  ROWS,
  SEARCH,
  SOME_MODELS,
  SUMMED,
  windowStart,
} from '../questions.ts';

export const COLUMNS: readonly string[] = CSV_KEYS;

/** What is said differently. */
export interface Dialect {
  /** A sum as a double, which holds every sum of this data exactly. */
  readonly number: (expression: string) => string;
  readonly contains: (column: string, text: string) => string;
  readonly day: (time: string) => string;
  /** A query for the users table's columns of each user that some rows have; of models, what `names` reads. */
  readonly users: (where: string) => string;
  /** The models' names in one text, sorted, between spaces, of the column `models_of`. */
  readonly names: string;
  /** A query for `"user", p50, p95`. */
  readonly quantiles: string;
}

export interface Asking {
  readonly sql: (run: number) => string;
  readonly answer: (rows: readonly (readonly Cell[])[]) => Answer;
}

export function sqlOf(question: Question, dialect: Dialect, stored: number): Asking {
  const range = `created_at >= ${RANGE.from} AND created_at < ${RANGE.to}`;
  switch (question) {
    case 'users':
      return grouped(() => users(dialect, 'TRUE'));
    case 'filtered': {
      const models = SOME_MODELS.map((name) => `'${name}'`).join(', ');
      const where = `${range} AND model_permaslug IN (${models}) AND ${dialect.contains('"user"', SEARCH)}`;
      return grouped(() => users(dialect, where));
    }
    case 'latency':
      return grouped(
        () =>
          `SELECT *, count(*) OVER (), 0 FROM (${dialect.quantiles}) ORDER BY p95 DESC NULLS LAST, "user" LIMIT ${GROUPS}`,
      );
    case 'days':
      return grouped(
        () => `SELECT *, count(*) OVER (), sum(spend) OVER () FROM (
          SELECT "user", ${dialect.number(dialect.day('created_at'))} "day", ${dialect.number('count(*)')} requests,
            ${dialect.number('sum(spend)')} spend
          FROM generations WHERE ${range} GROUP BY "user", ${dialect.day('created_at')})
        ORDER BY spend DESC, "user", "day" LIMIT ${GROUPS}`,
      );
    case 'rows':
      return { sql: () => requests(0), answer: (rows) => requestsAnswer(rows, stored, 2) };
    case 'window':
      return {
        sql: (run) => requests(windowStart(run, stored)),
        answer: (rows) =>
          requestsAnswer(
            rows.map(([, ...rest]) => rest),
            stored,
            1,
          ),
      };
  }
}

/** Names are put together for the window only, as we do it. */
const users = (dialect: Dialect, where: string): string =>
  `SELECT "user", requests, spend, ${SUMMED.join(', ')}, models, earliest, latest, ${dialect.names}, all_groups, all_spend
  FROM (SELECT *, count(*) OVER () all_groups, sum(spend) OVER () all_spend FROM (${dialect.users(where)})
    ORDER BY spend DESC, "user" LIMIT ${GROUPS})
  ORDER BY spend DESC, "user"`;

/** The columns are fetched for the window only. */
const requests = (offset: number): string =>
  `SELECT generation_id, spend, created_at, "user", model_permaslug, provider_name, cost_total, byok_usage_inference,
    tokens_prompt, tokens_completion, tokens_reasoning, tokens_cached, generation_time_ms, time_to_first_token_ms,
    finish_reason_normalized, variant, streamed, cancelled, app_name, api_key_name
  FROM generations WHERE rowid IN (SELECT rowid FROM generations ORDER BY spend DESC LIMIT ${ROWS} OFFSET ${offset})
  ORDER BY spend DESC`;

const requestsAnswer = (rows: readonly (readonly Cell[])[], stored: number, cells: number): Answer => ({
  count: stored,
  spend: 0,
  rows: rows.map((row) => row.slice(0, cells)),
});

/** The last two columns are how many groups there are, and the spend of all of them. */
function grouped(sql: () => string): Asking {
  return {
    sql,
    answer: (rows) => ({
      count: Number(rows[0]?.at(-2) ?? 0),
      spend: Number(rows[0]?.at(-1) ?? 0),
      rows: rows.map((row) => row.slice(0, -2)),
    }),
  };
}
