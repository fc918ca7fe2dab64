/** Files on their way into the store, one after the other, and what became of them. */

import { type AppError, toAppError } from '../../shared/errors.ts';
import { csv } from '../client.ts';
import * as Comlink from '../comlink.ts';
import type { ImportProgress } from '../csv/api.ts';
import type { Origin } from '../store/api.ts';
import { leaveSample, opened } from './dataset.ts';
import { createSignal, useSignal } from './signal.ts';

/** What became of one file: its origin, or why it never got one. */
export type ImportResult =
  | { readonly name: string; readonly origin: Origin }
  | { readonly name: string; readonly error: AppError };

export type ImportsState =
  | { readonly phase: 'idle' }
  /** Asked for, without files yet. */
  | { readonly phase: 'asking' }
  | {
      readonly phase: 'running';
      readonly name: string;
      /** Which file of how many, from 1. */
      readonly number: number;
      readonly of: number;
      readonly progress: ImportProgress | null;
      readonly cancelling: boolean;
    }
  | { readonly phase: 'finished'; readonly results: readonly ImportResult[] };

/** What a file is told that was still waiting when the reader cancelled. */
const NOT_BEGUN: AppError = {
  code: 'stopped',
  title: 'Not imported: cancelled before it was read.',
  meaning: 'Nothing of this file was stored.',
  action: 'Drop it again whenever you like.',
};

const state = createSignal<ImportsState>({ phase: 'idle' });
const queue: File[] = [];
let results: ImportResult[] = [];
let cancelled = false;

export const useImports = (): ImportsState => useSignal(state);

/** Opens the dialog that asks for files. */
export function askForFiles(): void {
  if (state.get().phase !== 'running') state.set({ phase: 'asking' });
}

/** Puts the summary (or the question for files) away. */
export function closeImports(): void {
  if (state.get().phase !== 'running') state.set({ phase: 'idle' });
}

/** Imports files; while others are being read, these wait behind them. */
export async function importFiles(files: readonly File[]): Promise<void> {
  if (files.length === 0) return;
  queue.push(...files);
  if (state.get().phase === 'running') return;
  results = [];
  cancelled = false;
  show(queue[0]!, null);
  await opened;
  for (let file = queue.shift(); file; file = queue.shift()) {
    results.push(cancelled ? { name: file.name, error: NOT_BEGUN } : await importOne(file));
  }
  state.set({ phase: 'finished', results });
}

/** Stops the file being read after the batch in hand, and lets the waiting ones be. */
export async function cancelImports(): Promise<void> {
  cancelled = true;
  const current = state.get();
  if (current.phase === 'running') state.set({ ...current, cancelling: true });
  await csv.cancel();
}

function show(file: File, progress: ImportProgress | null): void {
  const waiting = queue.includes(file) ? queue.length : queue.length + 1;
  state.set({
    phase: 'running',
    name: file.name,
    number: results.length + 1,
    of: results.length + waiting,
    progress,
    cancelling: cancelled,
  });
}

async function importOne(file: File): Promise<ImportResult> {
  const { name } = file;
  show(file, null);
  try {
    await leaveSample();
    if (cancelled) return { name, error: NOT_BEGUN };
    const origin = await csv.importFile(
      file,
      Comlink.proxy((progress: ImportProgress) => show(file, progress)),
    );
    return { name, origin };
  } catch (thrown) {
    return { name, error: toAppError(thrown) };
  }
}
