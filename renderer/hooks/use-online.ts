import { useSyncExternalStore } from 'react';
import { failuresOf, type SyncView } from './sync-view.ts';

function subscribe(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

/** Whether the machine says that it is offline, or the last try to sync found it so. */
export function useOffline(sync: SyncView): boolean {
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  const waits = sync.phase === 'waiting' && sync.error.code === 'offline';
  return !online || waits || failuresOf(sync).some(({ error }) => error.code === 'offline');
}
