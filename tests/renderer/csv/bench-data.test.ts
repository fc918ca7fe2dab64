/** The data of the benchmarks: the same as a CSV and as batches, or they would compare different things. */
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { type EncodedBatch, encodeBatch } from '../../../renderer/store/encode.ts';
import type { ColumnKey } from '../../../shared/columns.ts';
import { Data, valuesOf } from '../../bench/data.ts';

/** What it holds, whatever arrays hold it. */
const plain = (batch: EncodedBatch) => ({ rows: batch.rows, values: valuesOf(batch) });

test('a batch is what its CSV reads as', () => {
  const data = new Data({ rows: 500, users: 200, seed: 5 });
  const [header = [], ...rows]: string[][] = parse([...data.csv(120)].join(''));
  const columns = Object.fromEntries(header.map((key, i) => [key as ColumnKey, rows.map((row) => row[i])]));
  expect(plain(encodeBatch({ rows: rows.length, columns }))).toEqual(plain(data.batch(0, 500)));
});

test('a row is the same in whatever piece it comes', () => {
  const data = new Data({ rows: 500, users: 200, seed: 5 });
  const [whole, part] = [data.batch(0, 500), data.batch(300, 400)];
  const spend = (batch: typeof whole) => (batch.columns.cost_total as { nanos: Float64Array }).nanos;
  expect(spend(part)).toEqual(spend(whole).slice(300, 400));
  expect(part.ids.bytes).toEqual(whole.ids.bytes.slice(whole.ids.offsets[300], whole.ids.offsets[400]));
});
