import { expect, it } from 'vitest';
import type { Origin } from '../../../renderer/store/api.ts';
import type { Database } from '../../../renderer/store/database.ts';
import { TOTAL_LINE } from '../../../renderer/store/rejection.ts';
import { countUnder } from '../../../renderer/store/write.ts';
import { NO_COUNTS } from '../../../shared/sync.ts';

it('counts lines of totals among the rejected ones, and on their own', async () => {
  let origin: Partial<Origin> = { counts: NO_COUNTS };
  const database = {
    origins: {
      get: async () => origin,
      update: async (_id: number, change: Partial<Origin>) => {
        origin = { ...origin, ...change };
      },
    },
    rejections: { put: async () => undefined },
  } as unknown as Database;
  const lost = { line: 2, reason: 'has no generation id' };
  const total = { line: 3, reason: TOTAL_LINE };
  const add = (...rejected: (typeof lost)[]) =>
    countUnder(
      database,
      1,
      { rows: 4 + rejected.length, new: 4, known: 0, merged: 0, rejected: rejected.length },
      rejected,
    );
  await add(lost);
  expect(origin.totalLines).toBeUndefined();
  await add(lost, total);
  await add(total);
  await add();
  expect(origin).toEqual({ counts: { rows: 20, new: 16, known: 0, merged: 0, rejected: 4 }, totalLines: 2 });
});
