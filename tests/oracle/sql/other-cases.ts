/** Questions that are no groups: two ranges of time, values for a menu, rows, histograms. */
import { DECIMALS, toDecimal } from '../../../shared/money.ts';
import type { CompareQuery, HistogramQuery, RowsQuery, Values } from '../../../shared/query.ts';
import { daysOf } from './ask.ts';
import { type Case, coverageRow, differingRow, type OurRow } from './compare.ts';

const MARCH = daysOf('2026-03-01', '2026-04-01');
const FEBRUARY = daysOf('2026-02-01', '2026-03-01');

const COMPARED = {
  requests: { fn: 'count' },
  spend: { fn: 'sum', of: 'spend' },
  p50: { fn: 'quantile', of: 'tokens_prompt', percent: 50 },
} as const;
const IN_SQL = ['count(*)', 'sum(spend)', 'quantile_disc(tokens_prompt, 0.5)'];

interface ComparedCase {
  readonly name: string;
  readonly by: CompareQuery['by'];
  readonly sort: CompareQuery<keyof typeof COMPARED>['sort'];
  /** The key in SQL of a row of now, and of before. */
  readonly now: string;
  readonly before: string;
  readonly order: string;
}

const figures = (values: Values<string> | null): OurRow =>
  values ? Object.values(values).map(({ value }) => value) : Object.keys(COMPARED).map(() => null);

function compareCase({ name, by, sort, now, before, order }: ComparedCase): Case {
  return {
    name,
    async compare(ours, sql) {
      const answer = await ours.compare({
        filter: [],
        now: MARCH.range,
        before: FEBRUARY.range,
        by,
        aggregates: COMPARED,
        sort,
        offset: 0,
        limit: 1_000_000,
      });
      const columns = IN_SQL.map((figure, i) => `${figure} AS v${i}`).join(', ');
      const groups = await sql.rows(`
        SELECT coalesce(n.k, b.k) AS k, n.v0, n.v1, n.v2, b.v0, b.v1, b.v2
        FROM (SELECT ${now} AS k, ${columns} FROM g WHERE ${MARCH.where} GROUP BY 1) n
        FULL JOIN (SELECT ${before} AS k, ${columns} FROM g WHERE ${FEBRUARY.where} GROUP BY 1) b
          ON n.k IS NOT DISTINCT FROM b.k
        ORDER BY ${order}, k ASC NULLS LAST`);
      const totals = await sql.rows(
        `SELECT ${IN_SQL.join(', ')} FROM g WHERE ${MARCH.where} UNION ALL SELECT ${IN_SQL.join(', ')} FROM g WHERE ${FEBRUARY.where}`,
      );
      return (
        differingRow(
          answer.groups.map((group) => [...group.keys, ...figures(group.now), ...figures(group.before)]),
          groups,
          'groups',
        ) ??
        differingRow([figures(answer.totals.now), figures(answer.totals.before)], totals, 'totals') ??
        (answer.count === groups.length ? null : `count: ${answer.count}, by SQL ${groups.length}`)
      );
    },
  };
}

interface FacetCase {
  readonly name: string;
  readonly of: 'user' | 'model_permaslug' | 'cancelled';
  readonly search?: string;
  readonly where: string;
}

const facetCase = ({ name, of, search, where }: FacetCase): Case => ({
  name,
  async compare(ours, sql) {
    const query = { filter: [], of, offset: 0, limit: 100_000, ...(search !== undefined && { search }) };
    const answer = await ours.facet(query);
    const rows = await sql.rows(
      `SELECT "${of}", count(*) FROM g WHERE ${where} GROUP BY 1
       ORDER BY "${of}" IS NULL, count(*) DESC, "${of}" ASC`,
    );
    const values = answer.values.map(({ value, rows: count }) => [value, count]);
    return (
      differingRow(values, rows, 'values') ??
      (answer.count === rows.length ? null : `count: ${answer.count}, by SQL ${rows.length}`)
    );
  },
});

interface RowsCase {
  readonly name: string;
  readonly query: Pick<RowsQuery, 'filter' | 'sort' | 'offset' | 'limit'>;
  readonly where: string;
  readonly order: string;
}

const COLUMNS = [
  'generation_id',
  'created_at',
  'user',
  'spend',
  'cost_cache',
  'tokens_prompt',
  'generation_time_ms',
  'cancelled',
  'cost_file_processing',
] as const;

const rowsCase = ({ name, query, where, order }: RowsCase): Case => ({
  name,
  async compare(ours, sql) {
    const answer = await ours.rows({ ...query, columns: COLUMNS });
    const columns = COLUMNS.map((key) => (key === 'created_at' ? 'epoch_ms(created_at)' : `"${key}"`));
    const rows = await sql.rows(
      `SELECT ${columns.join(', ')} FROM g WHERE ${where}
       ORDER BY ${order} NULLS LAST, created_at DESC, generation_id DESC LIMIT ${query.limit} OFFSET ${query.offset}`,
    );
    const coverage = await sql.rows(
      `SELECT count(*), epoch_ms(min(created_at)), epoch_ms(max(created_at)) FROM g WHERE ${where}`,
    );
    return (
      differingRow(answer.rows, rows, 'rows') ??
      differingRow([coverageRow(answer.coverage)], coverage, 'coverage')
    );
  },
});

/** SQL counts what lies between the edges that our answer has chosen. */
const histogramCase = (name: string, query: HistogramQuery, sizes: string): Case => ({
  name,
  async compare(ours, sql) {
    const answer = await ours.histogram(query);
    const edge = (at: number | bigint) =>
      typeof at === 'bigint' ? `${toDecimal(at, DECIMALS)}::DECIMAL(38,24)` : String(at);
    const counts = answer.bins.map(({ from, to }, i) => {
      const end = i === answer.bins.length - 1 ? '<=' : '<';
      return `count(*) FILTER (WHERE x >= ${edge(from)} AND x ${end} ${edge(to)})`;
    });
    const bySql = await sql.rows(
      `SELECT count(x), count(*) - count(x), min(x), max(x), ${counts.join(', ')} FROM (${sizes})`,
    );
    const { known, unknown, min, max, bins } = answer;
    if (bins.length === 0) return 'there are no bins';
    if (bins.reduce((sum, { count }) => sum + count, 0) !== known)
      return 'the bins do not hold all that is known';
    return differingRow([[known, unknown, min, max, ...bins.map(({ count }) => count)]], bySql, 'bins');
  },
});

export const OTHER_CASES: readonly Case[] = [
  compareCase({
    name: 'users of March and of February, by what they grew',
    by: ['user'],
    sort: { by: 'requests', of: 'change', descending: true },
    now: '"user"',
    before: '"user"',
    order: 'coalesce(n.v0, 0) - coalesce(b.v0, 0) DESC',
  }),
  compareCase({
    name: 'models of March and of February, by spend before',
    by: ['model_permaslug'],
    sort: { by: 'spend', of: 'before', descending: true },
    now: 'model_permaslug',
    before: 'model_permaslug',
    order: 'b.v1 DESC NULLS LAST',
  }),
  compareCase({
    name: 'days of March beside those of February',
    by: [{ every: 'day', zone: 'UTC' }],
    sort: { by: 'key', of: 'now', descending: false },
    now: `epoch_ms(date_trunc('day', created_at))`,
    before: `epoch_ms(date_trunc('day', created_at) + INTERVAL 28 DAY)`,
    order: '1',
  }),
  facetCase({ name: 'users for a menu', of: 'user', where: 'true' }),
  facetCase({
    name: 'users for a menu, as one types',
    of: 'user',
    search: 'USER-1',
    where: `lower("user") LIKE '%user-1%' OR "user" IS NULL`,
  }),
  facetCase({ name: 'a flag for a menu', of: 'cancelled', where: 'true' }),
  rowsCase({
    name: 'the dearest requests',
    query: { filter: [], sort: { by: 'spend', descending: true }, offset: 0, limit: 300 },
    where: 'true',
    order: 'spend DESC',
  }),
  rowsCase({
    name: 'the newest requests of a user',
    query: {
      filter: [{ on: 'user', in: ['user-1'] }],
      sort: { by: 'created_at', descending: true },
      offset: 20,
      limit: 200,
    },
    where: `"user" = 'user-1'`,
    order: 'created_at DESC',
  }),
  rowsCase({
    name: 'requests by user',
    query: { filter: [], sort: { by: 'user', descending: false }, offset: 1000, limit: 500 },
    where: 'true',
    order: '"user"',
  }),
  rowsCase({
    name: 'requests by what caching changed',
    query: {
      filter: [{ on: 'tokens_prompt', atMost: 500 }],
      sort: { by: 'cost_cache', descending: false },
      offset: 0,
      limit: 300,
    },
    where: 'tokens_prompt <= 500',
    order: 'cost_cache',
  }),
  rowsCase({
    name: 'requests by a flag',
    query: { filter: [], sort: { by: 'cancelled', descending: true }, offset: 500, limit: 800 },
    where: 'true',
    order: 'cancelled DESC',
  }),
  histogramCase(
    'how spend of requests is spread',
    { filter: [], of: 'spend', per: 'request', scale: 'log', bins: 30 },
    'SELECT spend AS x FROM g',
  ),
  histogramCase(
    'how tokens are spread',
    { filter: [], of: 'tokens_prompt', per: 'request', scale: 'linear', bins: 20 },
    'SELECT tokens_prompt AS x FROM g',
  ),
  histogramCase(
    'how spend of users is spread',
    { filter: [], of: 'spend', per: 'user', scale: 'log', bins: 12 },
    'SELECT sum(spend) AS x FROM g WHERE "user" IS NOT NULL GROUP BY "user"',
  ),
  histogramCase(
    'how what caching changed is spread',
    { filter: [], of: 'cost_cache', per: 'request', scale: 'linear', bins: 25 },
    'SELECT cost_cache AS x FROM g',
  ),
  histogramCase(
    'how durations of models are spread',
    { filter: [], of: 'generation_time_ms', per: 'model_permaslug', scale: 'linear', bins: 5 },
    'SELECT sum(generation_time_ms) AS x FROM g WHERE model_permaslug IS NOT NULL GROUP BY model_permaslug',
  ),
];
