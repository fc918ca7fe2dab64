/** Asks both, and tells the first answer in which they differ. */
import type { AggregateValue, CellValue, Coverage, Values } from '../../../shared/query.ts';
import { show } from '../differences.ts';
import type { Answers } from '../judge.ts';
import { agrees } from './agree.ts';
import { type GroupCase, queryOf, sqlOf, zoneOf } from './ask.ts';
import type { SqlDatabase, SqlValue } from './database.ts';

/** One question to both. */
export interface Case {
  readonly name: string;
  /** @returns the first difference, or null */
  readonly compare: (ours: Answers, sql: SqlDatabase) => Promise<string | null>;
}

export type OurRow = readonly (AggregateValue['value'] | CellValue)[];

/** The first row of two tables that differs, or null. */
export function differingRow(
  ours: readonly OurRow[],
  sql: readonly SqlValue[][],
  what: string,
): string | null {
  if (ours.length !== sql.length) return `${what}: ${ours.length} rows, by SQL ${sql.length}`;
  for (const [i, row] of ours.entries()) {
    const other = sql[i] ?? [];
    const at = row.findIndex((value, column) => !agrees(value, other[column] ?? null));
    if (at >= 0 || row.length !== other.length)
      return `${what}: row ${i}, cell ${at}: ${show(row)}, by SQL ${show(other)}`;
  }
  return null;
}

/** The figures of a group in the order in which SQL has them: value, rows that it rests on. */
const figures = (values: Values<string>): OurRow =>
  Object.values(values).flatMap(({ value, known }) => [value, known]);

export const coverageRow = ({ rows, from, to }: Coverage): OurRow => [rows, from, to];

/** The window, the totals, what is outside the window, and the coverage. */
export function groupCase(one: GroupCase): Case {
  return {
    name: one.name,
    async compare(ours, sql) {
      const answer = await ours.group(queryOf(one));
      const statements = sqlOf(one);
      const zone = zoneOf(one);
      const groups = answer.groups.map(({ keys, values }) => [...keys, ...figures(values)]);
      const totals = [answer.count, ...figures(answer.totals)];
      const [otherBySql] = await sql.rows(statements.other, zone);
      const isOther = Number(otherBySql?.[0]) > 0;
      return (
        differingRow(groups, await sql.rows(statements.groups, zone), 'groups') ??
        differingRow([totals], await sql.rows(statements.totals, zone), 'totals') ??
        differingRow(
          answer.other ? [[answer.other.count, ...figures(answer.other.values)]] : [],
          isOther && otherBySql ? [otherBySql] : [],
          'other',
        ) ??
        differingRow([coverageRow(answer.coverage)], await sql.rows(statements.coverage), 'coverage')
      );
    },
  };
}
