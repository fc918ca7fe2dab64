import { useEffect, useState } from 'react';
import { chooseFiles } from '../../components/files.tsx';
import { Modal } from '../../components/modal.tsx';
import { isCovered } from '../../hooks/covered.ts';
import { go, type Route } from '../../hooks/route.ts';
import { createSignal, useSignal } from '../../hooks/signal.ts';
import { find } from './search-box.tsx';
import styles from './shortcuts.module.css';

const shown = createSignal(false);
export const showShortcuts = (): void => shown.set(true);

const mac = navigator.platform.startsWith('Mac');
const command = mac ? '⌘' : 'Ctrl';

const SHORTCUTS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['/'], 'Search users'],
  [[command, 'F'], 'Search users'],
  [[command, 'O'], 'Choose activity CSV files'],
  [[command, 'E'], 'Export the table'],
  [[command, 'Shift', 'E'], 'Export the generations'],
  [[command, 'P'], 'Make a report'],
  [['g', 'u'], 'Go to Users'],
  [['g', 'c'], 'Go to Coverage'],
  [['g', 'r'], 'Go to Reconciliation'],
  [['g', 'i'], 'Go to Imports & syncs'],
  [['g', 's'], 'Go to Settings'],
  [['↑', '↓'], 'Walk through the rows'],
  [['Page ↑', 'Page ↓'], 'Walk by a screen'],
  [['Home', 'End'], 'First row, last row'],
  [['Enter'], 'Open the user, or the request'],
  [['Esc'], 'Back to the users'],
  [[command, 'C'], 'Copy the row with exact values'],
  [['?'], 'This list'],
];

/** The list of keyboard shortcuts. */
export function Shortcuts() {
  const isOpen = useSignal(shown);
  return (
    <Modal title="Keyboard shortcuts" isOpen={isOpen} onClose={() => shown.set(false)}>
      <dl className={styles.list}>
        {SHORTCUTS.map(([keys, what]) => (
          <div key={keys.join()}>
            <dt>{what}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.matches('input, textarea, select, [contenteditable="true"], [role="spinbutton"]');

/** Hears the shortcuts that work everywhere. */
export function useShortcuts(): void {
  const [going] = useState({ since: 0 });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || isCovered()) return;
      const withCommand = mac ? event.metaKey : event.ctrlKey;
      const act = withCommand
        ? { f: find, o: chooseFiles }[event.key.toLowerCase()]
        : event.ctrlKey || event.metaKey || isTyping(event.target)
          ? undefined
          : plainKey(event.key, event.timeStamp - going.since < 1_200);
      going.since = !withCommand && event.key === 'g' ? event.timeStamp : 0;
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [going]);
}

/** Views by the key that is pressed after `g`. */
const GOES_TO: Readonly<Record<string, Exclude<Route['view'], 'user'>>> = {
  u: 'users',
  c: 'coverage',
  r: 'reconcile',
  i: 'imports',
  s: 'settings',
};

function plainKey(key: string, afterG: boolean): (() => void) | undefined {
  const view = afterG ? GOES_TO[key] : undefined;
  if (view) return () => go({ view });
  if (key === '/') return find;
  if (key === '?') return showShortcuts;
  return undefined;
}
