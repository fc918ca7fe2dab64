/** What an import would do, where a part of what is stored cannot be read at once. */
import fc from 'fast-check';
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
    // The new ones, and the difference of three that are stored, of which one was the same before.
    spendAdded: 5n * 10n ** 23n + 7n * 10n ** 23n + 3n * 2n * 10n ** 23n,
  });
});

const cost = fc.constantFrom(null, '0', '0.5', '0.000123', '0.0001234', '7');
const rows = fc.array(
  fc.record({
    n: fc.nat(12),
    cost_total: cost,
    byok_usage_inference: cost,
    tokens_prompt: fc.constantFrom(1, 2, null),
  }),
  { maxLength: 12 },
);
type Rows = typeof rows extends fc.Arbitrary<infer T> ? T : never;

function batchOf(list: Rows): GenerationBatch {
  const { columns } = batch(
    list.map(({ n }) => n),
    '0',
  );
  const keys = ['cost_total', 'byok_usage_inference', 'tokens_prompt'] as const;
  const told = Object.fromEntries(keys.map((key) => [key, list.map((row) => row[key])]));
  return { rows: list.length, columns: { ...columns, ...told } };
}

async function spendIn(engine: MemoryEngine): Promise<bigint> {
  const aggregates = { spend: { fn: 'sum', of: 'spend' } } as const;
  const sort = { by: 'spend', descending: true } as const;
  const { totals } = await engine.group({ filter: [], by: [], aggregates, sort, offset: 0, limit: 1 });
  return (totals.spend.value as bigint | null) ?? 0n;
}

test('what an import adds to the spend is told to the last digit, whatever comes twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(rows, { maxLength: 2 }),
      fc.array(rows, { maxLength: 4 }),
      async (before, file) => {
        const engine = new MemoryEngine();
        for (const [i, list] of before.entries()) engine.ingest(batchOf(list), i + 1);
        const stored: Stored = {
          segments: [...engine.segments],
          addressesOf: (ids) => engine.addressesOf(ids),
          dictionary: engine.dictionary,
          breathe: () => undefined,
          load: async () => undefined,
        };
        const preview = new Preview();
        for (const list of file) await preview.add(encodeBatch(batchOf(list)), stored);
        const was = await spendIn(engine);
        let fresh = 0;
        for (const list of file) fresh += engine.ingest(batchOf(list), 9).new;
        expect(preview.counts).toMatchObject({ new: fresh, spendAdded: (await spendIn(engine)) - was });
      },
    ),
    { numRuns: 1000 },
  );
});
