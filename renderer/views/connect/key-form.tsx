import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { Disclosure, DisclosurePanel } from 'react-aria-components/Disclosure';
import { Form } from 'react-aria-components/Form';
import { Heading } from 'react-aria-components/Heading';
import { type AppError, toAppError } from '../../../shared/errors.ts';
import type { Connection } from '../../../shared/ipc.ts';
import { DEFAULT_BASE_URL } from '../../../shared/ipc-values.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { addConnection } from '../../hooks/connections.ts';
import styles from './key-form.module.css';

/** Takes an API key, has it tried against OpenRouter, and says plainly what is wrong if it cannot be used. */
export function KeyForm({
  onConnected,
  onTrying,
}: {
  readonly onConnected: (connection: Connection) => void;
  /** Told when a key is being tried, and when no longer: only this form says what comes of it. */
  readonly onTrying?: (trying: boolean) => void;
}) {
  const [key, setKey] = useState('');
  const [baseUrl, setBaseUrl] = useState(DEFAULT_BASE_URL);
  const [trying, setTrying] = useState(false);
  const [error, setError] = useState<AppError | null>(null);

  const connect = async () => {
    setTrying(true);
    onTrying?.(true);
    setError(null);
    try {
      const connection = await addConnection(key.trim(), baseUrl.trim());
      // The key has done its work here; the page keeps no copy.
      setKey('');
      onConnected(connection);
    } catch (thrown) {
      setError(toAppError(thrown));
    } finally {
      setTrying(false);
      onTrying?.(false);
    }
  };

  return (
    <Form
      className={styles.form!}
      onSubmit={(event) => {
        event.preventDefault();
        if (!trying) void connect();
      }}
    >
      <Field
        label="API key"
        // Not a password field: browsers offer to keep those. The style sheet hides the text.
        type="text"
        value={key}
        onChange={setKey}
        placeholder="sk-or-v1-…"
        isDisabled={trying}
        data-secret=""
      />
      <Disclosure className={styles.advanced!}>
        <Heading level={3}>
          <AriaButton slot="trigger" className={styles.trigger!}>
            <ChevronRight size={13} aria-hidden="true" />
            Advanced
          </AriaButton>
        </Heading>
        <DisclosurePanel>
          <div className={styles.panel}>
            <Field
              label="Base URL"
              value={baseUrl}
              onChange={setBaseUrl}
              isDisabled={trying}
              hint="Change it only if you reach OpenRouter through a proxy of your own."
            />
          </div>
        </DisclosurePanel>
      </Disclosure>
      {error && <ErrorNotice error={error} />}
      <Button type="submit" look="primary" isPending={trying}>
        {trying ? 'Connecting…' : 'Connect'}
      </Button>
    </Form>
  );
}
