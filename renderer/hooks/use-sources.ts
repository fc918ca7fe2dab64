import { useMemo } from 'react';
import { useConnections } from './connections.ts';
import { type DataSource, dataSources } from './data-sources.ts';
import { useStatus } from './dataset.ts';
import { useOrigins } from './use-origins.ts';

/** The sources of the open dataset; none for the sample. */
export function useSources(): readonly DataSource[] {
  const { dataset } = useStatus();
  const connections = useConnections();
  const origins = useOrigins();
  return useMemo(
    () => (dataset === 'sample' ? [] : dataSources(connections ?? [], origins ?? [])),
    [dataset, connections, origins],
  );
}
