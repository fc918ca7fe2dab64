/** How the columns of a table stand in a file. */
import type { ColumnKind } from '../../shared/columns.ts';
import { divide, type Money, ratio, toDecimal } from '../../shared/money.ts';
import type { CellValue } from '../../shared/query.ts';
import { formatCsvTime } from '../../shared/time.ts';

/** The catalogue's kinds, and fractions of 1. */
export type FileKind = ColumnKind | 'fraction';

/** A column of a table in a file: what every column of a grid says of itself. */
export interface FileColumn<Row> {
  /** Its name in the file, with the unit: `spend_usd`, `created_at_utc`. A promise to those who read the files. */
  readonly header: string;
  readonly kind: FileKind;
  /** The exact value: money in yocto-dollars, times in UTC ms; null is unknown. */
  readonly value: (row: Row) => CellValue;
  /** What stands in the line of totals, made anew for each file; absent: nothing. */
  readonly total?: () => Total<Row>;
}

/** Adds up the very rows that are written, so that a total always ties with the lines above it. */
export interface Total<Row> {
  add(row: Row): void;
  value(): CellValue;
}

/** The sum of a column: exact for money and whole numbers; unknown where no row knows the value. */
export const sumOf =
  <Row>(value: (row: Row) => CellValue) =>
  (): Total<Row> => {
    let sum: number | Money | null = null;
    return {
      add(row) {
        const more = value(row);
        if (typeof more === 'bigint') sum = (typeof sum === 'bigint' ? sum : 0n) + more;
        else if (typeof more === 'number') sum = (typeof sum === 'number' ? sum : 0) + more;
      },
      value: () => sum,
    };
  };

/** The sum of an amount ÷ the rows that it rests on, which is no sum of averages. */
export const averageOf =
  <Row>(part: (row: Row) => { readonly amount: Money | null; readonly rows: number }) =>
  (): Total<Row> => {
    let [sum, rows] = [0n, 0];
    return {
      add(row) {
        const { amount, rows: more } = part(row);
        if (amount === null) return;
        sum += amount;
        rows += more;
      },
      value: () => (rows === 0 ? null : divide(sum, rows)),
    };
  };

/** What all shares together are a share of: 1, or unknown where the whole is nothing. */
export const wholeOf =
  <Row>(amount: (row: Row) => CellValue) =>
  (): Total<Row> => {
    const sum = sumOf(amount)();
    return {
      add: sum.add,
      value() {
        const whole = sum.value();
        return typeof whole === 'bigint' ? ratio(whole, whole) : null;
      },
    };
  };

/** How many different texts occur in the lists of all rows. */
export const differentOf =
  <Row>(texts: (row: Row) => readonly string[]) =>
  (): Total<Row> => {
    const all = new Set<string>();
    return {
      add(row) {
        for (const text of texts(row)) all.add(text);
      },
      value: () => all.size,
    };
  };

const extreme =
  (better: (a: number, b: number) => number) =>
  <Row>(value: (row: Row) => CellValue) =>
  (): Total<Row> => {
    let best: number | null = null;
    return {
      add(row) {
        const more = value(row);
        if (typeof more === 'number') best = best === null ? more : better(best, more);
      },
      value: () => best,
    };
  };
export const leastOf = extreme(Math.min);
export const mostOf = extreme(Math.max);

/** The word that marks the line of totals. */
export const totalWord = <Row>(): Total<Row> => ({ add: () => undefined, value: () => 'Total' });

/** A value as the text of a cell, before it is quoted or protected; unknown is empty. */
export function fileText(kind: FileKind, value: CellValue): string {
  if (value === null) return '';
  if (typeof value === 'bigint') return toDecimal(value);
  if (typeof value !== 'number') return String(value);
  if (kind === 'time') return formatCsvTime(value);
  return kind === 'fraction' ? fractionText(value) : String(value);
}

/** Fifteen digits is what a share is good to; never an exponent. */
function fractionText(value: number): string {
  if (value === 0) return '0';
  const decimals = 14 - Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.min(100, Math.max(1, decimals))).replace(/\.?0+$/, '');
}

/** A value in JSON: money as decimal text, times in ISO 8601 (UTC), numbers as numbers. */
export function jsonValue(kind: FileKind, value: CellValue): string | number | boolean | null {
  if (typeof value === 'bigint') return toDecimal(value);
  return kind === 'time' && typeof value === 'number' ? new Date(value).toISOString() : value;
}

/** Whether a value is text from outside, which a spreadsheet might run. */
export const isText = (kind: FileKind): boolean => kind === 'text' || kind === 'id';
