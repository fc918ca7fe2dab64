/** What an export holds: the filters of the screen, in conditions and in words, and what is missing from it. */
import { useMemo } from 'react';
import type { AppError } from '../../shared/errors.ts';
import type { Filter } from '../../shared/query.ts';
import { UTC_DAY } from '../../shared/query.ts';
import { formatDays } from '../../shared/time.ts';
import { completenessWords, stretchWords } from '../views/coverage/coverage-words.ts';
import { type CoverageFacts, completeness, incompleteDays } from './coverage.ts';
import { useStatus } from './dataset.ts';
import { type DayRange, isSameSource, scopeFilter, toFilter, useFilters } from './filters.ts';
import { useImports } from './imports.ts';
import { useLookUps } from './look-ups.ts';
import { useRoute } from './route.ts';
import { useSync } from './sync.ts';
import { isSyncing } from './sync-view.ts';
import { useCoverage } from './use-coverage.ts';
import { useFileGaps } from './use-file-gaps.ts';
import { useSources } from './use-sources.ts';

export interface ExportScope {
  readonly filter: Filter;
  readonly range: DayRange | null;
  /** The period in words: `2026-11-01 – 2026-11-22`, `All time`. */
  readonly period: string;
  /** The zone of the period's days, and of every time in a file. */
  readonly zone: string;
  /** The filters but for the period, in words: `User: ann`. */
  readonly filters: readonly string[];
  /** The one user that is on screen; null stands for the requests without one. */
  readonly user: { readonly id: string | null } | null;
  /** Why not everything of the period is in it, in sentences without a full stop; empty: everything is. */
  readonly partial: readonly string[];
  /** Days that are not complete, as stretches in words; empty when none is. */
  readonly gaps: string;
  /** The same days, each by its first millisecond. */
  readonly gapDays: readonly number[];
}

/** The scope of the view that is on screen. */
export function useExportScope(): ExportScope {
  const { range, search, source } = useFilters();
  const { problems } = useStatus();
  const route = useRoute();
  const sources = useSources();
  const facts = useCoverage();
  const fileGaps = useFileGaps();
  const running = useRunning();
  return useMemo(() => {
    const user = route.view === 'user' ? { id: route.user } : null;
    const label = sources.find(({ ref }) => isSameSource(ref, source))?.label;
    const filters = [
      ...(user ? [`User: ${user.id ?? 'requests without a user id'}`] : []),
      ...(!user && search.trim() !== '' ? [`User id holds: ${search.trim()}`] : []),
      ...(source ? [`Source: ${label ?? 'one of several'}`] : []),
    ];
    const gapDays = facts ? incompleteDays(facts, range) : [];
    return {
      filter: user
        ? [...scopeFilter({ range, source }), { on: 'user', in: [user.id] } as const]
        : toFilter({ range, search, source }),
      range,
      period: range === null ? 'All time' : formatDays(range.first, range.last),
      zone: UTC_DAY.zone,
      filters,
      user,
      partial: [...running, ...missing(facts, range), ...fileGaps, ...setAside(problems)],
      gaps: stretchWords(gapDays, 12),
      gapDays,
    };
  }, [range, search, source, problems, route, sources, facts, fileGaps, running]);
}

/** What is bringing data at this moment. */
function useRunning(): readonly string[] {
  const syncing = isSyncing(useSync());
  const importing = useImports().phase === 'running';
  const looking = useLookUps().phase === 'running';
  return useMemo(
    () => [
      ...(syncing ? ['A sync is running'] : []),
      ...(importing ? ['An import is running'] : []),
      ...(looking ? ['Ids are being looked up'] : []),
    ],
    [syncing, importing, looking],
  );
}

function missing(facts: CoverageFacts | null, range: DayRange | null): readonly string[] {
  // Whoever exports before the days were looked at must not be told that nothing is missing.
  if (facts === null) return ['It is not known yet which days are complete'];
  const words = completenessWords(completeness(facts, range));
  return words ? [words] : [];
}

const setAside = (problems: readonly AppError[]): readonly string[] =>
  problems.map(({ title }) => title.replace(/\.$/, ''));
