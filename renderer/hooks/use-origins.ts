import { useEffect } from 'react';
import { store } from '../client.ts';
import type { Origin } from '../store/api.ts';
import { useStatus } from './dataset.ts';
import { createSignal, useSignal } from './signal.ts';

const origins = createSignal<readonly Origin[] | null>(null);

/** Every import and sync of the open dataset, newest first; null until known. */
export const useOrigins = (): readonly Origin[] | null => useSignal(origins);

/** Keeps `useOrigins` up to date, once for all views. */
export function useKeepOrigins(): void {
  const { dataset, version } = useStatus();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another dataset is no place for what was known of this one
  useEffect(() => () => origins.set(null), [dataset]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another dataset or version is a reason to ask again
  useEffect(() => {
    let current = true;
    store.origins().then(
      (answer) => current && origins.set(answer),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [dataset, version]);
}
