/** Exports: what the reader chose, what is under way, and what became of it. */
import { type AppError, AppFailure, toAppError } from '../../shared/errors.ts';
import { DEFAULT_EXPORT, type ExportChoices } from '../../shared/exports.ts';
import { call, main, store } from '../client.ts';
import * as Comlink from '../comlink.ts';
import { countOf } from '../components/format.ts';
import { TOUCHED_NOTE } from '../export/cells.ts';
import { namePart, suggestedName } from '../export/names.ts';
import { type FileKind, saveFile } from '../export/save.ts';
import { type Sink, TextSink } from '../export/sink.ts';
import type { ExportScope } from './export-scope.ts';
import { attempt, notifyDone } from './notices.ts';
import { changePreferences, usePreferences } from './preferences.ts';
import { makeReport } from './reports.ts';
import type { ShownTable } from './shown-table.ts';
import { createSignal, throttle, useSignal } from './signal.ts';

export type ExportWhat = keyof ExportChoices;

export type ExportState =
  | { readonly phase: 'closed' }
  /** `error`: why the last try of this dialog failed. */
  | { readonly phase: 'choosing'; readonly what: ExportWhat; readonly error: AppError | null }
  | {
      readonly phase: 'running';
      readonly what: ExportWhat;
      /** Rows written so far, of how many; null before the first. */
      readonly progress: { readonly rows: number; readonly of: number } | null;
      readonly cancelling: boolean;
    };

const state = createSignal<ExportState>({ phase: 'closed' });
export const useExportState = (): ExportState => useSignal(state);

/** What was chosen the last time. */
export const useExportChoices = (): ExportChoices => usePreferences()?.exports ?? DEFAULT_EXPORT;

/** Opens the dialog. While an export runs, that is what it shows. */
export function openExport(what: ExportWhat): void {
  if (state.get().phase !== 'running') state.set({ phase: 'choosing', what, error: null });
}

export function closeExport(): void {
  if (state.get().phase !== 'running') state.set({ phase: 'closed' });
}

/** Stops the export under way with the next piece; nothing is left behind. */
export function cancelExport(): void {
  const current = state.get();
  if (current.phase === 'running') state.set({ ...current, cancelling: true });
}

/** What there is to export, and how. */
export interface ExportJob {
  readonly what: ExportWhat;
  readonly choices: ExportChoices;
  readonly scope: ExportScope;
  readonly table: ShownTable | null;
}

/** The name that a job's file is offered under. */
export function fileName({ what, choices, scope, table }: ExportJob): string {
  const { range, partial, user } = scope;
  const of = user ? `_${namePart(user.id ?? 'no-user-id')}` : '';
  const stems = {
    table: table?.stem ?? 'whospent',
    generations: `openrouter_activity${of}`,
    report: `whospent_report${of}`,
  };
  return suggestedName({
    stem: stems[what],
    range,
    partial: partial.length > 0,
    extension: fileKind(what, choices),
  });
}

function fileKind(what: ExportWhat, choices: ExportChoices): FileKind {
  return what === 'table' ? choices.table.file : choices[what].format;
}

/** Does a job, remembers its choices, and says what became of it. */
export async function runExport(job: ExportJob): Promise<void> {
  const { what, choices } = job;
  if (state.get().phase === 'running') return;
  state.set({ phase: 'running', what, progress: null, cancelling: false });
  attempt(changePreferences({ exports: choices }));
  try {
    const done = await (what === 'table' && choices.table.to === 'clipboard' ? copy(job) : save(job));
    state.set(done ? { phase: 'closed' } : { phase: 'choosing', what, error: null });
  } catch (thrown) {
    const error = toAppError(thrown);
    state.set({ phase: 'choosing', what, error: error.code === 'stopped' ? null : error });
  }
}

/** What was written, for the notice. */
interface Written {
  /** `240 rows`. */
  readonly words: string;
  readonly touched: boolean;
}

async function save(job: ExportJob): Promise<boolean> {
  const { what, choices } = job;
  const saved = await saveFile(fileName(job), fileKind(what, choices), (sink) =>
    produce(job, cancellable(sink)),
  );
  if (!saved) return false;
  tell(`${saved.value.words} exported`, [`Saved to ${saved.path}`], job, saved.value.touched);
  return true;
}

async function copy(job: ExportJob): Promise<boolean> {
  const sink = new TextSink();
  const { words, touched } = await produce(job, cancellable(sink));
  await call(main.copyText({ text: sink.text }));
  tell(`${words} copied`, [], job, touched);
  return true;
}

function tell(title: string, lines: readonly string[], { scope }: ExportJob, touched: boolean): void {
  const reasons = scope.partial.map((words) => words.charAt(0).toLowerCase() + words.slice(1));
  const partial = reasons.length > 0 ? [`Partial: ${reasons.join('; ')}.`] : [];
  const guarded = touched ? [TOUCHED_NOTE] : [];
  notifyDone(title, [...lines, ...partial, ...guarded].join('\n'));
}

async function produce(job: ExportJob, sink: Sink): Promise<Written> {
  const { what, choices, scope, table } = job;
  switch (what) {
    case 'table': {
      if (!table) throw new Error('There is no table on screen.');
      const { to, totals, cells } = choices.table;
      const { rows, touched } = await table.write(
        { format: choices.table[to], cells, totals, about: aboutTable(table, scope), onProgress: follow },
        sink,
      );
      return { words: countOf(rows, 'row'), touched };
    }
    case 'generations': {
      const { format, cells } = choices.generations;
      const { rows, touched } = await store.exportGenerations(
        scope.filter,
        format === 'csv' ? { format, cells } : { format },
        Comlink.proxy(async (bytes: Uint8Array, rows: number, of: number) => {
          await sink.write(bytes);
          follow(rows, of);
        }),
      );
      return { words: countOf(rows, 'generation'), touched };
    }
    case 'report': {
      const { data, requests } = await makeReport(scope, choices.report.format);
      await sink.write(data);
      return { words: `A report on ${countOf(requests, 'request')}`, touched: false };
    }
  }
}

/** What a JSON file of a table says of itself. */
function aboutTable(table: ShownTable, scope: ExportScope): Readonly<Record<string, unknown>> {
  return {
    table: table.name.toLowerCase(),
    period: scope.period,
    zone: scope.zone,
    filters: scope.filters,
    partial: scope.partial,
    made_at: new Date().toISOString(),
  };
}

/** Between two looks at the progress, ms: drawing it must not cost more than the writing. */
const LOOK_MS = 200;

const show = throttle(LOOK_MS, (progress: { rows: number; of: number }) => {
  const current = state.get();
  if (current.phase === 'running') state.set({ ...current, progress });
});
const follow = (rows: number, of: number): void => show({ rows, of });

const STOPPED: AppError = {
  code: 'stopped',
  title: 'The export was cancelled.',
  meaning: 'No file was written.',
  action: 'Export again whenever you like.',
};

/** A sink that takes nothing more once the reader has cancelled. */
function cancellable(sink: Sink): Sink {
  return {
    async write(data) {
      const current = state.get();
      if (current.phase === 'running' && current.cancelling) throw new AppFailure(STOPPED);
      await sink.write(data);
    },
    rewind: () => sink.rewind(),
  };
}
