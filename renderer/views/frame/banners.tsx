import { FlaskConical, WifiOff } from 'lucide-react';
import { Button, TextButton } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { leaveSample, useSampleLoading, useStatus } from '../../hooks/dataset.ts';
import { attempt } from '../../hooks/notices.ts';
import { syncAll, useSync } from '../../hooks/sync.ts';
import { useOffline } from '../../hooks/use-online.ts';
import styles from './banners.module.css';

/** What must not be overlooked, above every view. */
export function Banners() {
  const { dataset, problems } = useStatus();
  const sync = useSync();
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
      {problems.map((problem) => (
        <div key={`${problem.code}${problem.title}${problem.detail}`} className={styles.problem}>
          <ErrorNotice error={problem} />
        </div>
      ))}
      {sync.phase === 'failed' && sync.error.code !== 'offline' && (
        <div className={styles.problem}>
          <ErrorNotice error={sync.error}>
            <TextButton onPress={() => attempt(syncAll())}>Sync again</TextButton>
          </ErrorNotice>
        </div>
      )}
    </>
  );
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
