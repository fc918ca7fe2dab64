import * as Comlink from '../comlink.ts';
import type { PreviewCounts, StoreApi } from '../store/api.ts';
import { buffersOf } from '../store/encode.ts';
import type { CsvApi, FilePreview, ImportProgress } from './api.ts';
import { Room } from './kept.ts';
import { startedReaders } from './readers.ts';
import { type ImportTarget, Judge, NO_PREVIEW_COUNTS, Session } from './session.ts';

/** Between two words of progress: more often than the eye can follow would only keep the page busy. */
const TELL_MS = 200;

let store: ImportTarget | null = null;
let running: AbortController | null = null;
const sessions = new Map<number, Session>();
const room = new Room();
const readers = startedReaders();
/** Where the store's preview in use stands. */
let judging: { readonly preview: number; counts: PreviewCounts } = { preview: -1, counts: NO_PREVIEW_COUNTS };

/** Passes on what changes, but not more often than it can be seen; what comes last is told by the answer. */
function seldom<T>(tell: (value: T) => void): (value: T) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (value) => {
    const now = performance.now();
    if (now - last < TELL_MS) return;
    last = now;
    tell(value);
  };
}

function target(): ImportTarget {
  if (!store) throw new Error('the store was not connected');
  return store;
}

function begin(): AbortSignal {
  running = new AbortController();
  return running.signal;
}

/** Has a file counted behind those that the store's preview has seen before. */
async function counted(preview: number, count: (judge: Judge) => Promise<FilePreview>): Promise<FilePreview> {
  if (judging.preview !== preview) judging = { preview, counts: NO_PREVIEW_COUNTS };
  const judge = new Judge(judging.counts, (batch) => target().judge(preview, batch));
  const told = await count(judge);
  judging.counts = judge.counts;
  return told;
}

function sessionOf(file: number): Session {
  const session = sessions.get(file);
  if (!session) throw new Error('the file was not read');
  return session;
}

const api: CsvApi = {
  async connect(port) {
    const remote = Comlink.wrap<StoreApi>(port);
    store = {
      beginOrigin: (start) => remote.beginOrigin(start),
      finishOrigin: (id, state, error) => remote.finishOrigin(id, state, error),
      undoOrigin: (id) => remote.undoOrigin(id),
      judge: (preview, batch) => remote.previewEncoded(preview, batch),
      ingest: (origin, batch) => remote.ingestEncoded(origin, Comlink.transfer(batch, buffersOf(batch))),
    };
  },

  async read(file, blob, choices, judge, onPreview) {
    sessions.get(file)?.forget();
    const session = new Session(blob, target(), room, readers);
    sessions.set(file, session);
    const signal = begin();
    return counted(judge, (counter) => session.read(choices, counter, seldom(onPreview), signal));
  },

  judge(file, judge) {
    const signal = begin();
    return counted(judge, (counter) => sessionOf(file).judge(counter, signal));
  },

  import(file, onProgress) {
    return sessionOf(file).import(seldom<ImportProgress>(onProgress), begin());
  },

  async stop() {
    running?.abort();
  },

  async forget(file) {
    sessions.get(file)?.forget();
    sessions.delete(file);
  },
};

Comlink.expose(api);
