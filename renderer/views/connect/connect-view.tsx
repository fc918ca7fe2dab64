import { useState } from 'react';
import { SAMPLE_SIZE } from '../../../shared/sample/size.ts';
import { Button, TextButton } from '../../components/button.tsx';
import { FilesTrigger } from '../../components/files.tsx';
import { countOf } from '../../components/format.ts';
import { LinkOut } from '../../components/link-out.tsx';
import { openSample, useSampleLoading } from '../../hooks/dataset.ts';
import { attempt } from '../../hooks/notices.ts';
import { go } from '../../hooks/route.ts';
import { showShortcuts } from '../frame/shortcuts.tsx';
import styles from './connect-view.module.css';
import { welcome } from './connected.ts';
import { KeyForm } from './key-form.tsx';

/** The first screen: three ways to a useful table, each as near as the others. */
export function ConnectView({ dropping }: { readonly dropping: boolean }) {
  const sampleLoading = useSampleLoading();
  const [headingId] = useState('connect-heading');
  return (
    <main className={styles.view} aria-labelledby={headingId}>
      <header className={styles.header}>
        <h1 id={headingId}>Which of your users spent what?</h1>
        <p>
          Whospent reads your OpenRouter generations and adds them up by end user, exact to the last digit.
          Your data stay on this computer.
        </p>
      </header>
      <div className={styles.ways}>
        <section className={styles.way} aria-labelledby="way-key">
          <h2 id="way-key">Connect with an API key</h2>
          <p>
            Generations are pulled from OpenRouter now, and whenever you sync. Both{' '}
            <LinkOut to="keys">API keys</LinkOut> and <LinkOut to="managementKeys">management keys</LinkOut>{' '}
            work.
          </p>
          <KeyForm onConnected={welcome} />
        </section>
        <section className={styles.way} data-dropping={dropping || undefined} aria-labelledby="way-files">
          <h2 id="way-files">Drop an activity CSV</h2>
          <p>
            Export the rows of <LinkOut to="activity">openrouter.ai/activity</LinkOut> as CSV, one line per
            generation, and drop the files anywhere on this window.
          </p>
          <div className={`${styles.box} ${styles.drop}`}>
            <span>{dropping ? 'Let go to import' : 'Drop CSV files here'}</span>
            <FilesTrigger />
          </div>
        </section>
        <section className={styles.way} aria-labelledby="way-sample">
          <h2 id="way-sample">Look around first</h2>
          <p>
            A made-up account shows what you will see. It is kept apart from your own data and removed with
            one click.
          </p>
          <div className={styles.box}>
            <span>
              {countOf(SAMPLE_SIZE.rows, 'request')} by some {countOf(SAMPLE_SIZE.users, 'user')}
            </span>
            <Button isPending={sampleLoading} onPress={() => attempt(openSample())}>
              {sampleLoading ? 'Making sample data…' : 'Look at sample data'}
            </Button>
          </div>
        </section>
      </div>
      <footer className={styles.footer}>
        <TextButton onPress={() => go({ view: 'imports' })}>Imports & syncs</TextButton>
        <TextButton onPress={() => go({ view: 'settings' })}>Settings</TextButton>
        <TextButton onPress={showShortcuts}>Keyboard shortcuts</TextButton>
      </footer>
    </main>
  );
}
