import { useState } from 'react';
import type { AppInfo, Connection } from '../../../shared/ipc.ts';
import { DEFAULT_BASE_URL } from '../../../shared/ipc-values.ts';
import { formatDay } from '../../../shared/time.ts';
import { Button } from '../../components/button.tsx';
import { countOf } from '../../components/format.ts';
import { Modal } from '../../components/modal.tsx';
import { useNextSync } from '../../hooks/auto-sync.ts';
import { useConnections } from '../../hooks/connections.ts';
import { useStatus } from '../../hooks/dataset.ts';
import { lists } from '../../hooks/lists.ts';
import { useLookUpQueue, useLookUps } from '../../hooks/look-ups.ts';
import { attempt } from '../../hooks/notices.ts';
import { stopSync, syncOne, useSync } from '../../hooks/sync.ts';
import { isSyncing } from '../../hooks/sync-view.ts';
import { useCoverage } from '../../hooks/use-coverage.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useOrigins } from '../../hooks/use-origins.ts';
import { KIND_WORDS, keyKeptWords, SOURCE_WORDS, welcome } from '../connect/connected.ts';
import { KeyForm } from '../connect/key-form.tsx';
import { connectionWords } from '../frame/connection-words.ts';
import { SOURCE_NAMES } from '../frame/sync-words.ts';
import { openLookUps } from '../look-ups/look-ups-dialog.tsx';
import styles from './connections.module.css';
import { RemoveConnection } from './remove-connection.tsx';
import { RenameConnection } from './rename-connection.tsx';
import { Section } from './section.tsx';
import settings from './settings-view.module.css';

/** The keys: what each can be asked for, and where it stands. */
export function Connections({ info }: { readonly info: AppInfo | null }) {
  const connections = useConnections() ?? [];
  const [adding, setAdding] = useState(false);
  const [trying, setTrying] = useState(false);
  return (
    <Section title="Connections">
      {connections.map((connection) => (
        <ConnectionRow key={connection.id} connection={connection} info={info} />
      ))}
      <div className={settings.row}>
        <p className={settings.text}>
          {connections.length === 0
            ? 'No key is connected. With one, generations are pulled from OpenRouter when you sync.'
            : 'Another key adds what it can see; a generation seen twice is counted once.'}
        </p>
        <Button onPress={() => setAdding(true)}>Add API key</Button>
      </div>
      <Modal title="Add API key" isOpen={adding} onClose={() => setAdding(false)} closable={!trying}>
        <KeyForm
          onTrying={setTrying}
          onConnected={(connection) => {
            setAdding(false);
            welcome(connection);
          }}
        />
      </Modal>
    </Section>
  );
}

function ConnectionRow({
  connection,
  info,
}: {
  readonly connection: Connection;
  readonly info: AppInfo | null;
}) {
  const { id, label, kind, baseUrl, keyKept, addedAt, sources } = connection;
  const [best, ...others] = sources;
  return (
    <section className={styles.connection} data-connection={id} aria-label={label}>
      <header className={styles.header}>
        <h3 className={styles.label} title={label}>
          {label}
        </h3>
        <Actions connection={connection} />
      </header>
      <State connection={connection} />
      <p className={settings.text}>
        {KIND_WORDS[kind]} {keyKeptWords(keyKept, info?.keychain)}
      </p>
      <dl className={styles.sources} aria-label="Sources">
        {best && <SourceRow name={SOURCE_WORDS[best].name} words={SOURCE_WORDS[best]} />}
        {others
          // Where the list is offered, analytics are only kept for the day it is not.
          .filter((source) => source !== 'analytics')
          .map((source) => (
            <SourceRow key={source} name={SOURCE_WORDS[source].name} words={SOURCE_WORDS[source]} />
          ))}
      </dl>
      <p className={settings.text}>
        {baseUrl !== DEFAULT_BASE_URL && <code>{baseUrl} · </code>}
        Added {formatDay(addedAt)}
      </p>
    </section>
  );
}

function SourceRow({
  name,
  words,
}: {
  readonly name: string;
  readonly words: { readonly use: string; readonly lacks: string };
}) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {words.use} {words.lacks}
      </dd>
    </>
  );
}

/** The last success, the last error, the next try; and ids that wait. */
function State({ connection }: { readonly connection: Connection }) {
  const { dataset } = useStatus();
  const sync = useSync();
  const lookUps = useLookUps();
  const origins = useOrigins() ?? [];
  const next = useNextSync();
  const now = useNow(5_000);
  const { waiting } = useLookUpQueue(connection.id);
  const checkpoint = useCoverage()?.coverers.find(
    ({ connectionId }) => connectionId === connection.id,
  )?.checkpoint;
  if (dataset === 'sample') return null;
  const words = connectionWords({ connection, sync, lookUps, origins, next, now });
  const source = checkpoint?.source;
  const more = [
    ...(source && !isSyncing(sync) ? [`from ${SOURCE_NAMES[source]}`] : []),
    ...(words.more ?? []),
    ...(waiting > 0 ? [`${countOf(waiting, 'id')} still to look up`] : []),
  ];
  return (
    <p className={styles.state} title={words.detail}>
      <span data-tone={words.tone}>{words.text}</span>
      {more.map((line) => ` · ${line}`).join('')}
    </p>
  );
}

function Actions({ connection }: { readonly connection: Connection }) {
  const sync = useSync();
  const mine = isSyncing(sync) && 'connection' in sync && sync.connection.id === connection.id;
  return (
    <div className={styles.actions}>
      {lists(connection) &&
        (mine ? (
          <Button onPress={() => attempt(stopSync())}>Stop</Button>
        ) : (
          <Button isDisabled={isSyncing(sync)} onPress={() => attempt(syncOne(connection))}>
            Sync
          </Button>
        ))}
      {connection.sources.includes('ids') && (
        <Button onPress={() => openLookUps(connection.id)}>Look up ids</Button>
      )}
      <RenameConnection connection={connection} />
      <RemoveConnection connection={connection} />
    </div>
  );
}
