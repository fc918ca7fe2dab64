import { CalendarCheck2, FolderInput, Scale, Settings, Users } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { go, type Route, useRoute } from '../../hooks/route.ts';
import styles from './sidebar.module.css';
import { SidebarFoot } from './sidebar-foot.tsx';

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
        <Link to={{ view: 'coverage' }} icon={<CalendarCheck2 size={15} aria-hidden="true" />}>
          Coverage
        </Link>
        <Link to={{ view: 'reconcile' }} icon={<Scale size={15} aria-hidden="true" />}>
          Reconciliation
        </Link>
        <Link to={{ view: 'imports' }} icon={<FolderInput size={15} aria-hidden="true" />}>
          Imports & syncs
        </Link>
        <Link to={{ view: 'settings' }} icon={<Settings size={15} aria-hidden="true" />}>
          Settings
        </Link>
      </ul>
      <SidebarFoot />
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
