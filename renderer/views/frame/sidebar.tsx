import { FolderInput, Settings, Users } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { formatDay } from '../../../shared/time.ts';
import { countOf } from '../../components/format.ts';
import { useConnections } from '../../hooks/connections.ts';
import { useStatus } from '../../hooks/dataset.ts';
import { go, type Route, useRoute } from '../../hooks/route.ts';
import { useSync } from '../../hooks/sync.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useOffline } from '../../hooks/use-online.ts';
import { useOrigins } from '../../hooks/use-origins.ts';
import styles from './sidebar.module.css';
import { syncWords } from './sync-words.ts';

/** Where one can go, and at its foot what is stored and how fresh it is. */
export function Sidebar() {
  return (
    <nav className={styles.sidebar} aria-label="Views">
      <div className={styles.brand}>
        <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M2 3h12v2H2zM2 7h8v2H2zM2 11h4v2H2z" fill="currentColor" />
        </svg>
        Whospent
      </div>
      <ul className={styles.links}>
        <Link to={{ view: 'users' }} icon={<Users size={15} aria-hidden="true" />}>
          Users
        </Link>
        <Link to={{ view: 'imports' }} icon={<FolderInput size={15} aria-hidden="true" />}>
          Imports & syncs
        </Link>
        <Link to={{ view: 'settings' }} icon={<Settings size={15} aria-hidden="true" />}>
          Settings
        </Link>
      </ul>
      <Foot />
    </nav>
  );
}

function Link({
  to,
  icon,
  children,
}: {
  readonly to: Route;
  readonly icon: ReactNode;
  readonly children: ReactNode;
}) {
  const { view } = useRoute();
  const current = view === to.view || (view === 'user' && to.view === 'users');
  return (
    <li>
      <Button
        className={styles.link!}
        // A place in the app, not an address.
        {...(current ? { 'aria-current': 'page' } : {})}
        onPress={() => go(to)}
      >
        {icon}
        {children}
      </Button>
    </li>
  );
}

function Foot() {
  const { dataset, rows, from, to } = useStatus();
  const connections = useConnections();
  const sync = useSync();
  const now = useNow(sync.phase === 'waiting' ? 1_000 : 20_000);
  const origins = useOrigins();
  const offline = useOffline(sync);
  const last = origins?.find((origin) => origin.kind === 'sync' && origin.state === 'complete');
  const words = syncWords(sync, last, now);
  const connected = (connections?.length ?? 0) > 0 && dataset === 'account';
  return (
    <footer className={styles.foot}>
      {rows > 0 && (
        <div>
          <p>{countOf(rows, 'request')}</p>
          {from !== null && to !== null && (
            <p className={styles.span}>
              {formatDay(from)} – {formatDay(to)}
            </p>
          )}
        </div>
      )}
      {connected && (
        <p className={styles.connection} title={connections?.map(({ label }) => label).join('\n')}>
          {connections?.length === 1 ? connections[0]!.label : countOf(connections!.length, 'connection')}
        </p>
      )}
      <p role="status" className={styles.status} data-tone={words.tone} title={words.detail}>
        {connected ? words.text : ''}
      </p>
      {offline && sync.phase !== 'failed' && (
        <p className={styles.muted}>Offline: everything but syncing works</p>
      )}
    </footer>
  );
}
