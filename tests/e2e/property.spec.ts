/**
 * Whatever happens to a store, in whatever order (imports, syncs, undoing, removing, starting again), its answers are
 * those of a model that a child could check. `FC_SEED=…` begins where a run that failed began.
 */
import { join } from 'node:path';
import { Lab } from '../lab/lab.ts';
import { isLong, seed } from '../oracle/seed.ts';
import { expect, test } from './fixtures.ts';

/** Played in parts, so that a long run tells how far it is. */
const PART = 250;
const RUNS = isLong ? 20_000 : 1000;

test(`${RUNS} sequences of operations end as in the model`, async ({ folder }) => {
  // It takes a minute or so; the rest is for machines that have other things to do, and for shrinking.
  test.setTimeout(isLong ? 7_200_000 : 900_000);
  const lab = await Lab.launch({ profile: join(folder, 'profile') });
  const { sequences } = lab.jobs<typeof import('../lab/jobs/property.ts')>('property');
  for (let done = 0; done < RUNS; done += PART) {
    console.log(`${done} of ${RUNS} sequences played; the next begin with FC_SEED=${seed + done}`);
    for (const { failure } of await sequences({ seed: seed + done, runs: PART })) {
      expect(failure ?? 'no difference').toBe('no difference');
    }
  }
  expect(lab.complaints).toEqual([]);
  await lab.close();
});
