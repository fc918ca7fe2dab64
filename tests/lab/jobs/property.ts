/** Random sequences of everything that can happen to a store, against the model (see tests/oracle). */
import { type Outcome, playRandomly, type Subject } from '../../oracle/sequences.ts';
import type { World } from '../page/world.ts';

/** Two stores at once, each in a worker of its own and on a database of its own: one waits while the other works. */
export async function sequences(
  { store, newStore }: World,
  { seed, runs }: { seed: number; runs: number },
): Promise<readonly Outcome[]> {
  const second = newStore();
  const half = { seed, runs: runs / 2 };
  const outcomes = await Promise.all([
    playRandomly(store as unknown as Subject, 'account', half),
    playRandomly(second.store as unknown as Subject, 'sample', { ...half, seed: seed + 1 }),
  ]);
  second.terminate();
  return outcomes;
}
