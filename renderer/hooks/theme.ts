import type { Theme } from '../../shared/ipc-values.ts';
import { call, main } from '../client.ts';
import { createSignal, useSignal } from './signal.ts';

/** null until the main process has answered: it keeps the choice, and the colours follow it before the page is drawn. */
const theme = createSignal<Theme | null>(null);

export const useTheme = (): Theme | null => useSignal(theme);

export async function loadTheme(): Promise<void> {
  theme.set((await call(main.appInfo({}))).theme);
}

export async function chooseTheme(next: Theme): Promise<void> {
  await call(main.setTheme({ theme: next }));
  theme.set(next);
}
