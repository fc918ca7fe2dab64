import { Button } from '../components/button.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { useDataset } from '../hooks/dataset.ts';
import { currentFileTaker, useFileTaker } from '../hooks/file-taker.ts';
import { importFiles } from '../hooks/imports.ts';
import { useFileDrop } from '../hooks/use-file-drop.ts';
import { Frame } from './frame/frame.tsx';
import { useShortcuts } from './frame/shortcuts.tsx';
import styles from './start.module.css';

/** What the window shows from the first moment: that the store is being opened, why it cannot be, or the app. */
export function Start() {
  const dataset = useDataset();
  const taker = useFileTaker();
  const dropping = useFileDrop((files) => (currentFileTaker()?.take ?? importFiles)(files));
  useShortcuts();
  switch (dataset.phase) {
    case 'opening':
      return (
        <div className={styles.opening} role="status">
          <p>Opening your data…</p>
          <p className={styles.late}>
            This takes longer than usual. If it does not end, restart Whospent; your stored data are not
            affected.
          </p>
        </div>
      );
    case 'failed':
      return (
        <main className={styles.failed}>
          <h1>Whospent cannot open its data</h1>
          <ErrorNotice error={dataset.error} />
          <Button onPress={() => location.reload()}>Try again</Button>
        </main>
      );
    case 'open':
      return (
        <>
          <Frame dropping={dropping} />
          {dropping && (
            <div className={styles.drop}>{taker?.words ?? 'Let go to import the activity CSV'}</div>
          )}
        </>
      );
  }
}
