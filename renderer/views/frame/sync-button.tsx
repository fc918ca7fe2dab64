import { RefreshCw, Square } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { useConnections } from '../../hooks/connections.ts';
import { useStatus } from '../../hooks/dataset.ts';
import { attempt } from '../../hooks/notices.ts';
import { isSyncing, stopSync, syncAll, useSync } from '../../hooks/sync.ts';

/** Starts a pull, or stops the one under way. Not there without a connection, nor over the sample. */
export function SyncButton() {
  const sync = useSync();
  const connections = useConnections();
  const { dataset } = useStatus();
  if (isSyncing(sync)) {
    return (
      <Button onPress={() => attempt(stopSync())}>
        <Square size={12} fill="currentColor" aria-hidden="true" />
        Stop
      </Button>
    );
  }
  if (!connections?.length || dataset === 'sample') return null;
  return (
    <Button onPress={() => attempt(syncAll())}>
      <RefreshCw size={14} aria-hidden="true" />
      Sync
    </Button>
  );
}
