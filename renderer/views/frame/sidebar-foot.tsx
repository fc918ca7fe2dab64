import { Button } from 'react-aria-components/Button';
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import type { Connection } from '../../../shared/ipc.ts';
import { formatDays } from '../../../shared/time.ts';
import { countOf, formatClock } from '../../components/format.ts';
import { Progress } from '../../components/progress.tsx';
import { useNextSync } from '../../hooks/auto-sync.ts';
import { useConnections } from '../../hooks/connections.ts';
import { useStatus } from '../../hooks/dataset.ts';
import { lists } from '../../hooks/lists.ts';
import { useLookUps } from '../../hooks/look-ups.ts';
import { useSync } from '../../hooks/sync.ts';
import { isSyncing, waitsForReader } from '../../hooks/sync-view.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useOffline } from '../../hooks/use-online.ts';
import { useOrigins } from '../../hooks/use-origins.ts';
import { useSources } from '../../hooks/use-sources.ts';
import type { Origin } from '../../store/api.ts';
import { connectionWords, lastFailure, lastSync } from './connection-words.ts';
import styles from './sidebar-foot.module.css';
import { lookUpWords, nextWords, type SyncWords, syncWords } from './sync-words.ts';

/** What is stored, and where syncing stands: the last success, the next try, the last error. */
export function SidebarFoot() {
  const { dataset, rows, from, to } = useStatus();
  const connections = useConnections() ?? [];
  const sync = useSync();
  const lookUps = useLookUps();
  const waits = sync.phase === 'waiting' || lookUps.phase === 'running';
  const now = useNow(waits ? 1_000 : 20_000);
  const origins = useOrigins() ?? [];
  const offline = useOffline(sync);
  const next = useNextSync();
  const connected = connections.length > 0 && dataset === 'account';
  // Its key was kept for one session only, or it was removed.
  const left = useSources().some(({ ref, connection }) => ref !== 'files' && connection === null);
  const [only, ...others] = connections;
  // Before the first sync of a session, what became of the last one still counts.
  const synced =
    sync.phase === 'idle' && only && others.length === 0
      ? connectionWords({ connection: only, sync, lookUps, origins, next: null, now })
      : syncWords(sync, lastSync(origins, null), now);
  const looked = lookUpWords(lookUps, now);
  const words = pick(synced, looked, isSyncing(sync), lookUps.phase === 'running', connections);
  const tries = connections.some(
    (connection) => lists(connection) && !isRefused(lastFailure(origins, connection.id)),
  );
  const nextTry = isSyncing(sync) || !tries ? undefined : nextWords(next, now);
  return (
    <footer className={styles.foot}>
      {rows > 0 && (
        <div>
          <p>{countOf(rows, 'request')}</p>
          {from !== null && to !== null && <p className={styles.span}>{formatDays(from, to)}</p>}
        </div>
      )}
      {connected &&
        (connections.length === 1 ? (
          <p className={styles.connection} title={connections[0]!.label}>
            {connections[0]!.label}
          </p>
        ) : (
          <ConnectionsPopover connections={connections} />
        ))}
      <div className={styles.sync}>
        <p role="status" className={styles.status} data-tone={words.tone} title={words.detail}>
          {connected ? words.text : ''}
        </p>
        {connected && words.done !== undefined && (
          <Progress label={isSyncing(sync) ? 'Sync' : 'Look-up'} done={words.done} />
        )}
        {connected &&
          words.more?.map((line) => (
            <p key={line} className={styles.muted}>
              {line}
            </p>
          ))}
        {connected && nextTry && (
          <p className={styles.muted} title={next === null ? undefined : `${formatClock(next)} local time`}>
            {nextTry}
          </p>
        )}
      </div>
      {!connected && left && <p className={styles.muted}>No key is connected: nothing new is pulled</p>}
      {offline && words.tone !== 'quiet' && (
        <p className={styles.muted}>Offline: everything but syncing works</p>
      )}
    </footer>
  );
}

const isRefused = (failed: Origin | undefined): boolean =>
  failed?.error !== undefined && waitsForReader(failed.error);

/** What is under way goes first; a look-up's end is said until the next sync. */
function pick(
  synced: SyncWords,
  looked: SyncWords | null,
  syncing: boolean,
  looking: boolean,
  connections: readonly Connection[],
): SyncWords {
  if (looked && (looking || looked.tone === 'problem') && !syncing) return looked;
  return looked && !syncing && !connections.some(lists) ? looked : synced;
}

function ConnectionsPopover({ connections }: { readonly connections: readonly Connection[] }) {
  const sync = useSync();
  const lookUps = useLookUps();
  const origins = useOrigins() ?? [];
  const next = useNextSync();
  const now = useNow(5_000);
  return (
    <DialogTrigger>
      <Button className={styles.connections!}>{countOf(connections.length, 'connection')}</Button>
      <Popover className={styles.popover!} placement="right bottom" offset={10}>
        <Dialog className={styles.dialog!} aria-label="Connections">
          <ul>
            {connections.map((connection) => {
              const words = connectionWords({ connection, sync, lookUps, origins, next, now });
              return (
                <li key={connection.id} className={styles.one}>
                  <p className={styles.connection} title={connection.label}>
                    {connection.label}
                  </p>
                  <p className={styles.status} data-tone={words.tone} title={words.detail}>
                    {words.text}
                  </p>
                  {words.more?.map((line) => (
                    <p key={line} className={styles.muted}>
                      {line}
                    </p>
                  ))}
                </li>
              );
            })}
          </ul>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
