/**
 * The store in its worker, on its database, with a million rows: every question is answered as DuckDB answers it from
 * the same CSV file. Its short form is tests/oracle/sql.test.ts, on the engine in memory.
 */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Lab } from '../lab/lab.ts';
import type { Answers } from '../oracle/judge.ts';
import { isLong, seed } from '../oracle/seed.ts';
import { GROUP_CASES } from '../oracle/sql/cases.ts';
import { groupCase } from '../oracle/sql/compare.ts';
import { csvPieces } from '../oracle/sql/csv.ts';
import { SqlDatabase, whyNoDuckDB } from '../oracle/sql/database.ts';
import { OTHER_CASES } from '../oracle/sql/other-cases.ts';
import { expect, test } from './fixtures.ts';

const ROWS = 1_000_000;

test(`${ROWS} rows in the store as DuckDB has them`, async ({ folder }) => {
  test.skip(!isLong, 'takes minutes: npm run test:long');
  test.skip(whyNoDuckDB !== null, whyNoDuckDB ?? '');
  test.setTimeout(3_600_000);
  console.log(`FC_SEED=${seed}`);
  const csv = join(folder, 'activity.csv');
  await pipeline(Readable.from(csvPieces({ rows: ROWS, seed })), createWriteStream(csv));
  const sql = await SqlDatabase.of(csv);
  const lab = await Lab.launch({ profile: join(folder, 'profile') });
  await lab.store.open('account');
  const { imported } = lab.jobs<typeof import('../lab/jobs/activity.ts')>('activity');
  expect(await imported({ rows: ROWS, seed })).toMatchObject({ rows: ROWS, new: ROWS });
  // What is answered comes from the database, not from what the import left in memory.
  await lab.store.open('account');
  for (const { name, compare } of [...GROUP_CASES.map(groupCase), ...OTHER_CASES]) {
    await test.step(name, async () => {
      expect.soft(await compare(lab.store as Answers, sql), name).toBeNull();
    });
  }
  expect(lab.complaints).toEqual([]);
  await lab.close();
  sql.close();
});
