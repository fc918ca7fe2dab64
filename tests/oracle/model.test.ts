/** Who judges the judge: the model answers as DuckDB does. It is slow, so there are few rows. */
import { CsvReader } from '../../renderer/csv/read.ts';
import { type ColumnKey, CSV_KEYS } from '../../shared/columns.ts';
import type { CompareQuery, FacetQuery, GroupQuery, RowsQuery } from '../../shared/query.ts';
import type { Answers } from './judge.ts';
import { Model } from './model.ts';
import { isLong } from './seed.ts';
import { GROUP_CASES } from './sql/cases.ts';
import { groupCase } from './sql/compare.ts';
import { judgedBySql } from './sql/judged.ts';
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

judgedBySql(`the model, ${rows} rows`, rows, CASES, async (pieces) => modelOf([...pieces].join('')));
