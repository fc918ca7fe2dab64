import { useState } from 'react';
import { formatDay, formatTime } from '../../../shared/time.ts';
import { TextButton } from '../../components/button.tsx';
import { DisclosureButton } from '../../components/disclosure-button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { FilesTrigger } from '../../components/files.tsx';
import { countOf, formatAgo, formatCount, titleText } from '../../components/format.ts';
import { Page } from '../../components/page.tsx';
import { useStatus } from '../../hooks/dataset.ts';
import { useSync } from '../../hooks/sync.ts';
import { isSyncing } from '../../hooks/sync-view.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useOrigins } from '../../hooks/use-origins.ts';
import type { Origin } from '../../store/api.ts';
import { SyncButton } from '../frame/sync-button.tsx';
import { ColumnNotes, OriginCounts } from './import-outcome.tsx';
import styles from './imports-view.module.css';
import { Rejections } from './rejections.tsx';
import { SaveRejected } from './save-rejected.tsx';
import { SaveSummary } from './save-summary.tsx';
import { UndoImport } from './undo-import.tsx';

const KIND: Readonly<Record<Origin['kind'], string>> = { file: 'File', sync: 'Sync', sample: 'Sample' };
const STATE: Readonly<Record<Origin['state'], string>> = {
  open: 'Under way',
  complete: 'Complete',
  stopped: 'Stopped',
  failed: 'Failed',
};

/** Where the data came from: every import and every sync, and what each brought. */
export function ImportsView() {
  const origins = useOrigins();
  const { rows, from, to } = useStatus();
  const sync = useSync();
  const [all, setAll] = useState(false);
  const shown = all ? (origins ?? []) : worthShowing(origins ?? []);
  const hidden = (origins?.length ?? 0) - shown.length;
  return (
    <Page
      title="Imports & syncs"
      tools={
        <>
          <FilesTrigger />
          <SyncButton />
        </>
      }
    >
      {origins?.length === 0 ? (
        <EmptyState title="Nothing imported or synced yet" actions={<FilesTrigger />}>
          Every import and every sync will be listed here with what it brought.
        </EmptyState>
      ) : (
        <div className={styles.scroll}>
          <table className={styles.table} aria-label="Imports and syncs">
            <thead>
              <tr className={styles.head}>
                <th scope="col">Source</th>
                <th scope="col">Kind</th>
                <th scope="col">State</th>
                <th scope="col">Started</th>
                <th scope="col" data-number="">
                  Read
                </th>
                <th scope="col" data-number="">
                  New
                </th>
                <th scope="col" data-number="">
                  Already known
                </th>
                <th scope="col" data-number="">
                  Merged
                </th>
                <th scope="col" data-number="">
                  Rejected
                </th>
                <th scope="col" className={styles.undo}>
                  Undo
                </th>
              </tr>
            </thead>
            {shown.map((origin) => (
              <OriginRows key={origin.id} origin={origin} live={isSyncing(sync)} />
            ))}
          </table>
          {hidden > 0 && (
            <p className={styles.span}>
              <TextButton onPress={() => setAll(true)}>
                Show {countOf(hidden, 'sync')} that brought nothing new
              </TextButton>
            </p>
          )}
          {rows > 0 && from !== null && to !== null && (
            <p className={styles.span}>
              Stored in all: {formatCount(rows)} requests from {formatDay(from)} to {formatDay(to)} (UTC).
            </p>
          )}
        </div>
      )}
    </Page>
  );
}

/** Without syncs that brought nothing, but for the last one: every quarter of an hour there may be another. */
function worthShowing(origins: readonly Origin[]): readonly Origin[] {
  const isIdle = ({ kind, state, counts, error }: Origin) =>
    kind === 'sync' &&
    (state === 'complete' || error?.code === 'offline') &&
    counts.new + counts.merged + counts.rejected === 0;
  const last = origins.find(({ kind }) => kind === 'sync');
  return origins.filter((origin) => origin === last || !isIdle(origin));
}

function OriginRows({ origin, live }: { readonly origin: Origin; readonly live: boolean }) {
  const [open, setOpen] = useState(false);
  const now = useNow();
  const { counts } = origin;
  const figures = [counts.rows, counts.new, counts.known, counts.merged, counts.rejected];
  return (
    <tbody data-state={origin.state}>
      <tr className={styles.row}>
        <th scope="row">
          <DisclosureButton isOpen={open} onChange={setOpen} label={`Details of ${origin.name}`}>
            <span className={styles.name} title={titleText(origin.name)}>
              {origin.name}
            </span>
          </DisclosureButton>
        </th>
        <td>{KIND[origin.kind]}</td>
        <td>{origin.state === 'open' && !live ? 'Cut off' : STATE[origin.state]}</td>
        <td title={`${formatTime(origin.startedAt)} UTC`}>{formatAgo(origin.startedAt, now)}</td>
        {figures.map((figure, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: five figures in a fixed order
          <td key={place} data-number="" data-zero={figure === 0 || undefined}>
            {formatCount(figure)}
          </td>
        ))}
        <td className={styles.undo}>
          <UndoImport origin={origin} />
        </td>
      </tr>
      {open && (
        <tr>
          <td colSpan={10} className={styles.details}>
            <div className={styles.detail}>
              <OriginCounts origin={origin} />
              <p className={styles.when}>
                Started {formatTime(origin.startedAt)} UTC
                {origin.finishedAt !== null && `, finished ${formatTime(origin.finishedAt)} UTC`}
              </p>
              {origin.error && <ErrorNotice error={origin.error} />}
              <ColumnNotes origin={origin} />
              <Rejections origin={origin} />
              {origin.kind === 'file' && (
                <div className={styles.saves}>
                  <SaveSummary origin={origin} />
                  <SaveRejected origin={origin} />
                </div>
              )}
            </div>
          </td>
        </tr>
      )}
    </tbody>
  );
}
