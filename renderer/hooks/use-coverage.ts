import { useEffect, useMemo, useRef, useState } from 'react';
import { asMoney, type SourceRef, UTC_DAY } from '../../shared/query.ts';
import { startOfDay } from '../../shared/time.ts';
import { store } from '../client.ts';
import { askGroups } from './ask.ts';
import {
  type Completeness,
  type CoverageFacts,
  type Coverer,
  completeness,
  type DayFigures,
} from './coverage.ts';
import type { DataSource } from './data-sources.ts';
import { useStatus } from './dataset.ts';
import { type DayRange, sourceFilter, sourceKey, useFilters } from './filters.ts';
import { lists } from './lists.ts';
import { behindScreens } from './on-screen.ts';
import { createSignal, throttle, useSignal } from './signal.ts';
import { useSync } from './sync.ts';
import { isSyncing } from './sync-view.ts';
import { useNow } from './use-now.ts';
import { useSources } from './use-sources.ts';

/** Between two looks at a store that changes all the time. */
const LOOK_AGAIN_MS = 1_000;
/** More days than there can be. */
const ALL_DAYS = 1_000_000;

const coverage = createSignal<CoverageFacts | null>(null);

/** What is known of each day, for the source that is chosen; null until known. */
export const useCoverage = (): CoverageFacts | null => useSignal(coverage);

/** What is to be said of a total over a range; null while nothing is known. */
export function useCompleteness(range: DayRange | null): Completeness | null {
  const facts = useCoverage();
  return useMemo(() => facts && completeness(facts, range), [facts, range]);
}

/** The same of one connection alone; null where it is filtered out. */
export function useConnectionCoverage(
  facts: CoverageFacts | null,
  connectionId: string,
): CoverageFacts | null {
  return useMemo(() => {
    const coverers = facts?.coverers.filter((coverer) => coverer.connectionId === connectionId) ?? [];
    return facts && coverers.length > 0 ? { ...facts, coverers } : null;
  }, [facts, connectionId]);
}

/** Keeps `useCoverage` up to date, once for all views. */
export function useKeepCoverage(): void {
  const { dataset, version } = useStatus();
  const { source } = useFilters();
  const sources = useSources();
  const sync = useSync();
  const syncing = isSyncing(sync) && 'connection' in sync ? sync.connection.id : null;
  const today = startOfDay(useNow(60_000));
  // While data stream in, days need not be looked at with every page.
  const [seen, setSeen] = useState(version);
  const [look] = useState(() => throttle(LOOK_AGAIN_MS, setSeen));
  useEffect(() => look(version), [look, version]);
  const asked = useRef({ place: '', serial: 0, shown: 0 });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another dataset, version or day is a reason to ask again
  useEffect(() => {
    const place = `${dataset} ${sourceKey(source)}`;
    const { current } = asked;
    if (current.place !== place) coverage.set(null);
    current.place = place;
    const serial = ++current.serial;
    behindScreens()
      .then(() => gather(source, sources, syncing))
      .then(
        (facts) => {
          // While data stream in, an answer that is not the newest is still newer than the one shown.
          if (current.place !== place || serial < current.shown) return;
          current.shown = serial;
          coverage.set(facts);
        },
        () => undefined,
      );
  }, [dataset, seen, source, sources, syncing, today]);
}

async function gather(
  source: SourceRef | null,
  sources: readonly DataSource[],
  syncing: string | null,
): Promise<CoverageFacts> {
  const files = source === null ? 'files' : isConnection(source) ? null : source;
  const [stored, fromFiles, ...coverers] = await Promise.all([
    askDays(source),
    files === null ? new Set<number>() : askFileDays(files),
    ...sources.flatMap(({ ref, label, connection }) => {
      if (!isConnection(ref) || (source !== null && !isConnection(source))) return [];
      if (source !== null && source.connectionId !== ref.connectionId) return [];
      const { connectionId } = ref;
      return store.checkpoint(connectionId).then(
        (checkpoint): Coverer => ({
          connectionId,
          label,
          checkpoint,
          lists: connection !== null && lists(connection),
          syncing: connectionId === syncing,
        }),
      );
    }),
  ]);
  return { coverers, stored, fromFiles, now: Date.now() };
}

const isConnection = (ref: SourceRef): ref is Extract<SourceRef, { connectionId: string }> =>
  ref !== 'files' && 'connectionId' in ref;

async function askDays(source: SourceRef | null): Promise<ReadonlyMap<number, DayFigures>> {
  const { groups } = await askGroups({
    filter: sourceFilter(source),
    by: [UTC_DAY],
    aggregates: { requests: { fn: 'count' }, spend: { fn: 'sum', of: 'spend' } },
    sort: { by: 'key', descending: false },
    offset: 0,
    limit: ALL_DAYS,
  });
  return new Map(
    groups.map(({ keys: [day], values: { requests, spend } }) => [
      Number(day),
      { requests: Number(requests.value), spend: asMoney(spend) },
    ]),
  );
}

async function askFileDays(files: SourceRef): Promise<ReadonlySet<number>> {
  const { groups } = await askGroups({
    filter: sourceFilter(files),
    by: [UTC_DAY],
    aggregates: {},
    sort: { by: 'key', descending: false },
    offset: 0,
    limit: ALL_DAYS,
  });
  return new Set(groups.map(({ keys: [day] }) => Number(day)));
}
