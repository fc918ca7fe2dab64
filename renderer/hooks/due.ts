import type { Preferences } from '../../shared/ipc.ts';

/** When the next sync is due: counted from the end of the last one, or from now. */
export function dueAt(preferences: Preferences, lastEnd: number | null, now: number): number | null {
  const { syncEveryMinutes } = preferences;
  return syncEveryMinutes === 0 ? null : (lastEnd ?? now) + syncEveryMinutes * 60_000;
}
