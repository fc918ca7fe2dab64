import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import { formatTime } from '../../../shared/time.ts';
import { store } from '../../client.ts';
import { Button } from '../../components/button.tsx';
import { Confirm } from '../../components/confirm.tsx';
import { countOf } from '../../components/format.ts';
import { useConnections } from '../../hooks/connections.ts';
import { notifyDone } from '../../hooks/notices.ts';
import type { Origin } from '../../store/api.ts';
import styles from './imports-view.module.css';

/** Takes an import back, after it has said what goes. Syncs are not undone one by one, and say so. */
export function UndoImport({ origin }: { readonly origin: Origin }) {
  const [asking, setAsking] = useState(false);
  const [undoing, setUndoing] = useState(false);
  const connections = useConnections() ?? [];
  const { id, name, kind, counts, state, startedAt, connectionId } = origin;
  if (kind !== 'file') {
    const connected = connections.some((connection) => connection.id === connectionId);
    const why =
      kind === 'sample'
        ? 'The sample is removed as a whole.'
        : connected
          ? 'A sync is not undone by itself: remove its connection in Settings, and what only it brought goes too.'
          : 'A sync is not undone by itself. Its key is not connected any more: connect with it again, then remove the connection with its data.';
    return (
      <span className={styles.noUndo} title={why}>
        –<span className={styles.hidden}>{why}</span>
      </span>
    );
  }
  const undo = async () => {
    setUndoing(true);
    try {
      const removed = await store.undoOrigin(id);
      notifyDone(`Import of ${name} undone`, `${countOf(removed, 'request')} removed`);
    } finally {
      setUndoing(false);
    }
  };
  return (
    <>
      <Button
        look="plain"
        square
        aria-label={`Undo import of ${name}`}
        isDisabled={state === 'open' || undoing}
        onPress={() => setAsking(true)}
      >
        <Undo2 size={14} aria-hidden="true" />
      </Button>
      <Confirm
        title="Undo this import?"
        isOpen={asking}
        onClose={() => setAsking(false)}
        keep="Keep"
        confirm="Undo import"
        onConfirm={undo}
      >
        <p className={styles.undoName}>{name}</p>
        <p>
          Imported {formatTime(startedAt)} UTC. {countOf(counts.new, 'request')} that it brought{' '}
          {counts.new === 1 ? 'goes' : 'go'}, unless another file or a connection brought{' '}
          {counts.new === 1 ? 'it' : 'them'} too.
          {counts.merged > 0 &&
            ` What it changed in ${countOf(counts.merged, 'other request')} is taken back.`}
        </p>
        <p>The file itself stays where it is: it can be imported again.</p>
      </Confirm>
    </>
  );
}
