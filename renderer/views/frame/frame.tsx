import { useDeferredValue, useEffect, useRef } from 'react';
import { useConnections } from '../../hooks/connections.ts';
import { useStatus } from '../../hooks/dataset.ts';
import { loadLookUpQueues } from '../../hooks/look-ups.ts';
import { attempt } from '../../hooks/notices.ts';
import { type Route, useRoute } from '../../hooks/route.ts';
import { useKeepCoverage } from '../../hooks/use-coverage.ts';
import { useKeepOrigins } from '../../hooks/use-origins.ts';
import { ConnectView } from '../connect/connect-view.tsx';
import { CoverageView } from '../coverage/coverage-view.tsx';
import { ImportsView } from '../imports/imports-view.tsx';
import { ReconcileView } from '../reconcile/reconcile-view.tsx';
import { SettingsView } from '../settings/settings-view.tsx';
import { UserView } from '../user/user-view.tsx';
import { UsersView } from '../users/users-view.tsx';
import { Banners } from './banners.tsx';
import { ExportDialog } from './export-dialog.tsx';
import styles from './frame.module.css';
import { Sidebar } from './sidebar.tsx';

/** The window when the store is open: the first screen while there is nothing, else the sidebar and a view. */
export function Frame({ dropping }: { readonly dropping: boolean }) {
  const route = useRoute();
  const { dataset, rows } = useStatus();
  const connections = useConnections();
  useKeepOrigins();
  useKeepCoverage();
  // biome-ignore lint/correctness/useExhaustiveDependencies: other connections or another dataset wait for other ids
  useEffect(() => attempt(loadLookUpQueues()), [dataset, connections]);
  // Drawn bit by bit: the first rows come while files are read, and nothing may stand still then.
  const nothing = useDeferredValue(dataset === 'account' && rows === 0 && connections?.length === 0);
  if (nothing && (route.view === 'users' || route.view === 'user')) {
    return (
      <div className={styles.first}>
        <ExportDialog />
        <Banners />
        <ConnectView dropping={dropping} />
      </div>
    );
  }
  return (
    <div className={styles.frame}>
      <Sidebar />
      <ExportDialog />
      <main className={styles.main}>
        <Banners />
        <div className={styles.views}>
          <UsersLayer route={route} />
          {route.view !== 'users' && (
            <div className={styles.view}>
              <View route={route} />
            </div>
          )}
        </div>
      </main>
    </div>
  );
}

function View({ route }: { readonly route: Exclude<Route, { view: 'users' }> }) {
  switch (route.view) {
    case 'user':
      // Another user is another view: nothing of the one before may linger.
      return <UserView key={JSON.stringify(route.user)} user={route.user} />;
    case 'coverage':
      return <CoverageView />;
    case 'reconcile':
      return <ReconcileView />;
    case 'imports':
      return <ImportsView />;
    case 'settings':
      return <SettingsView />;
  }
}

/** The users table stays below the other views, so that coming back finds it as it was: rows, scroll, focus. */
function UsersLayer({ route }: { readonly route: Route }) {
  const active = route.view === 'users';
  const focused = useRef<HTMLElement | null>(null);
  useEffect(() => {
    if (active) focused.current?.focus({ preventScroll: true });
  }, [active]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only remembers where the focus was
    <div
      className={styles.view}
      data-below={!active || undefined}
      inert={!active}
      onFocus={(event) => {
        focused.current = event.target;
      }}
    >
      <UsersView active={active} />
    </div>
  );
}
