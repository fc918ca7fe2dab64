import { useEffect } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import type { MenuCommand } from '../shared/ipc.ts';
import { main } from './client.ts';
import { ErrorBoundary } from './components/error-boundary.tsx';
import { chooseFiles, FilesInput } from './components/files.tsx';
import { Notices } from './components/notices.tsx';
import { openExport } from './hooks/exports.ts';
import { attempt } from './hooks/notices.ts';
import { go } from './hooks/route.ts';
import { syncAll } from './hooks/sync.ts';
import { find } from './views/frame/search-box.tsx';
import { Shortcuts, showShortcuts } from './views/frame/shortcuts.tsx';
import { ImportDialog } from './views/imports/import-dialog.tsx';
import { LookUpsDialog } from './views/look-ups/look-ups-dialog.tsx';
import { Start } from './views/start.tsx';

/** What each choice in the application menu does. */
const MENU: Readonly<Record<MenuCommand, () => void>> = {
  openFiles: chooseFiles,
  exportTable: () => openExport('table'),
  exportGenerations: () => openExport('generations'),
  exportReport: () => openExport('report'),
  sync: () => attempt(syncAll()),
  find,
  settings: () => go({ view: 'settings' }),
  shortcuts: showShortcuts,
};

/** The whole page. */
export function App() {
  useEffect(() => main.on('menu', ({ command }) => MENU[command]()), []);
  return (
    <I18nProvider locale="en-US">
      <ErrorBoundary>
        <Start />
        <ImportDialog />
        <LookUpsDialog />
        <Shortcuts />
      </ErrorBoundary>
      <FilesInput />
      <Notices />
    </I18nProvider>
  );
}
