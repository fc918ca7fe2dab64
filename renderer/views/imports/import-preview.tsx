import { type ReactNode, useEffect, useRef, useState } from 'react';
import { formatExact } from '../../../shared/money.ts';
import { Button } from '../../components/button.tsx';
import { Counts } from '../../components/counts.tsx';
import { DisclosureButton } from '../../components/disclosure-button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { countOf, formatBytes, formatCount, titleText } from '../../components/format.ts';
import { Modal } from '../../components/modal.tsx';
import { Progress } from '../../components/progress.tsx';
import select from '../../components/select.module.css';
import { Tick } from '../../components/tick.tsx';
import type { FilePreview } from '../../csv/api.ts';
import { ENCODINGS, type Encoding } from '../../csv/encoding.ts';
import {
  chooseReading,
  closeImports,
  type ImportItem,
  type ImportsState,
  includeFile,
  isReadable,
  isWanted,
  mapHeaders,
  startImport,
} from '../../hooks/imports.ts';
import { leftText, type Pace } from '../../hooks/pace.ts';
import { ColumnMapping } from './column-mapping.tsx';
import { FirstRows } from './first-rows.tsx';
import { countFigure } from './import-outcome.tsx';
import styles from './import-preview.module.css';
import {
  ENCODING_NAMES,
  kindWords,
  leftOutWords,
  protectedWords,
  shiftWords,
  spanWords,
  writtenWords,
} from './preview-words.ts';

/** What importing the chosen files would do. Nothing is written before Import is pressed. */
export function ImportPreview({ state }: { readonly state: Extract<ImportsState, { phase: 'preview' }> }) {
  const { items, reading, pace, going } = state;
  const wanted = items.filter(isWanted);
  const refused = items.every((item) => item.preview !== null && !isReadable(item)) && reading === null;
  const nothing = wanted.length === 0;
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // A button that cannot be pressed any more loses the focus, and then nobody hears Escape.
    if (nothing) cancel.current?.focus();
  }, [nothing]);
  const unmapped = items.some(({ preview }) => preview?.error && preview.kind?.mappable);
  return (
    <Modal
      title={items.length === 1 ? 'Import activity CSV' : `Import ${countOf(items.length, 'file')}`}
      width="widest"
      isOpen
      onClose={closeImports}
      aside={<Sum items={wanted} reading={reading} going={going} />}
      actions={
        refused && !unmapped ? (
          <Button look="primary" autoFocus onPress={closeImports}>
            Done
          </Button>
        ) : (
          <>
            <Button ref={cancel} onPress={closeImports}>
              Cancel
            </Button>
            <Button look="primary" autoFocus isDisabled={nothing || going} onPress={startImport}>
              {going ? 'Importing when read…' : 'Import'}
            </Button>
          </>
        )
      }
    >
      {items.map((item) => (
        <FileSection
          key={item.id}
          item={item}
          alone={items.length === 1}
          pace={reading === item.id ? pace : null}
          busy={reading === item.id}
        />
      ))}
    </Modal>
  );
}

/** Beside the buttons: what all files together would do. */
function Sum({
  items,
  reading,
  going,
}: {
  readonly items: readonly ImportItem[];
  readonly reading: number | null;
  readonly going: boolean;
}) {
  if (going) return <p className={styles.sum}>Importing begins when all is read.</p>;
  if (items.length === 0) return <p className={styles.sum}>Nothing is stored.</p>;
  const rows = items.reduce((sum, { preview }) => sum + (preview?.counts.new ?? 0), 0);
  const spend = items.reduce((sum, { preview }) => sum + (preview?.counts.spendAdded ?? 0n), 0n);
  return (
    <p className={styles.sum} role="status">
      {reading === null ? 'Adds' : 'So far adds'} {countOf(rows, 'request')} and{' '}
      <strong>{formatExact(spend, 2)}</strong> of spend. Nothing is stored yet.
    </p>
  );
}

function FileSection({
  item,
  alone,
  pace,
  busy,
}: {
  readonly item: ImportItem;
  readonly alone: boolean;
  readonly pace: Pace | null;
  readonly busy: boolean;
}) {
  const { id, file, included, preview } = item;
  const [open, setOpen] = useState(false);
  const kind = preview?.kind ?? null;
  const error = preview?.error ?? null;
  const encoding = item.choices.encoding ?? kind?.encoding;
  // Totals and prose stay what they are in every encoding; but a wrong choice may be why it cannot be read, so it can
  // be taken back.
  const mayReadOtherwise = item.choices.encoding !== undefined || kind?.mappable === true;
  const name = (
    <h3 className={styles.name} title={titleText(file.name)}>
      {file.name}
    </h3>
  );
  return (
    <section className={styles.file} aria-label={file.name} data-left-out={!included || undefined}>
      <header className={styles.header}>
        {alone ? (
          name
        ) : (
          <Tick
            // Asked for or not, it does not come.
            value={included && !error}
            isDisabled={error !== null}
            onChange={(value) => includeFile(id, value)}
          >
            {name}
          </Tick>
        )}
        <span className={styles.size}>{formatBytes(file.blob.size)}</span>
      </header>
      {busy && <Reading name={file.name} preview={preview} pace={pace} />}
      {error && <ErrorNotice error={error} />}
      {kind && !error && preview && (
        <>
          <PreviewCounts preview={preview} />
          <dl className={styles.facts}>
            <dt>File</dt>
            <dd>{kindWords(kind)}</dd>
            <dt>Written in</dt>
            <dd>{writtenWords(kind)}</dd>
            <dt>Time</dt>
            <dd>{spanWords(preview)}</dd>
          </dl>
          <Notes item={item} preview={preview} />
        </>
      )}
      {kind && item.recalled && (
        <Note>
          <p>The columns are read as you once chose for files with these headers.</p>
          <Button onPress={() => mapHeaders(id, {})}>Read them by their names</Button>
        </Note>
      )}
      {kind && error && kind.mappable && <ColumnMapping id={id} kind={kind} mapping={item.choices.mapping} />}
      {error && encoding && mayReadOtherwise && <EncodingChoice id={id} value={encoding} />}
      {kind && !error && preview && (
        <>
          {alone && <FirstRows preview={preview} />}
          <DisclosureButton isOpen={open} onChange={setOpen} quiet>
            {alone ? 'Columns and encoding' : 'First rows, columns and encoding'}
          </DisclosureButton>
          {open && (
            <>
              {!alone && <FirstRows preview={preview} />}
              <ColumnMapping id={id} kind={kind} mapping={item.choices.mapping} />
              <EncodingChoice id={id} value={encoding ?? kind.encoding} />
            </>
          )}
        </>
      )}
    </section>
  );
}

function Reading({
  name,
  preview,
  pace,
}: {
  readonly name: string;
  readonly preview: FilePreview | null;
  readonly pace: Pace | null;
}) {
  const { bytesRead = 0, bytes = 1, counts } = preview ?? {};
  return (
    <div>
      <Progress label={`Reading ${name}`} done={Math.min(1, bytesRead / Math.max(1, bytes))} />
      <p className={styles.progress}>
        {counts
          ? `${formatBytes(bytesRead)} of ${formatBytes(bytes)} · ${countOf(counts.rows, 'line')}`
          : 'Reading…'}
        {pace?.leftMs != null && ` · ${leftText(pace.leftMs)}`}
      </p>
    </div>
  );
}

/** Lines = new + already known + completed + in conflict + rejected. */
function PreviewCounts({ preview }: { readonly preview: FilePreview }) {
  const { counts } = preview;
  const figures = [
    ['Lines', counts.rows, 'Everything in the file but its header'],
    ['New', counts.new, 'Will be stored'],
    ['Already known', counts.same, 'Stored already with the same values: will not be counted twice'],
    ['Completed', counts.completed, 'Stored already; the file knows values that were unknown'],
    ['In conflict', counts.conflicting, 'Stored already with another value: the file’s will replace it'],
    ['Rejected', counts.rejected, 'Left out: cannot be read, or a total; the reasons are listed'],
  ] as const;
  const spend = {
    label: 'Adds to spend',
    text: formatExact(counts.spendAdded, 2),
    about: 'What the totals will grow by: credits + BYOK, every digit',
    isZero: counts.spendAdded === 0n,
    wide: true,
  };
  return <Counts counts={[...figures.map(countFigure), spend]} />;
}

/** What a reader should know before importing. */
function Notes({ item, preview }: { readonly item: ImportItem; readonly preview: FilePreview }) {
  const { id, choices } = item;
  const { shift, notUtf8, totalLines, protectedCells, counts, firstRejections, kind } = preview;
  const corrected = (choices.shifts?.length ?? 0) > 0;
  return (
    <>
      {(shift || corrected) && (
        <Note>
          <p>
            {shift
              ? `The times of this file are ${shiftWords(shift)}: they disagree with the times inside the ids of ${formatCount(shift.agree)} of ${countOf(shift.of, 'row')}. OpenRouter writes UTC; another program seems to have moved them.`
              : `Times that were ${shiftWords({ shifts: choices.shifts ?? [] })} are corrected to UTC.`}
          </p>
          <Tick
            value={corrected}
            onChange={(value) => chooseReading(id, { shifts: value ? (shift?.shifts ?? []) : [] })}
          >
            Correct the times to UTC
          </Tick>
        </Note>
      )}
      {notUtf8 > 0 && (
        <Note>
          <p>
            {countOf(notUtf8, 'line')} {notUtf8 === 1 ? 'holds' : 'hold'} bytes that are not UTF-8, and{' '}
            {notUtf8 === 1 ? 'is' : 'are'} rejected as {notUtf8 === 1 ? 'it stands' : 'they stand'}. Excel
            often saves in Windows-1252.
          </p>
          <Button onPress={() => chooseReading(id, { encoding: 'windows-1252' })}>
            Read as Windows-1252
          </Button>
        </Note>
      )}
      {counts.conflicting > 0 && (
        <Note>
          <p>
            {countOf(counts.conflicting, 'line')} {counts.conflicting === 1 ? 'differs' : 'differ'} from what
            is stored, or from an earlier line with the same id. Importing takes the later values; undoing the
            import brings the stored ones back.
          </p>
        </Note>
      )}
      {protectedCells > 0 && (
        <Note>
          <p>{protectedWords(protectedCells)}</p>
        </Note>
      )}
      {kind?.absent.includes('user') && (
        <p>This file has no column user, so its requests will stand under “No user id”.</p>
      )}
      {counts.rejected > 0 && (
        <details className={styles.rejected}>
          <summary>{leftOutWords(counts.rejected, totalLines)}</summary>
          <ul>
            {firstRejections.map(({ line, reason }, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the first rejections stay where they are
              <li key={place}>
                Line {line === null ? '?' : formatCount(line)} {reason}
              </li>
            ))}
            {counts.rejected > firstRejections.length && <li>…</li>}
          </ul>
        </details>
      )}
    </>
  );
}

function Note({ children }: { readonly children: ReactNode }) {
  return <div className={styles.note}>{children}</div>;
}

function EncodingChoice({ id, value }: { readonly id: number; readonly value: Encoding }) {
  return (
    <label className={styles.encoding}>
      Encoding{' '}
      <select
        className={select.select}
        aria-label="Encoding"
        value={value}
        onChange={(event) => {
          const encoding = ENCODINGS.find((one) => one === event.target.value);
          if (encoding) chooseReading(id, { encoding });
        }}
      >
        {ENCODINGS.map((encoding) => (
          <option key={encoding} value={encoding}>
            {ENCODING_NAMES[encoding]}
          </option>
        ))}
      </select>
    </label>
  );
}
