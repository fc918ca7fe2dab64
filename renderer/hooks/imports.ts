/**
 * Files on their way into the store: each is read and shown before anything is written, then all that the reader
 * wants are imported, one after the other.
 */
import { type AppError, toAppError } from '../../shared/errors.ts';
import { createTurns } from '../../shared/turns.ts';
import { csv, store } from '../client.ts';
import * as Comlink from '../comlink.ts';
import type { FilePreview, ImportProgress } from '../csv/api.ts';
import type { Mapping } from '../csv/header.ts';
import type { Choices } from '../csv/reading.ts';
import type { NamedBlob } from '../csv/source.ts';
import type { Origin } from '../store/api.ts';
import { leaveSample, opened } from './dataset.ts';
import { rememberedMapping, rememberMapping } from './mappings.ts';
import { attempt, notifyProblem } from './notices.ts';
import { addPoint, NO_PACE, type Pace, type PacePoint, paceOf } from './pace.ts';
import { createSignal, useSignal } from './signal.ts';

/** What became of one file: its origin, or why it never got one. */
export type ImportResult =
  | { readonly name: string; readonly origin: Origin }
  | { readonly name: string; readonly error: AppError };

/** A file that may be imported. */
export interface ImportItem {
  readonly id: number;
  readonly file: NamedBlob;
  readonly choices: Choices;
  /** The reader wants it. */
  readonly included: boolean;
  /** null until it is looked at. */
  readonly preview: FilePreview | null;
  /** Its preview is of other choices than these, or was stopped. */
  readonly stale: boolean;
  /** Its mapping is the one that was chosen for an earlier file with the same headers. */
  readonly recalled: boolean;
}

export type ImportsState =
  | { readonly phase: 'idle' }
  /** Asked for, without files yet. */
  | { readonly phase: 'asking' }
  | {
      readonly phase: 'preview';
      readonly items: readonly ImportItem[];
      /** The file that is being read, and how fast. */
      readonly reading: number | null;
      readonly pace: Pace;
      /** Import was pressed: it begins when all is read. */
      readonly going: boolean;
    }
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
type Previewing = Extract<ImportsState, { phase: 'preview' }>;

const cancelledBy = (title: string): AppError => ({
  code: 'stopped',
  title,
  meaning: 'Nothing of this file is stored.',
  action: 'Drop it again whenever you like.',
});
const NOT_BEGUN = cancelledBy('Not imported: cancelled before its turn came.');
const CANCELLED = cancelledBy('Cancelled: what was stored of it was taken back.');

const state = createSignal<ImportsState>({ phase: 'idle' });
/** Files that came while others were imported. */
const waiting: NamedBlob[] = [];
const inTurn = createTurns();
let lastId = 0;
/** Grows with everything that makes the work under way pointless. */
let generation = 0;
let cancelled = false;

export const useImports = (): ImportsState => useSignal(state);

/** Whether a file can be imported as it stands. */
export const isReadable = ({ preview }: ImportItem): boolean => preview?.error === null;
/** Whether a file will be imported, as far as anybody knows. */
export const isWanted = (item: ImportItem): boolean =>
  item.included && (item.preview === null || isReadable(item));

/** Opens the dialog that asks for files. */
export function askForFiles(): void {
  if (state.get().phase === 'idle') state.set({ phase: 'asking' });
}

/** Shows what importing files would do; more files join those that are shown already. */
export function importFiles(files: readonly File[]): void {
  addFiles(files.map((file) => ({ name: file.name, blob: file })));
}

export function addFiles(files: readonly NamedBlob[]): void {
  if (files.length === 0) return;
  const current = state.get();
  if (current.phase === 'running') {
    waiting.push(...files);
    return;
  }
  const before = current.phase === 'preview' ? current.items : [];
  const items = files.map((file) => ({
    id: ++lastId,
    file,
    choices: {},
    included: true,
    preview: null,
    stale: true,
    recalled: false,
  }));
  const start = { phase: 'preview', reading: null, pace: NO_PACE } as const;
  // Import was pressed for the files that were there: what joins them is to be seen first.
  state.set({
    ...(current.phase === 'preview' ? current : start),
    items: [...before, ...items],
    going: false,
  });
  workThrough();
}

/** Puts the dialog away; a preview under way is given up. */
export function closeImports(): void {
  const current = state.get();
  if (current.phase === 'running') return;
  generation++;
  state.set({ phase: 'idle' });
  if (current.phase === 'preview') {
    stopReading();
    forgetFiles(current.items);
  }
  addFiles(waiting.splice(0));
}

/** Takes a file in, or leaves it out. */
export function includeFile(id: number, included: boolean): void {
  patchItem(id, { included });
  workThrough();
}

/** Reads a file in another way. */
export function chooseReading(id: number, change: Choices): void {
  const item = itemOf(id);
  if (!item) return;
  patchItem(id, { choices: { ...item.choices, ...change }, stale: true });
  workThrough();
}

/** Says what the headers of a file mean; once it is imported, for the next file with the same headers too. */
export function mapHeaders(id: number, mapping: Mapping): void {
  patchItem(id, { recalled: false });
  chooseReading(id, { mapping });
}

/** Imports the files that are wanted: at once, or as soon as they are read. */
export function startImport(): void {
  const current = preview();
  if (!current || current.going) return;
  state.set({ ...current, going: true });
  if (current.reading === null) void inTurn(importAll);
}

/** Stops the file being imported and takes back what was stored of it; those that wait are let be. */
export async function cancelImports(): Promise<void> {
  cancelled = true;
  const current = state.get();
  if (current.phase === 'running') state.set({ ...current, cancelling: true });
  await (await csv()).stop();
}

const preview = (): Previewing | null => {
  const current = state.get();
  return current.phase === 'preview' ? current : null;
};

const itemOf = (id: number): ImportItem | undefined => preview()?.items.find((item) => item.id === id);

function patch(change: Partial<Previewing>): void {
  const current = preview();
  if (current) state.set({ ...current, ...change });
}

function patchItem(id: number, change: Partial<ImportItem>): void {
  const items = preview()?.items.map((item) => (item.id === id ? { ...item, ...change } : item));
  if (items) patch({ items });
}

/** What stops, and is forgotten, does so before what is asked next. */
const stopReading = (): void => attempt(csv().then((reader) => reader.stop()));
const forgetFiles = (items: readonly ImportItem[]): void =>
  attempt(csv().then((reader) => Promise.all(items.map(({ id }) => reader.forget(id)))));

/** Reads what has to be read and counts all again, in the order in which the files would be imported. */
function workThrough(): void {
  const mine = ++generation;
  const isCurrent = () => mine === generation && preview() !== null;
  stopReading();
  // Shown as busy from now on, so that nobody imports by figures of a moment ago.
  const isToRead = (item: ImportItem) => item.included && (item.stale || isReadable(item));
  patch({ reading: preview()?.items.find(isToRead)?.id ?? null });
  void inTurn(async () => {
    if (!isCurrent()) return;
    try {
      await opened;
      await leaveSample();
      const judge = await store.beginPreview();
      try {
        for (const { id } of preview()?.items ?? []) {
          const item = itemOf(id);
          if (!item?.included || !isCurrent()) continue;
          await workOn(item, judge, isCurrent);
          if (!item.stale || !isCurrent() || !brokeOff(id)) continue;
          // Those behind it were to be judged as if its rows came, and they do not. The next time it is skipped.
          workThrough();
          return;
        }
      } finally {
        await store.endPreview(judge);
      }
    } catch (thrown) {
      if (isCurrent()) notifyProblem(toAppError(thrown));
    }
    if (!isCurrent()) return;
    patch({ reading: null, pace: NO_PACE });
    if (!preview()?.going) return;
    if (preview()?.items.some(isUndecided)) patch({ going: false });
    else await importAll();
  });
}

/** Whether a file turned out unreadable after some of its rows were counted. */
function brokeOff(id: number): boolean {
  const told = itemOf(id)?.preview;
  return told != null && told.error !== null && told.counts.rows > 0;
}

/** Whether a file's times seem moved and nobody has said yet what to do about it. */
const isUndecided = (item: ImportItem): boolean =>
  isWanted(item) && item.preview?.shift != null && item.choices.shifts === undefined;

async function workOn(item: ImportItem, judge: number, isCurrent: () => boolean): Promise<void> {
  const { id, file, choices } = item;
  let points: readonly PacePoint[] = [];
  const show = (told: FilePreview) => {
    if (!isCurrent()) return;
    const { bytesRead, bytes, counts, kind } = told;
    points = addPoint(points, {
      at: Date.now(),
      count: counts.rows,
      done: bytes > 0 ? bytesRead / bytes : null,
    });
    patchItem(id, { preview: told });
    patch({ reading: id, pace: paceOf(points) });
    const known = kind && !choices.mapping && rememberedMapping(kind.headers);
    if (!known) return;
    patchItem(id, { recalled: true });
    chooseReading(id, { mapping: known });
  };
  if (!item.stale && !isReadable(item)) return;
  patch({ reading: id });
  const told = item.stale
    ? await (await csv()).read(id, file, choices, judge, Comlink.proxy(show))
    : await (await csv()).judge(id, judge);
  if (!isCurrent()) return;
  show(told);
  if (isCurrent()) patchItem(id, { stale: false });
}

async function importAll(): Promise<void> {
  const current = preview();
  if (!current) return;
  generation++;
  const items = current.items.filter((item) => item.included);
  const of = items.filter(isReadable).length;
  if (of === 0) {
    patch({ going: false });
    return;
  }
  const results: ImportResult[] = [];
  cancelled = false;
  let number = 0;
  for (const item of items) {
    const { id, file } = item;
    const error = cancelled ? NOT_BEGUN : item.preview?.error;
    if (error) {
      results.push({ name: file.name, error });
      continue;
    }
    number++;
    const show = (progress: ImportProgress | null) =>
      state.set({ phase: 'running', name: file.name, number, of, progress, cancelling: cancelled });
    show(null);
    const result = await importOne(id, file.name, show);
    results.push(result);
    const { mapping } = item.choices;
    const headers = item.preview?.kind?.headers;
    if ('origin' in result && mapping && headers) rememberMapping(headers, mapping);
  }
  forgetFiles(current.items);
  state.set({ phase: 'finished', results });
}

async function importOne(
  id: number,
  name: string,
  show: (progress: ImportProgress) => void,
): Promise<ImportResult> {
  try {
    const origin = await (await csv()).import(id, Comlink.proxy(show));
    return origin === null ? { name, error: CANCELLED } : { name, origin };
  } catch (thrown) {
    return { name, error: toAppError(thrown) };
  }
}
