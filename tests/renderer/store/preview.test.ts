/** What an import would do, where a part of what is stored cannot be read at once. */
import { expect, test } from 'vitest';
import { ReadAgain } from '../../../renderer/store/damage.ts';
import { encodeBatch } from '../../../renderer/store/encode.ts';
import { Preview, type Stored } from '../../../renderer/store/preview.ts';
import type { GenerationBatch } from '../../../shared/batch.ts';
import { MemoryEngine } from './memory.ts';

const T0 = Date.UTC(2026, 0, 1);
const batch = (ns: readonly number[], cost: string): GenerationBatch => ({
  rows: ns.length,
  columns: {
    generation_id: ns.map((n) => `gen-${T0 / 1000 + n * 60}-${n}`),
    created_at: ns.map((n) => new Date(T0 + n * 60_000).toISOString()),
    cost_total: ns.map(() => cost),
  },
});
const upTo = (end: number, from = 0): number[] => Array.from({ length: end - from }, (_, i) => from + i);

test('a batch that is judged again after a failure is counted once', async () => {
  const engine = new MemoryEngine();
  // Too many for the next to be put behind them: two segments.
  for (const from of [0, 9000]) engine.ingest(batch(upTo(from + 9000, from), '0.5'));
  let loads = 0;
  const stored = (failsAt: number): Stored => ({
    segments: engine.segments,
    addressesOf: (ids) => engine.addressesOf(ids),
    dictionary: engine.dictionary,
    breathe: () => undefined,
    load: async () => {
      if (++loads === failsAt) throw new ReadAgain([{ segment: 1, columns: ['cost_total'] }]);
    },
  });
  // Of each segment one that is the same and one that is not, and two that are new.
  const same = batch([0, 9000, 20_000], '0.5');
  const other = batch([1, 9001, 20_001, 0], '0.7');
  const preview = new Preview();
  await preview.add(encodeBatch(same), stored(0));
  loads = 0;
  await expect(preview.add(encodeBatch(other), stored(2))).rejects.toThrow(ReadAgain);
  expect(preview.counts).toMatchObject({ rows: 3, new: 1, same: 2 });
  const counts = await preview.add(encodeBatch(other), stored(0));
  expect(counts).toEqual({
    rows: 7,
    new: 2,
    same: 2,
    completed: 0,
    conflicting: 3,
    rejected: 0,
    // The new ones, and the difference of two that are stored; nothing of the one that came before.
    spendAdded: 5n * 10n ** 23n + 7n * 10n ** 23n + 2n * 2n * 10n ** 23n,
  });
});
