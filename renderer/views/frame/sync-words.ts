import type { Source, SyncProgress } from '../../../shared/sync.ts';
import { formatDay } from '../../../shared/time.ts';
import { countOf, formatAgo, formatClock, formatCount, formatWait } from '../../components/format.ts';
import type { LookUpView } from '../../hooks/look-up-view.ts';
import { leftText, NO_PACE, type Pace, paceText } from '../../hooks/pace.ts';
import type { SyncView } from '../../hooks/sync-view.ts';
import type { Origin } from '../../store/api.ts';

export interface SyncWords {
  readonly text: string;
  readonly detail?: string;
  readonly tone: 'quiet' | 'busy' | 'problem';
  /** More of it, a line each. */
  readonly more?: readonly string[];
  /** How much is done, 0 to 1, where that is known. */
  readonly done?: number;
}

/** Where generations are pulled from, in a word or two. */
export const SOURCE_NAMES: Readonly<Record<Source, string>> = {
  generations: 'the list of generations',
  analytics: 'analytics',
  ids: 'look-ups by id',
};

/** Where syncing stands, in words. `last` is the last sync that came to its end, if any session had one. */
export function syncWords(sync: SyncView, last: Origin | undefined, now: number): SyncWords {
  switch (sync.phase) {
    case 'pulling': {
      const { received, oldest } = sync.progress;
      const back = oldest === null ? '' : ` · back to ${formatDay(oldest)}`;
      return {
        text: received === 0 ? 'Syncing…' : `Syncing: ${countOf(received, 'generation')}${back}`,
        tone: 'busy',
        ...pullWords(sync.progress, sync.pace),
      };
    }
    case 'waiting': {
      const { received, oldest } = sync.progress;
      const soFar = received > 0 ? [`${countOf(received, 'generation')} so far`] : [];
      const back = oldest === null ? [] : [`Back to ${formatDay(oldest)}`];
      const { more, done } = pullWords(sync.progress, NO_PACE);
      return {
        text: `Waiting ${formatWait(sync.until - now)}: ${sync.error.title}`,
        detail: `${sync.error.meaning} ${sync.error.action}`,
        tone: 'busy',
        more: [...soFar, ...back, ...more],
        ...(done === undefined ? {} : { done }),
      };
    }
    case 'failed': {
      const { failures } = sync;
      const [first] = failures;
      if (first?.error.code === 'offline') {
        return { text: 'Offline: everything but syncing works', tone: 'quiet', more: lastSuccess(last, now) };
      }
      return {
        text:
          failures.length === 1 && first
            ? first.error.title
            : `${formatCount(failures.length)} connections were not synced`,
        detail: failures.map(({ connection, error }) => `${connection.label}: ${error.title}`).join('\n'),
        tone: 'problem',
        more: [`Last try ${formatAgo(sync.at, now)}`, ...lastSuccess(last, now)],
      };
    }
    case 'stopped':
      return {
        text: `Stopped after ${countOf(sync.progress.received, 'generation')} · ${formatAgo(sync.at, now)}`,
        detail: 'What was received is stored. Sync again to go on from there.',
        tone: 'quiet',
        more: lastSuccess(last, now),
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

const lastSuccess = (last: Origin | undefined, now: number): readonly string[] =>
  last?.finishedAt ? [`Last synced ${formatAgo(last.finishedAt, now)}`] : [];

const isText = (text: string | null): text is string => text !== null;

function pullWords(
  { source, done }: SyncProgress,
  pace: Pace,
): { readonly more: readonly string[]; readonly done?: number } {
  return {
    more: [
      [`From ${SOURCE_NAMES[source]}`, paceText(pace)].filter(isText).join(' · '),
      pace.leftMs === null ? null : sentence(leftText(pace.leftMs)),
    ].filter(isText),
    ...(done === null ? {} : { done }),
  };
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Where a look-up of ids stands; null when there is none to speak of. */
export function lookUpWords(view: LookUpView, now: number): SyncWords | null {
  switch (view.phase) {
    case 'idle':
      return null;
    case 'running': {
      const { done, left, missing, pace } = view.progress;
      const figures = `${formatCount(done)} of ${countOf(done + left, 'id')} looked up`;
      return {
        text: view.waiting
          ? `Waiting ${formatWait(view.waiting.until - now)}: ${view.waiting.error.title}`
          : figures,
        tone: 'busy',
        more: [
          view.waiting ? figures : null,
          missing > 0 ? `${formatCount(missing)} not known to OpenRouter` : null,
          paceText(pace),
          pace.leftMs === null || left === 0 ? null : sentence(leftText(pace.leftMs)),
        ].filter(isText),
        done: done / Math.max(1, done + left),
      };
    }
    case 'ended': {
      const { found, left, missing } = view.progress;
      return {
        text: `${countOf(found, 'id')} looked up${left > 0 ? `, ${formatCount(left)} left` : ''}`,
        tone: 'quiet',
        ...(missing > 0 ? { more: [`${formatCount(missing)} not known to OpenRouter`] } : {}),
      };
    }
    case 'failed':
      return {
        text: view.error.code === 'offline' ? 'Offline: the look-up goes on later' : view.error.title,
        detail: `${view.error.meaning} ${view.error.action}`,
        tone: view.error.code === 'offline' ? 'quiet' : 'problem',
      };
  }
}

/** What the sidebar says of the next sync; undefined when there is nothing to say. */
export function nextWords(next: number | null, now: number): string | undefined {
  if (next === null) return undefined;
  return next <= now ? 'Next now' : `Next at ${formatClock(next)}`;
}

/** `12 new · 88 already known · 3 merged · 1 rejected`, without what did not happen but for the new ones. */
function countsWords(counts: {
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
