import { TriangleAlert } from 'lucide-react';
import { type ComponentProps, type ReactNode, useState } from 'react';
import type { ExportChoices } from '../../../shared/exports.ts';
import { Button } from '../../components/button.tsx';
import { Choices } from '../../components/choices.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { countOf, formatCount, titleText } from '../../components/format.ts';
import { Modal } from '../../components/modal.tsx';
import { Progress } from '../../components/progress.tsx';
import { Segments } from '../../components/segments.tsx';
import { Tick } from '../../components/tick.tsx';
import { type ExportScope, useExportScope } from '../../hooks/export-scope.ts';
import {
  cancelExport,
  closeExport,
  type ExportState,
  type ExportWhat,
  fileName,
  openExport,
  runExport,
  useExportChoices,
  useExportState,
} from '../../hooks/exports.ts';
import { attempt } from '../../hooks/notices.ts';
import { useShownTable } from '../../hooks/shown-table.ts';
import { useRequestCount } from '../../hooks/use-request-count.ts';
import styles from './export-dialog.module.css';

const PROTECTION = [
  {
    value: 'protected',
    label: 'For spreadsheets',
    about:
      'A text that begins like a formula (= + - @) gets an apostrophe in front, so that nothing in it can run.',
  },
  {
    value: 'plain',
    label: 'Plain, for machines',
    about: 'Every text exactly as it is: for scripts, and for importing again.',
  },
] as const;

/** Everything about exporting that comes over the current screen: what and how, the progress. */
export function ExportDialog() {
  const state = useExportState();
  switch (state.phase) {
    case 'closed':
      return null;
    case 'choosing':
      return <Choosing state={state} />;
    case 'running':
      return <Running state={state} />;
  }
}

function Choosing({ state }: { readonly state: Extract<ExportState, { phase: 'choosing' }> }) {
  const { what, error } = state;
  const scope = useExportScope();
  const table = useShownTable();
  const before = useExportChoices();
  const [choices, setChoices] = useState(before);
  const requests = useRequestCount(scope.filter);
  const job = { what, choices, scope, table };
  const copies = what === 'table' && choices.table.to === 'clipboard';
  const rows = what === 'table' ? (table?.rows ?? 0) : requests;

  const change = <W extends ExportWhat>(of: W, to: Partial<ExportChoices[W]>) =>
    setChoices({ ...choices, [of]: { ...choices[of], ...to } });

  return (
    <Modal
      title="Export"
      width="wide"
      isOpen
      onClose={closeExport}
      actions={
        <>
          <Button onPress={closeExport}>Cancel</Button>
          <Button look="primary" autoFocus isDisabled={rows === 0} onPress={() => attempt(runExport(job))}>
            {copies ? 'Copy' : 'Save…'}
          </Button>
        </>
      }
    >
      {error && <ErrorNotice error={error} />}
      <div className={styles.form}>
        <SegmentsRow<ExportWhat>
          label="What"
          choices={[
            ['table', `${table?.name ?? 'This'} table`],
            ['generations', 'Generations'],
            ['report', 'Report'],
          ]}
          value={what}
          onChange={openExport}
        />
        <Row label="Holds">
          <Holds what={what} rows={rows} scope={scope} />
        </Row>
        {what === 'table' && <TableChoices choices={choices.table} onChange={(to) => change('table', to)} />}
        {what === 'generations' && (
          <GenerationsChoices choices={choices.generations} onChange={(to) => change('generations', to)} />
        )}
        {what === 'report' && (
          <SegmentsRow
            label="Format"
            choices={[
              ['pdf', 'PDF'],
              ['html', 'HTML'],
            ]}
            value={choices.report.format}
            onChange={(format) => change('report', { format })}
          />
        )}
        {!copies && (
          <Row label="Name">
            <code className={styles.file}>{fileName(job)}</code>
          </Row>
        )}
      </div>
      {scope.partial.length > 0 && (
        <aside className={styles.partial} aria-label="Partial">
          <TriangleAlert size={14} aria-hidden="true" />
          <p>
            <strong>Not everything of this period is in it.</strong> {scope.partial.join('. ')}.
            {!copies && ' The file’s name says “partial”.'}
          </p>
        </aside>
      )}
    </Modal>
  );
}

function Row({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className={styles.row}>
      <span className={styles.label}>{label}</span>
      <div className={styles.value}>{children}</div>
    </div>
  );
}

/** A switch in a row of the form. */
const SegmentsRow = <T extends string>(
  props: Pick<ComponentProps<typeof Segments<T>>, 'label' | 'choices' | 'value' | 'onChange'>,
) => <Segments {...props} className={styles.row} labelClassName={styles.label} />;

const ABOUT: Readonly<Record<ExportWhat, string>> = {
  table: 'As it stands on screen: its columns, in its order. Every number exact.',
  generations: 'Each request with all its columns, newest first.',
  report: 'Totals, charts and tables to send on, with what is missing and how it was computed.',
};

/** How many rows, of which period, zone and filters. */
function Holds({
  what,
  rows,
  scope,
}: {
  readonly what: ExportWhat;
  readonly rows: number | null;
  readonly scope: ExportScope;
}) {
  return (
    <>
      <p role="status">
        {rows === null ? 'Counting…' : countOf(rows, what === 'table' ? 'row' : 'request')} · {scope.period} ·{' '}
        {scope.zone}
      </p>
      {scope.filters.map((words) => (
        <p key={words} className={styles.filter} title={titleText(words)}>
          {titleText(words)}
        </p>
      ))}
      <p className={styles.about}>{ABOUT[what]}</p>
    </>
  );
}

function TableChoices({
  choices: { to, file, clipboard, totals, cells },
  onChange,
}: {
  readonly choices: ExportChoices['table'];
  readonly onChange: (change: Partial<ExportChoices['table']>) => void;
}) {
  const format = to === 'file' ? file : clipboard;
  return (
    <>
      <SegmentsRow
        label="To"
        choices={[
          ['file', 'File'],
          ['clipboard', 'Clipboard'],
        ]}
        value={to}
        onChange={(value) => onChange({ to: value })}
      />
      {to === 'file' ? (
        <SegmentsRow
          label="Format"
          choices={[
            ['csv', 'CSV'],
            ['json', 'JSON'],
          ]}
          value={file}
          onChange={(value) => onChange({ file: value })}
        />
      ) : (
        <SegmentsRow
          label="Format"
          choices={[
            ['tsv', 'Tab-separated, to paste'],
            ['csv', 'CSV'],
            ['json', 'JSON'],
          ]}
          value={clipboard}
          onChange={(value) => onChange({ clipboard: value })}
        />
      )}
      <Row label="Totals">
        <Tick value={totals} onChange={(value) => onChange({ totals: value })}>
          Add the line of totals
        </Tick>
      </Row>
      {format !== 'json' && <Cells value={cells} onChange={(value) => onChange({ cells: value })} />}
    </>
  );
}

function GenerationsChoices({
  choices: { format, cells },
  onChange,
}: {
  readonly choices: ExportChoices['generations'];
  readonly onChange: (change: Partial<ExportChoices['generations']>) => void;
}) {
  return (
    <>
      <SegmentsRow
        label="Format"
        choices={[
          ['csv', 'CSV, as OpenRouter’s'],
          ['ndjson', 'NDJSON'],
        ]}
        value={format}
        onChange={(value) => onChange({ format: value })}
      />
      <p className={styles.below}>
        {format === 'csv'
          ? 'The columns of OpenRouter’s newest activity CSV: every tool that reads its files can read this one.'
          : 'One JSON object a line with everything that is known: money as decimal text, times in ISO 8601 (UTC), unknown fields left out.'}
      </p>
      {format === 'csv' && <Cells value={cells} onChange={(value) => onChange({ cells: value })} />}
    </>
  );
}

function Cells({
  value,
  onChange,
}: {
  readonly value: ExportChoices['table']['cells'];
  readonly onChange: (value: ExportChoices['table']['cells']) => void;
}) {
  return (
    <Choices
      label="Cells"
      className={styles.row}
      labelClassName={styles.label}
      choices={PROTECTION}
      value={value}
      onChange={onChange}
    />
  );
}

function Running({ state }: { readonly state: Extract<ExportState, { phase: 'running' }> }) {
  const { what, progress, cancelling } = state;
  return (
    <Modal
      title={what === 'report' ? 'Making the report' : 'Exporting'}
      isOpen
      closable={false}
      onClose={() => undefined}
      actions={
        <Button autoFocus isDisabled={cancelling} onPress={cancelExport}>
          {cancelling ? 'Cancelling…' : 'Cancel'}
        </Button>
      }
    >
      <Progress label="Exporting" done={progress && progress.of > 0 ? progress.rows / progress.of : 0} />
      <p className={styles.about}>
        {progress ? `${formatCount(progress.rows)} of ${countOf(progress.of, 'row')}` : 'Preparing…'}
      </p>
    </Modal>
  );
}
