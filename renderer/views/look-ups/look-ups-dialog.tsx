import { useEffect, useMemo, useRef, useState } from 'react';
import type { Connection } from '../../../shared/ipc.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { AreaField } from '../../components/field.tsx';
import { FileInput } from '../../components/file-input.tsx';
import { countOf, formatCount } from '../../components/format.ts';
import { Modal } from '../../components/modal.tsx';
import { Progress } from '../../components/progress.tsx';
import { useConnections } from '../../hooks/connections.ts';
import { takeFiles } from '../../hooks/file-taker.ts';
import { findIds, findIdsInFiles } from '../../hooks/find-ids.ts';
import type { LookUpView } from '../../hooks/look-up-view.ts';
import {
  clearLookUps,
  forgetLookUp,
  lookUp,
  queueIds,
  stopLookUps,
  useLookUpQueue,
  useLookUps,
} from '../../hooks/look-ups.ts';
import { attempt, notifyDone } from '../../hooks/notices.ts';
import { createSignal, useSignal } from '../../hooks/signal.ts';
import { useNow } from '../../hooks/use-now.ts';
import { lookUpWords } from '../frame/sync-words.ts';
import styles from './look-ups-dialog.module.css';
import { SaveMissing } from './save-missing.tsx';

/** The connection whose dialog is open. */
const opened = createSignal<string | null>(null);
export const openLookUps = (connectionId: string): void => opened.set(connectionId);
const close = () => {
  opened.set(null);
  forgetLookUp();
};

/** Takes ids from a text or files and looks each of them up: the way of keys that list nothing. */
export function LookUpsDialog() {
  const connectionId = useSignal(opened);
  const connection = useConnections()?.find(({ id }) => id === connectionId);
  const view = useLookUps();
  if (!connection) return null;
  const mine = view.phase !== 'idle' && view.connection.id === connection.id ? view : null;
  return mine?.phase === 'running' ? (
    <Running view={mine} />
  ) : (
    // What came of a look-up is said above the field for the next one.
    <Asking key={connection.id} connection={connection} ended={mine} />
  );
}

type Running = Extract<LookUpView, { phase: 'running' }>;
type Ended = Extract<LookUpView, { phase: 'ended' | 'failed' }>;

function Asking({ connection, ended }: { readonly connection: Connection; readonly ended: Ended | null }) {
  const [text, setText] = useState('');
  const [fromFiles, setFromFiles] = useState<readonly string[]>([]);
  const [reading, setReading] = useState<number | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const queue = useLookUpQueue(connection.id);
  const [starting, setStarting] = useState(false);
  const busy = useLookUps().phase === 'running' || starting;
  const ids = useMemo(() => [...new Set([...fromFiles, ...findIds(text)])], [fromFiles, text]);

  const [read] = useState(() => async (files: readonly File[]) => {
    setReading(0);
    try {
      const found = await findIdsInFiles(files, setReading);
      setFromFiles((before) => [...new Set([...before, ...found])]);
      if (found.length === 0) notifyDone('No ids found', 'Generation ids look like gen-1795089600-aBcDeF.');
    } finally {
      setReading(null);
    }
  });
  useEffect(
    () =>
      takeFiles({
        words: 'Let go to find the ids in these files',
        take: (files) => attempt(read([...files])),
      }),
    [read],
  );

  const start = async () => {
    setStarting(true);
    const added = await queueIds(connection.id, ids).finally(() => setStarting(false));
    setText('');
    // Files may have been dropped meanwhile.
    const queued = new Set(ids);
    setFromFiles((now) => now.filter((id) => !queued.has(id)));
    if (added < ids.length) {
      notifyDone(
        `${countOf(ids.length - added, 'id')} left out`,
        'They are stored, waiting, or were not known to OpenRouter when asked before.',
      );
    }
    if (added > 0 || queue.waiting > 0) await lookUp(connection);
  };

  const waiting = queue.waiting > 0 && ids.length === 0;
  return (
    <Modal
      title="Look up ids"
      width="wide"
      isOpen
      onClose={close}
      closable={!starting}
      actions={
        <>
          {ended && ids.length === 0 ? (
            <Button look={waiting ? 'normal' : 'primary'} onPress={close}>
              Done
            </Button>
          ) : (
            <Button isDisabled={starting} onPress={close}>
              Cancel
            </Button>
          )}
          {waiting && (
            <Button look="primary" isDisabled={busy} onPress={() => attempt(lookUp(connection))}>
              Continue
            </Button>
          )}
          {(ids.length > 0 || (!ended && !waiting)) && (
            <Button
              look="primary"
              isDisabled={ids.length === 0 || busy || reading !== null}
              onPress={() => attempt(start())}
            >
              {ids.length === 0 ? 'Look up' : `Look up ${countOf(ids.length, 'id')}`}
            </Button>
          )}
        </>
      }
    >
      {ended && <Outcome view={ended} />}
      {waiting && (
        <div className={styles.line}>
          <p>{countOf(queue.waiting, 'id')} still to look up.</p>
          <Button look="danger" onPress={() => attempt(clearLookUps(connection.id))}>
            Forget them
          </Button>
        </div>
      )}
      <p className={styles.about}>
        Each generation is asked for by its id with <code>{connection.label}</code>. Your own logs hold the
        ids: every answer of OpenRouter’s has one. Paste any text, or choose or drop files (text, CSV, JSON
        lines); the ids are found wherever they stand.
      </p>
      <AreaField
        label="Ids, or text that holds them"
        value={text}
        onChange={setText}
        isDisabled={starting}
        placeholder="gen-1795089600-aBcDeFgHiJkLmNoPqRsT"
      />
      <div className={styles.line}>
        <p role="status" className={styles.count}>
          {reading === null ? (
            <>
              <strong>{countOf(ids.length, 'id')}</strong> found
              {fromFiles.length > 0 && `, ${formatCount(fromFiles.length)} of them in files`}
            </>
          ) : (
            `Reading… ${countOf(reading, 'id')} so far`
          )}
        </p>
        {fromFiles.length > 0 && (
          <Button isDisabled={starting} onPress={() => setFromFiles([])}>
            Forget files
          </Button>
        )}
        <Button isDisabled={reading !== null || starting} onPress={() => input.current?.click()}>
          Choose files
        </Button>
        <FileInput
          ref={input}
          data-testid="id-files"
          aria-label="Files with ids"
          onFiles={(files) => attempt(read(files))}
        />
      </div>
    </Modal>
  );
}

function Running({ view }: { readonly view: Running }) {
  const now = useNow(1_000);
  const words = lookUpWords(view, now);
  const { missing } = view.progress;
  return (
    <Modal
      title="Looking up ids"
      isOpen
      onClose={() => opened.set(null)}
      actions={
        <>
          <Button onPress={() => opened.set(null)}>Hide</Button>
          <Button isDisabled={view.stopping} onPress={() => attempt(stopLookUps())}>
            {view.stopping ? 'Stopping…' : 'Stop'}
          </Button>
        </>
      }
    >
      <p className={styles.figures}>{words?.text}</p>
      <Progress label="Look-up" done={words?.done ?? 0} />
      <p className={styles.muted}>
        {words?.more?.join(' · ') || 'It goes on while you look around, and after a restart where it stood.'}
      </p>
      {missing > 0 && <SaveMissing connection={view.connection} />}
    </Modal>
  );
}

function Outcome({ view }: { readonly view: Ended }) {
  const { found, missing, left } = view.progress;
  if (view.phase === 'failed') return <ErrorNotice error={view.error} />;
  return (
    <div className={styles.outcome}>
      <p>
        <strong>
          {view.outcome === 'stopped' ? 'Stopped: ' : ''}
          {countOf(found, 'generation')} found
        </strong>
        {missing > 0 && `, ${formatCount(missing)} not known to OpenRouter`}
        {left > 0 && `, ${formatCount(left)} left`}.
      </p>
      {missing > 0 && <SaveMissing connection={view.connection} />}
    </div>
  );
}
