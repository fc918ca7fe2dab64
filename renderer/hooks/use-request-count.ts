import { useEffect, useState } from 'react';
import type { Filter } from '../../shared/query.ts';
import { askCount } from './ask.ts';
import { useStatus } from './dataset.ts';

/** How many requests a filter lets through; null until known. The filter must keep its identity. */
export function useRequestCount(filter: Filter): number | null {
  const { version } = useStatus();
  const [count, setCount] = useState<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is a reason to ask again
  useEffect(() => {
    let current = true;
    askCount(filter).then(
      (answer) => current && setCount(answer),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [filter, version]);
  return count;
}
