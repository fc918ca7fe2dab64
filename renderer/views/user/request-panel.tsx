import { Copy } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { COLUMNS, type ColumnKey } from '../../../shared/columns.ts';
import { type AppError, toAppError } from '../../../shared/errors.ts';
import type { Connection, GenerationContent } from '../../../shared/ipc.ts';
import { Button } from '../../components/button.tsx';
import { Drawer } from '../../components/drawer.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { titleText, visibleText } from '../../components/format.ts';
import { useConnections } from '../../hooks/connections.ts';
import { useStatus } from '../../hooks/dataset.ts';
import {
  type DetailsState,
  fetchContent,
  type StoredGeneration,
  useDetails,
  useStoredGeneration,
} from '../../hooks/generation.ts';
import { attempt, notifyDone } from '../../hooks/notices.ts';
import { CellText, entryOf, exactText } from './cell-text.tsx';
import styles from './request-panel.module.css';

/** Everything that is known of one generation; opening it asks OpenRouter for what is missing. */
export function RequestPanel({ id, onClose }: { readonly id: string | null; readonly onClose: () => void }) {
  return (
    <Drawer title="Request" isOpen={id !== null} onClose={onClose}>
      {id !== null && <Request key={id} id={id} />}
    </Drawer>
  );
}

/** What stands in front, and the rest in the catalogue's order. */
const FIRST: readonly (ColumnKey | 'spend')[] = [
  'user',
  'created_at',
  'model_permaslug',
  'provider_name',
  'spend',
];
const REST = COLUMNS.map(({ key }) => key).filter((key) => key !== 'generation_id' && !FIRST.includes(key));

function Request({ id }: { readonly id: string }) {
  const stored = useStoredGeneration(id);
  const details = useDetails(id);
  return (
    <>
      <div className={styles.id}>
        <code title={titleText(id)}>{visibleText(id)}</code>
        <Button
          look="plain"
          square
          aria-label="Copy generation id"
          onPress={() =>
            attempt(navigator.clipboard.writeText(id).then(() => notifyDone('Generation id copied')))
          }
        >
          <Copy size={13} aria-hidden="true" />
        </Button>
      </div>
      <Asked details={details} />
      {stored && (
        <dl className={styles.fields} aria-label="What is stored">
          {[...FIRST, ...REST].map((key) => (
            <StoredField key={key} name={key} stored={stored} />
          ))}
        </dl>
      )}
      <Content id={id} details={details} />
      {details.phase === 'there' && <Answer fields={details.fields} />}
    </>
  );
}

function StoredField({
  name,
  stored,
}: {
  readonly name: ColumnKey | 'spend';
  readonly stored: StoredGeneration;
}) {
  const { label, about, unit } = entryOf(name);
  const value = stored[name];
  return (
    <>
      <dt title={about}>
        {label}
        {unit !== undefined && <span className={styles.unit}> {unit}</span>}
      </dt>
      <dd title={exactText(name, value)}>
        <CellText name={name} value={value} />
      </dd>
    </>
  );
}

/** Whether OpenRouter was asked, and with what outcome. */
function Asked({ details }: { readonly details: DetailsState }) {
  const { dataset } = useStatus();
  const connections = useConnections() ?? [];
  switch (details.phase) {
    case 'asking':
      return (
        <p role="status" className={styles.muted}>
          Asking OpenRouter for details…
        </p>
      );
    case 'there':
      return (
        <p role="status" className={styles.muted}>
          Brought up to date with what OpenRouter knows.
        </p>
      );
    case 'failed':
      // That OpenRouter does not know a generation is no fault: it may be old, or of another account.
      return details.error.code === 'bad-answer' ? (
        <p role="status" className={styles.muted}>
          {details.error.title} {details.error.meaning}
        </p>
      ) : (
        <ErrorNotice error={details.error} />
      );
    case 'none':
      return (
        <p className={styles.muted}>
          {dataset === 'sample'
            ? 'Sample data: nobody is asked for more.'
            : connections.length === 0
              ? 'No key is connected: this is what is stored.'
              : 'Offline: this is what is stored.'}
        </p>
      );
  }
}

/** What was said, only when asked for, and gone when the panel is closed. */
function Content({ id, details }: { readonly id: string; readonly details: DetailsState }) {
  const [content, setContent] = useState<GenerationContent | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [asking, setAsking] = useState(false);
  if (details.phase === 'none') return null;
  const connection: Connection | null = details.phase === 'there' ? details.connection : null;
  const show = async () => {
    setAsking(true);
    setError(null);
    try {
      setContent(await fetchContent(id, connection));
    } catch (thrown) {
      setError(toAppError(thrown));
    } finally {
      setAsking(false);
    }
  };
  if (!content) {
    return (
      <div className={styles.part}>
        {error && <ErrorNotice error={error} />}
        <Button isDisabled={asking} onPress={() => void show()}>
          {asking ? 'Asking…' : 'Show prompt and completion'}
        </Button>
        <p className={styles.muted}>They are fetched from OpenRouter, shown here, and never stored.</p>
      </div>
    );
  }
  const { prompt, reasoning, completion, failure } = content;
  return (
    <>
      <Said title="Prompt" text={prompt} />
      {reasoning !== null && <Said title="Reasoning" text={reasoning} />}
      {(completion !== null || failure === null) && <Said title="Completion" text={completion} />}
      {failure !== null && <Said title="Failure" text={failure} />}
    </>
  );
}

function Said({ title, text }: { readonly title: string; readonly text: string | null }) {
  return (
    <Part title={title}>
      {text === null ? (
        <p className={styles.muted}>OpenRouter keeps none.</p>
      ) : (
        <pre className={styles.said}>{text}</pre>
      )}
    </Part>
  );
}

function Answer({ fields }: { readonly fields: readonly (readonly [name: string, value: string])[] }) {
  return (
    <Part title="OpenRouter’s own words">
      <dl className={styles.answer}>
        {fields.map(([name, value]) => (
          <div key={name}>
            <dt>{visibleText(name)}</dt>
            <dd title={titleText(value)}>{visibleText(value)}</dd>
          </div>
        ))}
      </dl>
    </Part>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles.part} aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}
