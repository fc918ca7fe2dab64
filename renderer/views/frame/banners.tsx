import { FlaskConical, Search, WifiOff } from 'lucide-react';
import { Button, TextButton } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { countOf } from '../../components/format.ts';
import { useConnections } from '../../hooks/connections.ts';
import { leaveSample, useSampleLoading, useStatus } from '../../hooks/dataset.ts';
import { forgetLookUp, lookUp, useLookUpQueues, useLookUps } from '../../hooks/look-ups.ts';
import { attempt } from '../../hooks/notices.ts';
import { syncOne, useSync } from '../../hooks/sync.ts';
import { failuresOf } from '../../hooks/sync-view.ts';
import { useOffline } from '../../hooks/use-online.ts';
import { openLookUps } from '../look-ups/look-ups-dialog.tsx';
import styles from './banners.module.css';

/** What must not be overlooked, above every view. */
export function Banners() {
  const { dataset, problems } = useStatus();
  const sync = useSync();
  const connections = useConnections() ?? [];
  const offline = useOffline(sync);
  return (
    <>
      {dataset === 'sample' && <SampleBanner />}
      {offline && (
        <div className={styles.offline}>
          <WifiOff size={14} aria-hidden="true" />
          Offline: everything but syncing works.
        </div>
      )}
      {dataset === 'account' && <WaitingIds />}
      {problems.map((problem) => (
        <div key={`${problem.code}${problem.title}${problem.detail}`} className={styles.problem}>
          <ErrorNotice error={problem} />
        </div>
      ))}
      {failuresOf(sync)
        .filter(({ error }) => error.code !== 'offline')
        .map(({ connection, error }) => (
          <div key={connection.id} className={styles.problem}>
            <ErrorNotice error={error} {...(connections.length > 1 ? { about: connection.label } : {})}>
              {error.code === 'generations-not-offered' && (
                <TextButton onPress={() => openLookUps(connection.id)}>Look up ids</TextButton>
              )}
              <TextButton onPress={() => attempt(syncOne(connection))}>Sync again</TextButton>
            </ErrorNotice>
          </div>
        ))}
    </>
  );
}

/** Ids left over from a look-up that was stopped, failed, or cut off by the app's end. */
function WaitingIds() {
  const connections = useConnections() ?? [];
  const queues = useLookUpQueues();
  const view = useLookUps();
  if (view.phase === 'running') return null;
  const waiting = connections.filter(({ id }) => (queues.get(id)?.waiting ?? 0) > 0);
  return waiting.map((connection) => (
    <div key={connection.id}>
      {view.phase === 'failed' && view.connection.id === connection.id && view.error.code !== 'offline' && (
        <div className={styles.problem}>
          <ErrorNotice error={view.error} {...(connections.length > 1 ? { about: connection.label } : {})}>
            <TextButton onPress={forgetLookUp}>Dismiss</TextButton>
          </ErrorNotice>
        </div>
      )}
      <aside className={styles.offline} aria-label="Ids to look up">
        <Search size={14} aria-hidden="true" />
        <p>
          {countOf(queues.get(connection.id)!.waiting, 'id')} still to look up
          {connections.length > 1 && ` with ${connection.label}`}.
        </p>
        <TextButton onPress={() => attempt(lookUp(connection))}>Continue</TextButton>
        <TextButton onPress={() => openLookUps(connection.id)}>Show</TextButton>
      </aside>
    </div>
  ));
}

function SampleBanner() {
  const loading = useSampleLoading();
  return (
    <aside className={styles.sample} aria-label="Sample data">
      <FlaskConical size={14} aria-hidden="true" />
      <p>
        <strong>Sample data — not your account.</strong>{' '}
        {loading ? 'Being made…' : 'A made-up account to look around in.'}
      </p>
      <Button onPress={() => attempt(leaveSample())} isDisabled={loading}>
        Remove sample
      </Button>
    </aside>
  );
}
