import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { AppError, ErrorCode } from '../../shared/errors.ts';
import type { LinkName } from '../../shared/ipc.ts';
import styles from './error-notice.module.css';
import { LinkOut } from './link-out.tsx';

/** Where an error's next step lies, if it is a page of OpenRouter's. */
const NEXT: Partial<Record<ErrorCode, readonly [LinkName, string]>> = {
  'key-empty': ['keys', 'Open API keys'],
  'key-refused': ['keys', 'Open API keys'],
  'key-wrong-kind': ['managementKeys', 'Open management keys'],
  'generations-not-offered': ['activity', 'Open Activity to export a CSV'],
  'file-aggregated': ['activity', 'Open Activity to export rows'],
  'file-no-header': ['activity', 'Open Activity to export a CSV'],
  'file-not-csv': ['activity', 'Open Activity to export a CSV'],
};

/** An error as people need it: what happened, what it means for their data, what to do now. */
export function ErrorNotice({
  error,
  about,
  children,
}: {
  readonly error: AppError;
  /** What it happened to, where there are several. */
  readonly about?: string;
  readonly children?: ReactNode;
}) {
  const next = NEXT[error.code];
  return (
    <div role="alert" className={styles.notice} data-code={error.code}>
      <TriangleAlert size={15} aria-hidden="true" className={styles.icon} />
      <div className={styles.text}>
        <strong>
          {about !== undefined && `${about}: `}
          {error.title}
        </strong>
        <p>{error.meaning}</p>
        <p>{error.action}</p>
        {error.detail && (
          <details className={styles.detail}>
            <summary>Detail</summary>
            <code>{error.detail}</code>
          </details>
        )}
        {(next || children) && (
          <div className={styles.actions}>
            {next && <LinkOut to={next[0]}>{next[1]}</LinkOut>}
            {children}
          </div>
        )}
      </div>
    </div>
  );
}
