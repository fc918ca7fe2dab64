/**
 * DuckDB reads the same CSV file and is asked the same questions, in SQL: every figure has to agree exactly.
 * A million rows with WHOSPENT_LONG.
 */
import { expect } from 'vitest';
import { engineFrom } from './engine.ts';
import { isLong } from './seed.ts';
import { GROUP_CASES } from './sql/cases.ts';
import { groupCase } from './sql/compare.ts';
import { judgedBySql } from './sql/judged.ts';
import { OTHER_CASES } from './sql/other-cases.ts';

const rows = isLong ? 1_000_000 : 20_000;

judgedBySql(
  `${rows} rows as DuckDB has them`,
  rows,
  [...GROUP_CASES.map(groupCase), ...OTHER_CASES],
  async (pieces) => {
    const { engine, counts } = await engineFrom(pieces);
    expect(counts).toMatchObject({ rows, new: rows });
    return engine;
  },
);
