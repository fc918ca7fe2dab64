/** The data of the benchmarks: the same as a CSV and as batches, or they would compare different things. */
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { encodeBatch } from '../../../renderer/store/encode.ts';
import type { ColumnKey } from '../../../shared/columns.ts';
import { Data } from '../../bench/data.ts';

test('a batch is what its CSV reads as', () => {
  const data = new Data({ rows: 3000, users: 200, seed: 5 });
  const [header = [], ...rows]: string[][] = parse([...data.csv(700)].join(''));
  const columns = Object.fromEntries(header.map((key, i) => [key as ColumnKey, rows.map((row) => row[i])]));
  expect(encodeBatch({ rows: rows.length, columns })).toEqual(data.batch(0, 3000));
});

test('a row is the same in whatever piece it comes', () => {
  const data = new Data({ rows: 3000, users: 200, seed: 5 });
  const [whole, part] = [data.batch(0, 3000), data.batch(1000, 1100)];
  const spend = (batch: typeof whole) => (batch.columns.cost_total as { nanos: Float64Array }).nanos;
  expect(spend(part)).toEqual(spend(whole).slice(1000, 1100));
  expect(part.ids.bytes).toEqual(whole.ids.bytes.slice(whole.ids.offsets[1000], whole.ids.offsets[1100]));
});
