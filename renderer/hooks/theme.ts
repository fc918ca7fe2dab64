import { THEMES, type Theme } from '../../shared/ipc-values.ts';
import { call, main } from '../client.ts';
import { createSignal, useSignal } from './signal.ts';

const KEY = 'theme';

function remembered(): Theme {
  const value = localStorage.getItem(KEY);
  return THEMES.find((theme) => theme === value) ?? 'system';
}

const theme = createSignal<Theme>(remembered());

export const useTheme = (): Theme => useSignal(theme);

/** Applies what was chosen in an earlier session. The colours themselves follow `prefers-color-scheme`. */
export function applyTheme(): void {
  if (theme.get() !== 'system') void call(main.setTheme({ theme: theme.get() }));
}

export async function chooseTheme(next: Theme): Promise<void> {
  await call(main.setTheme({ theme: next }));
  localStorage.setItem(KEY, next);
  theme.set(next);
}
