/**
 * DuckDB reads the same CSV file and is asked the same questions, in SQL: every figure has to agree exactly.
 * A million rows with WHOSPENT_LONG.
 */
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engineFrom } from './engine.ts';
import type { Answers } from './judge.ts';
import { isLong, seed } from './seed.ts';
import { GROUP_CASES } from './sql/cases.ts';
import { groupCase } from './sql/compare.ts';
import { csvPieces } from './sql/csv.ts';
import { SqlDatabase, whyNoDuckDB } from './sql/database.ts';
import { OTHER_CASES } from './sql/other-cases.ts';

const rows = isLong ? 1_000_000 : 20_000;
const CASES = [...GROUP_CASES.map(groupCase), ...OTHER_CASES];

describe.skipIf(whyNoDuckDB)(
  `${rows} rows as DuckDB has them, FC_SEED=${seed}${whyNoDuckDB ? ` (${whyNoDuckDB})` : ''}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'whospent-sql-'));
    let ours: Answers;
    let sql: SqlDatabase;

    beforeAll(async () => {
      const csv = join(folder, 'activity.csv');
      await pipeline(Readable.from(csvPieces({ rows, seed })), createWriteStream(csv));
      sql = await SqlDatabase.of(csv);
      const { engine, counts } = await engineFrom(csvPieces({ rows, seed }));
      expect(counts).toMatchObject({ rows, new: rows });
      ours = engine;
    }, 600_000);

    afterAll(() => {
      sql?.close();
      rmSync(folder, { recursive: true });
    });

    test.each(CASES)(
      '$name',
      async ({ compare }) => {
        expect(await compare(ours, sql)).toBeNull();
      },
      300_000,
    );
  },
);
