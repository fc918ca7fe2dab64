/** Syncing by itself: on start, every so many minutes, after the computer slept, and when the network is back. */
import { main } from '../client.ts';
import { connectionsLoaded } from './connections.ts';
import { opened } from './dataset.ts';
import { dueAt } from './due.ts';
import { attempt } from './notices.ts';
import { currentPreferences, loadPreferences, onPreferences } from './preferences.ts';
import { createSignal, useSignal } from './signal.ts';
import { currentRoundEnd, currentSync, onRoundEnd, syncByItself } from './sync.ts';
import { failuresOf } from './sync-view.ts';

/** A network that is just back takes a moment to carry something. */
const SETTLE_MS = 3_000;

/** When the next sync is due, UTC ms; null: not by itself. */
const next = createSignal<number | null>(null);
export const useNextSync = (): number | null => useSignal(next);

let timer: ReturnType<typeof setTimeout> | undefined;
/** When it last tried by itself: also when there was nothing to try. */
let lastTry: number | null = null;
/** It was time, but there was no network. */
let missed = false;

function schedule(): void {
  clearTimeout(timer);
  const preferences = currentPreferences();
  const last = Math.max(currentRoundEnd() ?? 0, lastTry ?? 0);
  const at = preferences && dueAt(preferences, last === 0 ? null : last, Date.now());
  next.set(at);
  if (at !== null) timer = setTimeout(go, Math.max(0, at - Date.now()));
}

function go(): void {
  missed = !navigator.onLine;
  if (missed) {
    lastTry = Date.now();
    schedule();
    return;
  }
  attempt(
    syncByItself().finally(() => {
      lastTry = Date.now();
      schedule();
    }),
  );
}

/** Does what was due while nothing could be done, and tries again what failed for want of a network. */
function catchUp(): void {
  const at = next.get();
  const due = at !== null && at <= Date.now();
  const failed = failuresOf(currentSync()).some(({ error }) => error.code === 'offline');
  if (due || failed || missed) go();
}

/** Begins once, when the page is loaded. */
export async function startAutoSync(): Promise<void> {
  await Promise.all([opened, connectionsLoaded, loadPreferences()]);
  onRoundEnd(schedule);
  onPreferences(schedule);
  main.on('wake', () => setTimeout(catchUp, SETTLE_MS));
  window.addEventListener('online', () => setTimeout(catchUp, SETTLE_MS));
  schedule();
  if (currentPreferences()?.syncOnStart) go();
}
