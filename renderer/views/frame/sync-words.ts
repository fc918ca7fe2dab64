import { formatDay } from '../../../shared/time.ts';
import { countOf, formatAgo, formatCount } from '../../components/format.ts';
import type { SyncView } from '../../hooks/sync.ts';
import type { Origin } from '../../store/api.ts';

export interface SyncWords {
  readonly text: string;
  readonly detail?: string;
  readonly tone: 'quiet' | 'busy' | 'problem';
}

/** Where syncing stands, in words. `last` is the last sync that came to its end, if any session had one. */
export function syncWords(sync: SyncView, last: Origin | undefined, now: number): SyncWords {
  switch (sync.phase) {
    case 'pulling': {
      const { received, oldest } = sync.progress;
      const back = oldest === null ? '' : ` · back to ${formatDay(oldest)}`;
      return {
        text: received === 0 ? 'Syncing…' : `Syncing: ${countOf(received, 'generation')}${back}`,
        tone: 'busy',
      };
    }
    case 'waiting': {
      const seconds = Math.max(0, Math.ceil((sync.until - now) / 1000));
      return { text: `Waiting ${countOf(seconds, 'second')}: ${sync.error.title}`, tone: 'busy' };
    }
    case 'failed':
      return {
        text: sync.error.code === 'offline' ? 'Offline: everything but syncing works' : sync.error.title,
        detail: `${sync.error.meaning} ${sync.error.action}`,
        tone: sync.error.code === 'offline' ? 'quiet' : 'problem',
      };
    case 'stopped':
      return {
        text: `Stopped after ${countOf(sync.progress.received, 'generation')} · ${formatAgo(sync.at, now)}`,
        detail: 'What was received is stored. Sync again to go on from there.',
        tone: 'quiet',
      };
    case 'done':
      return {
        text: `Synced ${countOf(sync.progress.received, 'generation')} · ${formatAgo(sync.at, now)}`,
        detail: countsWords(sync.progress),
        tone: 'quiet',
      };
    case 'idle':
      if (!last?.finishedAt) return { text: 'Not synced yet', tone: 'quiet' };
      return {
        text: `Synced ${countOf(last.counts.rows, 'generation')} · ${formatAgo(last.finishedAt, now)}`,
        detail: countsWords(last.counts),
        tone: 'quiet',
      };
  }
}

/** `12 new · 88 already known · 3 merged · 1 rejected`, without what did not happen but for the new ones. */
export function countsWords(counts: {
  readonly new: number;
  readonly known: number;
  readonly merged: number;
  readonly rejected: number;
}): string {
  const parts = [`${formatCount(counts.new)} new`];
  if (counts.known > 0) parts.push(`${formatCount(counts.known)} already known`);
  if (counts.merged > 0) parts.push(`${formatCount(counts.merged)} merged`);
  if (counts.rejected > 0) parts.push(`${formatCount(counts.rejected)} rejected`);
  return parts.join(' · ');
}
