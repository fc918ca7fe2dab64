/** Whether a value of ours is what SQL says. */
import Decimal from 'decimal.js';
import { toDecimal } from '../../../shared/money.ts';
import type { AggregateValue, CellValue } from '../../../shared/query.ts';
import type { SqlValue } from './database.ts';

const Exact = Decimal.clone({ precision: 200, rounding: Decimal.ROUND_HALF_UP });
/** A division and a multiplication, each half a unit in the last place off. */
const LAST_PLACES = 4 * Number.EPSILON;

const QUOTIENT = /^(-?[\d.e+-]+)\/(-?[\d.e+-]+)$/;

/** Money must be the same decimal text, a number the same number; lists stand in no order in SQL. */
export function agrees(ours: AggregateValue['value'] | CellValue, sql: SqlValue): boolean {
  if (ours === null || sql === null) return ours === null && (sql === null || isOfNothing(sql));
  if (typeof ours === 'object' && typeof sql === 'object')
    return JSON.stringify(ours) === JSON.stringify([...sql].sort());
  const quotient = QUOTIENT.exec(String(sql));
  if (quotient && typeof ours !== 'string') {
    const exact = new Exact(quotient[1] as string).div(quotient[2] as string);
    if (typeof ours === 'bigint') return new Exact(toDecimal(ours)).eq(exact.toDecimalPlaces(24));
    return exact.minus(Number(ours)).abs().lte(exact.abs().times(LAST_PLACES));
  }
  switch (typeof ours) {
    case 'bigint':
      return toDecimal(ours, 24) === new Exact(String(sql)).toFixed(24);
    case 'number':
      return ours === Number(sql);
    default:
      return ours === sql;
  }
}

/** A part of nothing is unknown. */
const isOfNothing = (sql: SqlValue): boolean => typeof sql === 'string' && /\/-?0(\.0*)?$/.test(sql);
