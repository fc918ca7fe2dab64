import { type Count, Counts } from '../../components/counts.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { formatCount } from '../../components/format.ts';
import type { ImportResult } from '../../hooks/imports.ts';
import type { Origin } from '../../store/api.ts';
import styles from './import-outcome.module.css';
import { names } from './preview-words.ts';
import { Rejections } from './rejections.tsx';
import { SaveRejected } from './save-rejected.tsx';
import { SaveSummary } from './save-summary.tsx';

/** What became of one file: every line of it accounted for. */
export function ImportOutcome({ result }: { readonly result: ImportResult }) {
  if ('error' in result) {
    return (
      <section className={styles.outcome} aria-label={result.name}>
        <h3 className={styles.name}>{result.name}</h3>
        <ErrorNotice error={result.error} />
      </section>
    );
  }
  const { origin } = result;
  return (
    <section className={styles.outcome} aria-label={origin.name}>
      <header className={styles.header}>
        <h3 className={styles.name}>{origin.name}</h3>
        {origin.kind === 'file' && (
          <div className={styles.saves}>
            <SaveRejected origin={origin} />
            <SaveSummary origin={origin} />
          </div>
        )}
      </header>
      {origin.error && <ErrorNotice error={origin.error} />}
      <OriginCounts origin={origin} />
      <ColumnNotes origin={origin} />
      <Rejections origin={origin} />
    </section>
  );
}

/** Columns that a file has too much, or too little: nothing of it stays unsaid. */
export function ColumnNotes({ origin }: { readonly origin: Origin }) {
  const { ignoredColumns = [], absentColumns = [] } = origin;
  return (
    <>
      {absentColumns.includes('user') && (
        <p>This file has no column user, so its requests stand under “No user id”.</p>
      )}
      {absentColumns.length > 0 && <p>Not in this file, so not known: {absentColumns.join(', ')}</p>}
      {ignoredColumns.length > 0 && (
        <p>Not read, since Whospent does not know them: {names(ignoredColumns)}</p>
      )}
    </>
  );
}

/** Lines = new + already known + merged + rejected. */
export function OriginCounts({ origin }: { readonly origin: Origin }) {
  const { counts, kind } = origin;
  const figures = [
    [kind === 'file' ? 'Lines' : 'Generations', counts.rows, 'Everything that was read'],
    ['New', counts.new, 'Stored for the first time'],
    ['Already known', counts.known, 'The same as what was stored: not counted twice'],
    ['Merged', counts.merged, 'Completed, or in conflict: now with the values that came later'],
    [
      'Rejected',
      counts.rejected,
      kind === 'file'
        ? 'Left out: could not be read, or a total; the reasons are listed'
        : 'Could not be read; the reasons are listed',
    ],
  ] as const;
  return <Counts counts={figures.map(countFigure)} />;
}

/** A number of lines, by its label and what it is about. */
export const countFigure = ([label, count, about]: readonly [string, number, string]): Count => ({
  label,
  text: formatCount(count),
  about,
  isZero: count === 0,
});
