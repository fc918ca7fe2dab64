import type { Preferences } from '../../shared/ipc.ts';
import { call, main } from '../client.ts';
import { createSignal, useSignal } from './signal.ts';

/** null until the main process has answered. */
const preferences = createSignal<Preferences | null>(null);

export const usePreferences = (): Preferences | null => useSignal(preferences);
export const { get: currentPreferences, subscribe: onPreferences } = preferences;

export async function loadPreferences(): Promise<void> {
  preferences.set(await call(main.getPreferences({})));
}

export async function changePreferences(change: Partial<Preferences>): Promise<void> {
  const current = preferences.get();
  if (current === null) return;
  const next = { ...current, ...change };
  preferences.set(next);
  try {
    await call(main.setPreferences(next));
  } catch (thrown) {
    preferences.set(current);
    throw thrown;
  }
}
