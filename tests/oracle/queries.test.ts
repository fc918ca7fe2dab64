/** Thousands of random questions to the engine in memory, each answered by the model too. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryEngine } from '../renderer/store/memory.ts';
import { plainBatches, questions } from './arbitraries.ts';
import { type Answers, judge, judgeEverything, tally } from './judge.ts';
import { Model, type ModelSource } from './model.ts';
import { isLong, seed } from './seed.ts';

const SOURCES: readonly ModelSource[] = [
  { connectionId: 'one' },
  { origin: 0 },
  { connectionId: '__proto__' },
  { origin: 1 },
];
const worlds = fc.tuple(...SOURCES.map(() => fc.option(plainBatches(8), { nil: null })));
const RUNS = isLong ? 5000 : 250;

test(`${RUNS} worlds, 20 questions each, FC_SEED=${seed}`, async () => {
  await fc.assert(
    fc.asyncProperty(worlds, fc.array(questions, { maxLength: 20, size: 'max' }), async (batches, asked) => {
      const [model, engine] = [new Model(), new MemoryEngine()];
      engine.sources = SOURCES.map((source, i) => ({
        id: i + 1,
        key: 'origin' in source ? `origin ${source.origin}` : `connection ${source.connectionId}`,
      }));
      // One batch a source, in the order of the sources: what comes of histories is another test's.
      for (const [i, batch] of batches.entries()) {
        if (!batch) continue;
        const { rejected, ...counts } = engine.ingest(batch, i + 1);
        expect({ ...counts, rejected: rejected.length, rows: batch.rows }).toEqual(
          model.ingest(SOURCES[i] as ModelSource, batch),
        );
      }
      expect(await judgeEverything(model, (query) => engine.rows(query), null)).toBeNull();
      for (const question of asked) expect(await judge(model, engine as Answers, question)).toBeNull();
    }),
    { seed, numRuns: RUNS },
  );
  // Passing over is for the last bit, not for the rest.
  expect(tally.passedOver).toBeLessThan(tally.asked / 50);
}, 3_600_000);
