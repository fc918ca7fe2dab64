/** Has a subject judged by DuckDB: both read the same CSV file, and are asked the same. */
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answers } from '../judge.ts';
import { seed } from '../seed.ts';
import type { Case } from './compare.ts';
import { csvPieces } from './csv.ts';
import { SqlDatabase, whyNoDuckDB } from './database.ts';

/** @param read makes the subject of the pieces of the file */
export function judgedBySql(
  what: string,
  rows: number,
  cases: readonly Case[],
  read: (pieces: Iterable<string>) => Promise<Answers>,
): void {
  const name = `${what}, FC_SEED=${seed}${whyNoDuckDB ? ` (${whyNoDuckDB})` : ''}`;
  describe.skipIf(whyNoDuckDB)(name, () => {
    const folder = mkdtempSync(join(tmpdir(), 'whospent-sql-'));
    let subject: Answers;
    let sql: SqlDatabase;

    beforeAll(async () => {
      const csv = join(folder, 'activity.csv');
      await pipeline(Readable.from(csvPieces({ rows, seed })), createWriteStream(csv));
      sql = await SqlDatabase.of(csv);
      subject = await read(csvPieces({ rows, seed }));
    }, 600_000);

    afterAll(() => {
      sql?.close();
      rmSync(folder, { recursive: true });
    });

    test.each(cases)(
      '$name',
      async ({ compare }) => {
        expect(await compare(subject, sql)).toBeNull();
      },
      300_000,
    );
  });
}
