import type { Connection } from '../../../shared/ipc.ts';
import { countOf, formatAgo } from '../../components/format.ts';
import { lists } from '../../hooks/lists.ts';
import { isLookUp, type LookUpView } from '../../hooks/look-up-view.ts';
import { isSyncing, type SyncView, waitsForReader } from '../../hooks/sync-view.ts';
import type { Origin } from '../../store/api.ts';
import { lookUpWords, nextWords, type SyncWords, syncWords } from './sync-words.ts';

const isSyncOf = (connectionId: string | null) => (origin: Origin) =>
  origin.kind === 'sync' &&
  !isLookUp(origin) &&
  (connectionId === null || origin.connectionId === connectionId);

/** The last sync that came to its end; of one connection, or of any. */
export const lastSync = (origins: readonly Origin[], connectionId: string | null): Origin | undefined =>
  origins.filter(isSyncOf(connectionId)).find(({ state }) => state === 'complete');

/** The last try, if it failed. */
export function lastFailure(origins: readonly Origin[], connectionId: string): Origin | undefined {
  const last = origins.find(isSyncOf(connectionId));
  return last?.state === 'failed' ? last : undefined;
}

/** Where one connection stands: its last success, its last error, its next try. */
export function connectionWords({
  connection,
  sync,
  lookUps,
  origins,
  next,
  now,
}: {
  readonly connection: Connection;
  readonly sync: SyncView;
  readonly lookUps: LookUpView;
  readonly origins: readonly Origin[];
  readonly next: number | null;
  readonly now: number;
}): SyncWords {
  const last = lastSync(origins, connection.id);
  if (isSyncing(sync) && 'connection' in sync && sync.connection.id === connection.id) {
    return syncWords(sync, last, now);
  }
  if (lookUps.phase === 'running' && lookUps.connection.id === connection.id) {
    return lookUpWords(lookUps, now) ?? NOTHING;
  }
  const nextTry = lists(connection) ? nextWords(next, now) : undefined;
  const more = nextTry === undefined ? [] : [nextTry];
  const failed = lastFailure(origins, connection.id);
  if (failed?.error) {
    const success = last?.finishedAt ? [`Last synced ${formatAgo(last.finishedAt, now)}`] : [];
    return {
      text: failed.error.title,
      detail: `${failed.error.meaning} ${failed.error.action}`,
      tone: failed.error.code === 'offline' ? 'quiet' : 'problem',
      more: [
        `Last try ${formatAgo(failed.finishedAt ?? failed.startedAt, now)}`,
        ...success,
        ...(waitsForReader(failed.error) ? ['Not tried again by itself'] : more),
      ],
    };
  }
  const tried = origins.find(isSyncOf(connection.id));
  if (tried?.state === 'stopped') {
    const { counts, finishedAt, startedAt } = tried;
    const ago = formatAgo(finishedAt ?? startedAt, now);
    return { text: `Stopped after ${countOf(counts.rows, 'generation')} · ${ago}`, tone: 'quiet', more };
  }
  if (!lists(connection) && !last) {
    const looked = origins.find((origin) => isLookUp(origin) && origin.connectionId === connection.id);
    const when = looked?.finishedAt ? [`Last look-up ${formatAgo(looked.finishedAt, now)}`] : [];
    return { text: 'Looks up ids only', tone: 'quiet', more: when };
  }
  return { ...syncWords({ phase: 'idle' }, last, now), more };
}

const NOTHING: SyncWords = { text: '', tone: 'quiet' };
