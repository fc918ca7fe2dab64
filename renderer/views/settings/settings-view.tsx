import { type ReactNode, useEffect, useState } from 'react';
import { Label } from 'react-aria-components/Label';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import { type AppInfo, type Connection, DEFAULT_BASE_URL } from '../../../shared/ipc.ts';
import { formatDay } from '../../../shared/time.ts';
import { call, main } from '../../client.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmButton } from '../../components/confirm.tsx';
import { countOf } from '../../components/format.ts';
import { Modal } from '../../components/modal.tsx';
import { Page } from '../../components/page.tsx';
import { removeConnection, useConnections } from '../../hooks/connections.ts';
import { deleteAllData, leaveSample, openSample, useStatus } from '../../hooks/dataset.ts';
import { attempt, notifyDone } from '../../hooks/notices.ts';
import { go } from '../../hooks/route.ts';
import { forgetSync, stopSync } from '../../hooks/sync.ts';
import { chooseTheme, THEMES, type Theme, useTheme } from '../../hooks/theme.ts';
import { KIND_WORDS, keyKeptWords, welcome } from '../connect/connected.ts';
import { KeyForm } from '../connect/key-form.tsx';
import styles from './settings-view.module.css';

const THEME_LABELS: Readonly<Record<Theme, string>> = { system: 'System', light: 'Light', dark: 'Dark' };

/** Connections, looks, and where everything is kept. */
export function SettingsView() {
  const info = useAppInfo();
  return (
    <Page title="Settings">
      <div className={styles.scroll}>
        <div className={styles.column}>
          <Connections info={info} />
          <Appearance />
          <Data info={info} />
          <About info={info} />
        </div>
      </div>
    </Page>
  );
}

function useAppInfo(): AppInfo | null {
  const [info, setInfo] = useState<AppInfo | null>(null);
  useEffect(() => attempt(call(main.appInfo({})).then(setInfo)), []);
  return info;
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles.section} aria-label={title}>
      <h2>{title}</h2>
      <div className={styles.card}>{children}</div>
    </section>
  );
}

function Connections({ info }: { readonly info: AppInfo | null }) {
  const connections = useConnections() ?? [];
  const [adding, setAdding] = useState(false);
  return (
    <Section title="Connections">
      {connections.map((connection) => (
        <ConnectionRow key={connection.id} connection={connection} info={info} />
      ))}
      <div className={styles.row}>
        <p className={styles.text}>
          {connections.length === 0
            ? 'No key is connected. With one, generations are pulled from OpenRouter when you sync.'
            : 'Another key adds what it can see; a generation seen twice is counted once.'}
        </p>
        <Button onPress={() => setAdding(true)}>Add API key</Button>
      </div>
      <Modal title="Add API key" isOpen={adding} onClose={() => setAdding(false)}>
        <KeyForm
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
  const { id, label, kind, baseUrl, keyKept, addedAt } = connection;
  return (
    <div className={styles.row} data-connection={id}>
      <div className={styles.text}>
        <p className={styles.strong}>
          <code>{label}</code>
        </p>
        <p>
          {KIND_WORDS[kind]} {keyKeptWords(keyKept, info?.keychain)}
        </p>
        <p>
          {baseUrl !== DEFAULT_BASE_URL && <code>{baseUrl} · </code>}
          Added {formatDay(addedAt)}
        </p>
      </div>
      <ConfirmButton
        label="Remove"
        title="Remove this connection?"
        confirm="Remove connection"
        onConfirm={() => removeConnection(id)}
      >
        <p>
          The key <code>{label}</code> is deleted from where it is kept. The generations pulled with it stay.
        </p>
      </ConfirmButton>
    </div>
  );
}

function Appearance() {
  const theme = useTheme();
  return (
    <Section title="Appearance">
      <RadioGroup
        className={styles.row!}
        orientation="horizontal"
        value={theme}
        onChange={(value) => attempt(chooseTheme(THEMES.find((known) => known === value) ?? 'system'))}
      >
        <Label className={styles.text!}>Theme</Label>
        <div className={styles.segments}>
          {THEMES.map((value) => (
            <Radio key={value} value={value} className={styles.segment!}>
              {THEME_LABELS[value]}
            </Radio>
          ))}
        </div>
      </RadioGroup>
    </Section>
  );
}

function Data({ info }: { readonly info: AppInfo | null }) {
  const { dataset, rows } = useStatus();
  const sample = dataset === 'sample';
  const keychain = info?.keychain;
  return (
    <Section title="Data">
      <div className={styles.row}>
        <div className={styles.text}>
          <p className={styles.strong}>Your data stay on this computer</p>
          <p>
            Generations are stored in <code className={styles.path}>{info?.dataPath ?? '…'}</code>
          </p>
          <p>
            {keychain?.usable === true && `Keys are kept in the system keychain (${keychain.backend}).`}
            {keychain?.usable === false && `Keys are kept for this session only. ${keychain.reason}`}
          </p>
        </div>
      </div>
      <div className={styles.row}>
        <p className={styles.text}>Sample data are a made-up account, kept apart from your own.</p>
        {sample ? (
          <Button onPress={() => attempt(leaveSample())}>Remove sample</Button>
        ) : (
          <Button
            isDisabled={rows > 0}
            onPress={() => {
              go({ view: 'users' });
              attempt(openSample());
            }}
          >
            Look at sample data
          </Button>
        )}
      </div>
      <div className={styles.row}>
        <p className={styles.text}>Deletes every stored generation, import and sync. Connections stay.</p>
        <ConfirmButton
          label="Delete all data"
          title="Delete all data?"
          confirm="Delete all data"
          onConfirm={async () => {
            await stopSync();
            await deleteAllData();
            forgetSync();
            notifyDone('All data deleted');
            go({ view: 'users' });
          }}
        >
          <p>
            {rows > 0 ? `${countOf(rows, 'request')} will be deleted` : 'Everything stored will be deleted'}{' '}
            from this computer. This cannot be undone. Nothing changes at OpenRouter: what it still lists can
            be pulled again.
          </p>
        </ConfirmButton>
      </div>
    </Section>
  );
}

function About({ info }: { readonly info: AppInfo | null }) {
  return (
    <Section title="About">
      <dl className={styles.about}>
        <dt>Whospent</dt>
        <dd>{info?.version ?? '…'}</dd>
        <dt>Electron</dt>
        <dd>{info?.electron ?? '…'}</dd>
        <dt>Chromium</dt>
        <dd>{info?.chromium ?? '…'}</dd>
        <dt>Platform</dt>
        <dd>{info?.platform ?? '…'}</dd>
      </dl>
    </Section>
  );
}
