/**
 * Random histories of sources that come, come again and go, in the engine in memory: after each step every cell is
 * the model's. The same with the database around it is in tests/e2e/property.spec.ts.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryEngine } from '../renderer/store/memory.ts';
import { batches } from './arbitraries.ts';
import { judgeEverything } from './judge.ts';
import { Model } from './model.ts';
import { isLong, seed } from './seed.ts';

const source = fc.integer({ min: 0, max: 3 });
const steps = fc.oneof(
  { weight: 4, arbitrary: fc.record({ step: fc.constant('ingest' as const), source, batch: batches(5) }) },
  { weight: 2, arbitrary: fc.record({ step: fc.constant('remove' as const), source }) },
  { weight: 1, arbitrary: fc.constant({ step: 'join' as const }) },
);
const RUNS = isLong ? 100_000 : 2000;

test(`${RUNS} histories, FC_SEED=${seed}`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { maxLength: 12, size: 'max' }), async (history) => {
      const [model, engine] = [new Model(), new MemoryEngine()];
      // A source that comes again after it was removed is a new one, behind all others.
      const numbers = new Map<number, number>();
      let last = 0;
      for (const step of history) {
        switch (step.step) {
          case 'ingest': {
            const number = numbers.get(step.source) ?? ++last;
            numbers.set(step.source, number);
            const { rejected, ...counts } = engine.ingest(step.batch, number);
            expect({ ...counts, rejected: rejected.length, rows: step.batch.rows }).toEqual(
              model.ingest({ origin: step.source }, step.batch),
            );
            break;
          }
          case 'remove': {
            const removed = engine.removeSource(numbers.get(step.source) ?? -1);
            expect(removed).toBe(model.removeSource({ origin: step.source }));
            numbers.delete(step.source);
            break;
          }
          case 'join':
            engine.join();
        }
        expect(await judgeEverything(model, (query) => engine.rows(query), null)).toBeNull();
      }
    }),
    { seed, numRuns: RUNS },
  );
}, 3_600_000);
