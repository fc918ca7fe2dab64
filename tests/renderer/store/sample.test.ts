import { expect, it } from 'vitest';
import { loadSample } from '../../../renderer/store/sample.ts';
import type { GenerationBatch } from '../../../shared/batch.ts';
import { SAMPLE_SIZE } from '../../../shared/sample/size.ts';

it('is as large as the first screen says', async () => {
  const stored: GenerationBatch[] = [];
  await loadSample({
    beginOrigin: async () => 1,
    ingest: async (_origin, batch) => {
      stored.push(batch);
      return { rows: batch.rows, new: batch.rows, known: 0, merged: 0, rejected: 0 };
    },
    finishOrigin: async () => Promise.reject(new Error('nobody looks at the origin')),
  }).catch(() => undefined);
  const [batch] = stored;
  const users = new Set(batch?.columns.user?.filter((user) => user !== null && user !== ''));
  expect(batch?.rows).toBe(SAMPLE_SIZE.rows);
  expect(users.size).toBeLessThanOrEqual(SAMPLE_SIZE.users);
  expect(users.size).toBeGreaterThan(SAMPLE_SIZE.users * 0.95);
});
