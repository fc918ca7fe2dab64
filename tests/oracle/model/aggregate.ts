/** Each aggregate by its definition: from a list of rows, with nothing kept between two of them. */
import Decimal from 'decimal.js';
import type { Aggregate, AggregateValue, CellValue, Measure, Values } from '../../../shared/query.ts';
import type { ModelRow } from '../model.ts';
import { compareKnown } from './order.ts';

const Exact = Decimal.clone({ precision: 200 });
const YOCTOS_PER_DOLLAR = new Exact(10).pow(24);
const UNKNOWN: AggregateValue = { value: null, known: 0 };

type Column = keyof ModelRow['cells'];
type Known = Exclude<CellValue, null>;

const knownOf = (rows: readonly ModelRow[], key: Column): readonly Known[] =>
  rows.map(({ cells }) => cells[key]).filter((cell) => cell !== null);

/** All aggregates of some rows. @param whole the rows of all groups of the answer */
export function aggregate<A extends string>(
  rows: readonly ModelRow[],
  aggregates: Readonly<Record<A, Aggregate>>,
  whole: readonly ModelRow[],
): Values<A> {
  const values = {} as Record<A, AggregateValue>;
  for (const name of Object.keys(aggregates) as A[]) values[name] = one(rows, aggregates[name], whole);
  return values;
}

function one(rows: readonly ModelRow[], asked: Aggregate, whole: readonly ModelRow[]): AggregateValue {
  // How many rows there are is never unknown.
  if (asked.fn === 'count') return { value: rows.length, known: rows.length };
  if (asked.fn === 'rate') return rate(rows, asked);

  const cells = knownOf(rows, asked.of);
  const known = cells.length;
  if (asked.fn === 'known') return { value: known, known: rows.length };
  if (known === 0) return UNKNOWN;
  switch (asked.fn) {
    case 'sum':
      return { value: sum(cells), known };
    case 'mean':
      return { value: mean(cells), known };
    case 'share':
      return { value: quotient(sum(cells), sum(knownOf(whole, asked.of))), known };
    case 'min':
      return { value: smallest(cells, 0), known };
    case 'max':
      return { value: smallest(cells, 100), known };
    case 'quantile':
      return { value: smallest(cells, asked.percent), known };
    case 'distinct':
      return { value: new Set(cells).size, known };
    case 'values':
      return { value: [...new Set(cells.map(String))].sort(), known };
  }
}

/** Of a flag, true is 1. */
function sum(cells: readonly Known[]): number | bigint {
  if (typeof cells[0] === 'bigint') return (cells as bigint[]).reduce((all, amount) => all + amount, 0n);
  return cells.reduce<number>((all, cell) => all + Number(cell), 0);
}

function mean(cells: readonly Known[]): number | bigint {
  const all = sum(cells);
  if (typeof all === 'number') return all / cells.length;
  // Half away from zero: add half of the divisor to the size, and cut.
  const divisor = BigInt(cells.length);
  const size = ((all < 0n ? -all : all) * 2n + divisor) / (2n * divisor);
  return all < 0n ? -size : size;
}

/** In dollars, where it is money. */
const plain = (amount: number | bigint): Decimal =>
  typeof amount === 'bigint' ? new Exact(String(amount)).div(YOCTOS_PER_DOLLAR) : new Exact(amount);

/** Nothing can be said of a part of nothing. */
function quotient(part: number | bigint, whole: number | bigint, times = 1): number | null {
  const divisor = plain(whole);
  return divisor.isZero() ? null : plain(part).times(times).div(divisor).toNumber();
}

function rate(
  rows: readonly ModelRow[],
  { of, per, times }: { of: Measure; per: Measure; times?: number | undefined },
): AggregateValue {
  const both = rows.filter(({ cells }) => cells[of] !== null && cells[per] !== null);
  if (both.length === 0) return UNKNOWN;
  const value = quotient(sum(knownOf(both, of)), sum(knownOf(both, per)), times);
  return { value, known: both.length };
}

/** The smallest that at least so many of 100 do not exceed. */
function smallest(cells: readonly Known[], percent: number): number | bigint {
  const sorted = [...cells].sort(compareKnown);
  const rank = sorted.findIndex((_, i) => (i + 1) * 100 >= percent * sorted.length);
  return sorted[rank] as number | bigint;
}
