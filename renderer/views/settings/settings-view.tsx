import { useEffect, useState } from 'react';
import type { AppInfo } from '../../../shared/ipc.ts';
import { THEMES, type Theme } from '../../../shared/ipc-values.ts';
import { call, main } from '../../client.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmButton } from '../../components/confirm.tsx';
import { countOf } from '../../components/format.ts';
import { Page } from '../../components/page.tsx';
import { Segments } from '../../components/segments.tsx';
import { deleteAllData, leaveSample, openSample, useStatus } from '../../hooks/dataset.ts';
import { loadLookUpQueues, stopLookUps } from '../../hooks/look-ups.ts';
import { attempt, notifyDone } from '../../hooks/notices.ts';
import { go } from '../../hooks/route.ts';
import { forgetSync, stopSync } from '../../hooks/sync.ts';
import { chooseTheme, useTheme } from '../../hooks/theme.ts';
import { AutomaticSync } from './automatic-sync.tsx';
import { Connections } from './connections.tsx';
import { DeleteOld } from './delete-old.tsx';
import { Section } from './section.tsx';
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
          <AutomaticSync />
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

function Appearance() {
  return (
    <Section title="Appearance">
      <Segments
        label="Theme"
        className={styles.row}
        labelClassName={styles.text}
        choices={THEMES.map((theme) => [theme, THEME_LABELS[theme]] as const)}
        value={useTheme()}
        onChange={(theme) => attempt(chooseTheme(theme))}
      />
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
        <p className={styles.text}>
          Sample data are a made-up account, kept apart from your own
          {rows > 0 && !sample ? ', and shown only while you have none.' : '.'}
        </p>
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
        <p className={styles.text}>Deletes the requests of long ago, and keeps the newer ones.</p>
        <DeleteOld />
      </div>
      <div className={styles.row}>
        <p className={styles.text}>Deletes every stored generation, import and sync. Connections stay.</p>
        <ConfirmButton
          label="Delete all data"
          title="Delete all data?"
          confirm="Delete all data"
          onConfirm={async () => {
            await Promise.all([stopSync(), stopLookUps()]);
            await deleteAllData();
            forgetSync();
            await loadLookUpQueues();
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
