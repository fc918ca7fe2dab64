/** Who judges the judge: the model answers as DuckDB does. It is slow, so there are few rows. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CsvReader } from '../../renderer/csv/read.ts';
import { type ColumnKey, CSV_KEYS } from '../../shared/columns.ts';
import type { CompareQuery, FacetQuery, GroupQuery, RowsQuery } from '../../shared/query.ts';
import type { Answers } from './judge.ts';
import { Model } from './model.ts';
import { isLong, seed } from './seed.ts';
import { GROUP_CASES } from './sql/cases.ts';
import { groupCase } from './sql/compare.ts';
import { csvPieces } from './sql/csv.ts';
import { SqlDatabase, whyNoDuckDB } from './sql/database.ts';
import { OTHER_CASES } from './sql/other-cases.ts';

const rows = isLong ? 10_000 : 1500;
// The model has no histograms: where bins end is nobody's business but the store's.
const CASES = [...GROUP_CASES.map(groupCase), ...OTHER_CASES.filter(({ name }) => !name.includes('spread'))];

function modelOf(text: string): Answers {
  const [, ...records] = new CsvReader(',').read(text, true);
  const columns: { [K in ColumnKey]?: string[] } = {};
  CSV_KEYS.forEach((key, cell) => {
    columns[key] = records.map(({ cells }) => cells[cell] as string);
  });
  const model = new Model();
  model.ingest({ origin: 0 }, { rows: records.length, columns });
  return {
    group: async (query: GroupQuery) => model.group(query),
    compare: async (query: CompareQuery) => model.compare(query),
    facet: async (query: FacetQuery) => model.facet(query),
    rows: async (query: RowsQuery) => model.page(query),
  } as unknown as Answers;
}

describe.skipIf(whyNoDuckDB)(
  `the model, ${rows} rows, FC_SEED=${seed}${whyNoDuckDB ? ` (${whyNoDuckDB})` : ''}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'whospent-sql-'));
    let model: Answers;
    let sql: SqlDatabase;

    beforeAll(async () => {
      const text = [...csvPieces({ rows, seed })].join('');
      const csv = join(folder, 'activity.csv');
      writeFileSync(csv, text);
      sql = await SqlDatabase.of(csv);
      model = modelOf(text);
    }, 60_000);

    afterAll(() => {
      sql?.close();
      rmSync(folder, { recursive: true });
    });

    test.each(CASES)(
      '$name',
      async ({ compare }) => {
        expect(await compare(model, sql)).toBeNull();
      },
      60_000,
    );
  },
);
