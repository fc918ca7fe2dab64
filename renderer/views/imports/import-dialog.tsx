import { Button } from '../../components/button.tsx';
import { FilesTrigger } from '../../components/files.tsx';
import { countOf, formatCount } from '../../components/format.ts';
import { LinkOut } from '../../components/link-out.tsx';
import { Modal } from '../../components/modal.tsx';
import { Progress } from '../../components/progress.tsx';
import {
  cancelImports,
  closeImports,
  type ImportResult,
  type ImportsState,
  useImports,
} from '../../hooks/imports.ts';
import { attempt } from '../../hooks/notices.ts';
import styles from './import-dialog.module.css';
import { ImportOutcome } from './import-outcome.tsx';
import { ImportPreview } from './import-preview.tsx';
import { headline } from './outcome-words.ts';

/** Everything about importing files that comes over the current screen: the question, the progress, the outcome. */
export function ImportDialog() {
  const state = useImports();
  switch (state.phase) {
    case 'idle':
      return null;
    case 'asking':
      return <Asking />;
    case 'preview':
      return <ImportPreview state={state} />;
    case 'running':
      return <Running state={state} />;
    case 'finished':
      return <Finished results={state.results} />;
  }
}

function Asking() {
  return (
    <Modal
      title="Import activity CSV"
      isOpen
      onClose={closeImports}
      actions={
        <>
          <Button onPress={closeImports}>Cancel</Button>
          <FilesTrigger look="primary" />
        </>
      }
    >
      <p>
        Export it on <LinkOut to="activity">openrouter.ai/activity</LinkOut> as CSV, one line per generation.
        You can also drop the files anywhere on this window. A line that is stored already is not counted
        twice.
      </p>
    </Modal>
  );
}

function Running({ state }: { readonly state: Extract<ImportsState, { phase: 'running' }> }) {
  const { name, number, of, progress, cancelling } = state;
  return (
    <Modal
      title={of > 1 ? `Importing file ${number} of ${of}` : 'Importing'}
      isOpen
      closable={false}
      onClose={() => undefined}
      actions={
        <Button isDisabled={cancelling} onPress={() => attempt(cancelImports())}>
          {cancelling ? 'Cancelling…' : 'Cancel'}
        </Button>
      }
    >
      <p className={styles.name}>{name}</p>
      <Progress
        label={`Importing ${name}`}
        done={progress === null || progress.rows === 0 ? 0 : Math.min(1, progress.done / progress.rows)}
      />
      <p className={styles.figures}>
        {progress
          ? `${formatCount(progress.done)} of ${countOf(progress.rows, 'line')} · ${formatCount(progress.new)} new · ${formatCount(progress.known)} already known`
          : 'Beginning…'}
        {progress && progress.merged > 0 && ` · ${formatCount(progress.merged)} merged`}
        {progress && progress.rejected > 0 && ` · ${formatCount(progress.rejected)} rejected`}
      </p>
    </Modal>
  );
}

function Finished({ results }: { readonly results: readonly ImportResult[] }) {
  return (
    <Modal
      title={headline(results)}
      width="widest"
      isOpen
      onClose={closeImports}
      actions={
        <Button look="primary" autoFocus onPress={closeImports}>
          Done
        </Button>
      }
    >
      {results.map((result, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is finished; two files may have one name
        <ImportOutcome key={place} result={result} />
      ))}
    </Modal>
  );
}
