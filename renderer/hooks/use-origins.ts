import { useEffect, useState } from 'react';
import { store } from '../client.ts';
import type { Origin } from '../store/api.ts';
import { useStatus } from './dataset.ts';

/** Every import and sync of the open dataset, newest first; null until known. */
export function useOrigins(): readonly Origin[] | null {
  const { dataset, version } = useStatus();
  const [origins, setOrigins] = useState<readonly Origin[] | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another dataset or version is a reason to ask again
  useEffect(() => {
    let current = true;
    store.origins().then(
      (answer) => current && setOrigins(answer),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [dataset, version]);
  return origins;
}
