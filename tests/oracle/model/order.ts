/** The orders in which answers stand. */
import type { CellValue } from '../../../shared/query.ts';

type Known = Exclude<CellValue, null>;

/** Texts by their UTF-16 units, numbers and money by size, false before true. */
export function compareKnown(a: Known, b: Known): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Unknown comes last either way. */
export function compareCells(a: CellValue, b: CellValue, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return descending ? compareKnown(b, a) : compareKnown(a, b);
}

export function compareKeys(a: readonly CellValue[], b: readonly CellValue[], descending: boolean): number {
  for (let i = 0; i < a.length; i++) {
    const order = compareCells(a[i] ?? null, b[i] ?? null, descending);
    if (order !== 0) return order;
  }
  return 0;
}

const encoder = new TextEncoder();

/** Ids by their bytes. */
export function compareIds(a: CellValue, b: CellValue): number {
  const [x, y] = [encoder.encode(String(a)), encoder.encode(String(b))];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    if (x[i] !== y[i]) return (x[i] as number) - (y[i] as number);
  }
  return x.length - y.length;
}
