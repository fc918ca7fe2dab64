/** Aggregates in our words and in SQL's, side by side. */
import type { ColumnKey } from '../../../shared/columns.ts';
import type { Aggregate, Dimension, Filter, GroupQuery, Quantity } from '../../../shared/query.ts';

export type SqlColumn = ColumnKey | 'spend';

/** One figure: what the store is asked for, and the same in SQL. */
export interface Figure {
  readonly aggregate: Aggregate;
  /** `whole` is the condition that all rows of the answer meet. */
  readonly sql: (whole: string) => string;
  /** The number of rows it rests on. */
  readonly known: string;
}

/** Every column by its name in quotes: `user` is a word of SQL's own. */
export const q = (key: SqlColumn): string => `"${key}"`;

const FLAGS: readonly SqlColumn[] = ['cancelled', 'streamed', 'api_key_disabled'];
const numeric = (key: SqlColumn): string => (FLAGS.includes(key) ? `${q(key)}::INT` : q(key));

type Of<Fn extends Aggregate['fn']> =
  Extract<Aggregate, { fn: Fn }> extends { of: infer Column } ? Column : never;

/** A quotient is compared as its two parts, since SQL would divide it in doubles: `12.5/3`. */
const parts = (part: string, whole: string): string => `(${part})::VARCHAR || '/' || (${whole})::VARCHAR`;

export const count: Figure = { aggregate: { fn: 'count' }, sql: () => 'count(*)', known: 'count(*)' };
export const known = (of: Of<'known'>): Figure => ({
  aggregate: { fn: 'known', of },
  sql: () => `count(${q(of)})`,
  known: 'count(*)',
});
export const sum = (of: Of<'sum'>): Figure => ({
  aggregate: { fn: 'sum', of },
  sql: () => `sum(${numeric(of)})`,
  known: `count(${q(of)})`,
});
export const mean = (of: Of<'mean'>): Figure => ({
  aggregate: { fn: 'mean', of },
  sql: () => parts(`sum(${numeric(of)})`, `count(${q(of)})`),
  known: `count(${q(of)})`,
});
export const share = (of: Of<'share'>): Figure => ({
  aggregate: { fn: 'share', of },
  sql: (whole) => parts(`sum(${numeric(of)})`, `SELECT sum(${numeric(of)}) FROM g WHERE ${whole}`),
  known: `count(${q(of)})`,
});
export const rate = (of: Of<'rate'>, per: Of<'rate'>, times?: number): Figure => ({
  aggregate: { fn: 'rate', of, per, ...(times !== undefined && { times }) },
  sql: () =>
    parts(
      `${times ?? 1} * sum(${numeric(of)}) FILTER (WHERE ${q(per)} IS NOT NULL)`,
      `sum(${numeric(per)}) FILTER (WHERE ${q(of)} IS NOT NULL)`,
    ),
  known: `count(*) FILTER (WHERE ${q(of)} IS NOT NULL AND ${q(per)} IS NOT NULL)`,
});
const bound = (fn: 'min' | 'max', of: Quantity | 'created_at'): Figure => ({
  aggregate: { fn, of },
  sql: () => (of === 'created_at' ? `epoch_ms(${fn}(created_at))` : `${fn}(${q(of)})`),
  known: `count(${q(of)})`,
});
export const min = (of: Quantity | 'created_at'): Figure => bound('min', of);
export const max = (of: Quantity | 'created_at'): Figure => bound('max', of);
export const quantile = (of: Quantity, percent: number): Figure => ({
  aggregate: { fn: 'quantile', of, percent },
  sql: () => `quantile_disc(${q(of)}, ${percent / 100})`,
  known: `count(${q(of)})`,
});
export const distinct = (of: Of<'distinct'>): Figure => ({
  aggregate: { fn: 'distinct', of },
  sql: () => `nullif(count(DISTINCT ${q(of)}), 0)`,
  known: `count(${q(of)})`,
});
export const values = (of: Of<'values'>): Figure => ({
  aggregate: { fn: 'values', of },
  sql: () => `list(DISTINCT ${q(of)}) FILTER (WHERE ${q(of)} IS NOT NULL)`,
  known: `count(${q(of)})`,
});

/** One question that both are asked. */
export interface GroupCase {
  readonly name: string;
  readonly by: GroupQuery['by'];
  /** The dimensions in SQL, in the same order; columns by their names and stretches of time unless told otherwise. */
  readonly keys?: readonly string[];
  readonly figures: Readonly<Record<string, Figure>>;
  readonly filter?: Filter;
  /** The filter in SQL. */
  readonly where?: string;
  /** Ascending by the keys unless told otherwise. */
  readonly sort?: GroupQuery['sort'];
  readonly offset?: number;
  readonly limit?: number;
}

const MOST = 1_000_000;

/** Some UTC days in our words and in SQL's; the last is outside. */
export const daysOf = (first: string, end: string) => ({
  range: { from: Date.parse(first), to: Date.parse(end) },
  where: `created_at >= '${first} 00:00:00+00' AND created_at < '${end} 00:00:00+00'`,
});

/** The zone in which the days of a question begin. */
export const zoneOf = ({ by }: GroupCase): string => by.find((one) => typeof one === 'object')?.zone ?? 'UTC';

const keyOf = (dimension: Dimension): string =>
  typeof dimension === 'object' ? `epoch_ms(date_trunc('${dimension.every}', created_at))` : q(dimension);

export function queryOf(one: GroupCase): GroupQuery {
  return {
    filter: one.filter ?? [],
    by: one.by,
    aggregates: Object.fromEntries(
      Object.entries(one.figures).map(([name, { aggregate }]) => [name, aggregate]),
    ),
    sort: one.sort ?? { by: 'key', descending: false },
    offset: one.offset ?? 0,
    limit: one.limit ?? MOST,
    other: true,
  };
}

/** The statements whose answers make up the answer to a group query. */
export function sqlOf(one: GroupCase): { groups: string; totals: string; other: string; coverage: string } {
  const where = one.where ?? 'true';
  const { by, descending } = one.sort ?? { by: 'key', descending: false };
  const [offset, limit] = [one.offset ?? 0, one.limit ?? MOST];
  const figures = Object.values(one.figures).flatMap((figure) => [figure.sql(where), figure.known]);
  const dimensions = one.keys ?? one.by.map(keyOf);
  const keys = dimensions.map((key, i) => `${key} AS k${i}`);
  const names = dimensions.map((_, i) => `k${i}`);
  const way = descending ? 'DESC' : 'ASC';
  const sorted = one.figures[by];
  const order = [
    ...(sorted ? [`${sortable(sorted, where)} ${way} NULLS LAST`] : []),
    ...names.map((name) => `${name} ${by === 'key' ? way : 'ASC'} NULLS LAST`),
  ].join(', ');
  const rows = `SELECT *, ${keys.join(', ')} FROM g WHERE ${where}`;
  const grouped = `FROM (${rows}) GROUP BY ${names.join(', ')}`;
  const same = names.map((name) => `x.${name} IS NOT DISTINCT FROM y.${name}`).join(' AND ');
  return {
    groups: `SELECT ${[...names, ...figures].join(', ')} ${grouped} ORDER BY ${order} LIMIT ${limit} OFFSET ${offset}`,
    totals: `SELECT count(DISTINCT (${dimensions.join(', ')}, 1)), ${figures.join(', ')} FROM g WHERE ${where}`,
    other: `SELECT count(DISTINCT n), ${figures.join(', ')} FROM (${rows}) x
      JOIN (SELECT ${names.join(', ')}, row_number() OVER (ORDER BY ${order}) AS n ${grouped}) y ON ${same}
      WHERE n <= ${offset} OR n > ${offset + limit}`,
    coverage: `SELECT count(*), epoch_ms(min(created_at)), epoch_ms(max(created_at)) FROM g WHERE ${where}`,
  };
}

/** A quotient is sorted as a number, a list by its length. */
function sortable({ aggregate: { fn }, sql }: Figure, where: string): string {
  if (fn === 'values') return `len(${sql(where)})`;
  if (fn !== 'mean' && fn !== 'share' && fn !== 'rate') return sql(where);
  const text = sql(where);
  return `split_part(${text}, '/', 1)::DOUBLE / split_part(${text}, '/', 2)::DOUBLE`;
}
