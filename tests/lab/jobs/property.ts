/** Random sequences of everything that can happen to a store, against the model (see tests/oracle). */
import { type Outcome, playRandomly, type Subject } from '../../oracle/sequences.ts';
import type { World } from '../page/world.ts';

export function sequences(
  { store }: World,
  { seed, runs }: { seed: number; runs: number },
): Promise<Outcome> {
  return playRandomly(store as unknown as Subject, seed, runs);
}
