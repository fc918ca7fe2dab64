import { RefreshCw, Search, Square } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { useConnections } from '../../hooks/connections.ts';
import { useStatus } from '../../hooks/dataset.ts';
import { lists } from '../../hooks/lists.ts';
import { stopLookUps, useLookUps } from '../../hooks/look-ups.ts';
import { attempt } from '../../hooks/notices.ts';
import { stopSync, syncAll, useSync } from '../../hooks/sync.ts';
import { isSyncing } from '../../hooks/sync-view.ts';
import { openLookUps } from '../look-ups/look-ups-dialog.tsx';

/** Starts a pull, or stops what is under way. Not there without a connection, nor over the sample. */
export function SyncButton() {
  const sync = useSync();
  const lookUps = useLookUps();
  const connections = useConnections() ?? [];
  const { dataset } = useStatus();
  if (isSyncing(sync)) return <StopButton onPress={() => attempt(stopSync())} />;
  if (lookUps.phase === 'running') {
    return <StopButton isDisabled={lookUps.stopping} onPress={() => attempt(stopLookUps())} />;
  }
  if (connections.length === 0 || dataset === 'sample') return null;
  if (!connections.some(lists)) {
    return (
      <Button onPress={() => openLookUps(connections[0]!.id)}>
        <Search size={14} aria-hidden="true" />
        Look up ids
      </Button>
    );
  }
  return (
    <Button onPress={() => attempt(syncAll())}>
      <RefreshCw size={14} aria-hidden="true" />
      Sync
    </Button>
  );
}

function StopButton(props: { readonly onPress: () => void; readonly isDisabled?: boolean }) {
  return (
    <Button {...props}>
      <Square size={12} fill="currentColor" aria-hidden="true" />
      Stop
    </Button>
  );
}
