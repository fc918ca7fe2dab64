import { useMemo } from 'react';
import { fileGaps } from './file-gaps.ts';
import { useFilters } from './filters.ts';
import { useImports } from './imports.ts';
import { useOrigins } from './use-origins.ts';

/** What files did not bring of the source on screen: see `fileGaps`. */
export function useFileGaps(): readonly string[] {
  const { source } = useFilters();
  const origins = useOrigins();
  const importing = useImports().phase === 'running';
  return useMemo(() => fileGaps(origins ?? [], source, importing), [origins, source, importing]);
}
