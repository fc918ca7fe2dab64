/**
 * Syncing, from the page's side: the main process pulls and sends batches, the store takes each with its
 * checkpoint, and only the store's word lets the pull go on.
 */
import { type AppError, AppFailure, toAppError } from '../../shared/errors.ts';
import type { Connection, Events, SyncState } from '../../shared/ipc.ts';
import { NO_PROGRESS } from '../../shared/ipc-values.ts';
import type { Span, SyncProgress } from '../../shared/sync.ts';
import { DAY_MS } from '../../shared/time.ts';
import { createTurns } from '../../shared/turns.ts';
import { call, main, store } from '../client.ts';
import { currentConnections, loadConnections } from './connections.ts';
import type { Fill } from './coverage.ts';
import { isSample, leaveSample } from './dataset.ts';
import { lists } from './lists.ts';
import { addPoint, NO_PACE, type PacePoint, paceOf } from './pace.ts';
import { createSignal, useSignal } from './signal.ts';
import { type SyncFailure, type SyncView, waitsForReader } from './sync-view.ts';

interface Run {
  readonly connection: Connection;
  readonly origin: number;
  /** Everything sent so far is stored once this resolves. */
  stored: Promise<void>;
  points: readonly PacePoint[];
  readonly end: (state: SyncState) => void;
}

type Ended =
  | { readonly phase: 'done' | 'stopped'; readonly progress: SyncProgress }
  | { readonly phase: 'failed'; readonly failure: SyncFailure };

const NOBODY_STORES: AppError = {
  code: 'stopped',
  title: 'The page was loaded anew in the middle of a sync.',
  meaning: 'The batch in hand was not stored; everything before it is as it was.',
  action: 'Sync again: it goes on from there.',
};

const view = createSignal<SyncView>({ phase: 'idle' });
/** When the last round came to its end, UTC ms. */
const roundEnd = createSignal<number | null>(null);
const runs = new Map<string, Run>();
/** A pull of some connections, one after the other. Rounds are numbered as they are asked for. */
interface Round {
  readonly number: number;
  readonly done: Promise<void>;
}
let lastNumber = 0;
/** Up to here rounds are not to begin with anything any more. */
let stoppedUpTo = 0;
/** The last round that was asked for, until it has ended, and the last that is of all connections. */
let newest: Round | null = null;
let ofAll: Round | null = null;
/** Connections that wait for their reader: asking again by itself would be refused again. */
const blocked = new Set<string>();
/** When connections that only look up ids were last asked whether they list generations by now, UTC ms. */
const askedAgain = new Map<string, number>();

/** Syncs and look-ups: one at a time. */
export const inTurn = createTurns();

export const useSync = (): SyncView => useSignal(view);
export const { get: currentRoundEnd, subscribe: onRoundEnd } = roundEnd;
export const currentSync = (): SyncView => view.get();

/** Takes up the main process's events. Returns how to stop. */
export function listenToSync(): () => void {
  const unhear = [main.on('syncBatch', take), main.on('syncState', follow)];
  return () => {
    for (const stop of unhear) stop();
  };
}

/** Pulls every connection, one after the other; while that is under way, this is the same round. */
export function syncAll(): Promise<void> {
  blocked.clear();
  return beginAll(() => true);
}

/** Pulls one connection, after what is under way; also where it listed nothing when it was last asked. */
export function syncOne(connection: Connection): Promise<void> {
  blocked.delete(connection.id);
  return begin(() => [{ connection, asked: true }]).done;
}

/** The round that comes by itself: it leaves the sample alone, and connections that wait for their reader. */
export async function syncByItself(): Promise<void> {
  const isDue = ({ id }: Connection) => !blocked.has(id) && !runs.has(id);
  if (!isSample() && currentConnections().some(isDue)) await beginAll(isDue);
}

function beginAll(isWanted: (connection: Connection) => boolean): Promise<void> {
  if (ofAll && !isStopped(ofAll)) return ofAll.done;
  const mine = begin(() =>
    currentConnections()
      .filter(isWanted)
      .map((connection) => ({ connection })),
  );
  ofAll = mine;
  return mine.done;
}

const isStopped = ({ number }: Pick<Round, 'number'>): boolean => number <= stoppedUpTo;

/** Pulls only some spans, whatever is covered, after what is under way. */
export function syncFills(fills: readonly Fill[]): Promise<void> {
  return begin(() =>
    fills.flatMap(({ connectionId, spans }) => {
      const connection = currentConnections().find(({ id }) => id === connectionId);
      return connection ? [{ connection, spans }] : [];
    }),
  ).done;
}

/** A round of its own, when its turn has come. */
function begin(jobs: () => readonly Job[]): Round {
  const number = ++lastNumber;
  const isOff = () => isStopped({ number });
  const done = inTurn(async () => {
    if (!isOff()) await pullEach(jobs(), isOff);
  }).finally(() => {
    if (newest?.number === number) newest = null;
    if (ofAll?.number === number) ofAll = null;
    roundEnd.set(Date.now());
  });
  newest = { number, done };
  return newest;
}

interface Job {
  readonly connection: Connection;
  readonly spans?: readonly Span[];
  /** The reader asks for just this connection. */
  readonly asked?: boolean;
}

async function pullEach(jobs: readonly Job[], isOff: () => boolean): Promise<void> {
  if (jobs.length === 0) return;
  await leaveSample();
  const ended: Ended[] = [];
  for (const job of jobs) {
    if (isOff()) break;
    const end = await pull(job, isOff);
    if (end === null) continue;
    ended.push(end);
    // Without a way to OpenRouter, the next connection need not be tried.
    if (end.phase === 'failed' && end.failure.error.code === 'offline') break;
  }
  try {
    if (ended.length > 0) await loadConnections();
  } finally {
    // The last of all: from here on a sync may be asked for, and this round would be taken for it.
    view.set(together(ended));
  }
}

/** Whether a connection may list generations: what was refused once may be offered another day. */
async function isTimeToAsk(connection: Connection): Promise<boolean> {
  if (lists(connection)) return true;
  const { id, addedAt } = connection;
  const { refusedAt } = await store.checkpoint(id);
  const last = Math.max(addedAt, refusedAt ?? 0, askedAgain.get(id) ?? 0);
  if (Date.now() - last < DAY_MS) return false;
  askedAgain.set(id, Date.now());
  return true;
}

/** What became of a round. */
function together(ended: readonly Ended[]): SyncView {
  const at = Date.now();
  if (ended.length === 0) return { phase: 'idle' };
  const failures = ended.flatMap((end) => (end.phase === 'failed' ? [end.failure] : []));
  if (failures.length > 0) return { phase: 'failed', failures, at };
  const all = ended.flatMap((end) => (end.phase === 'failed' ? [] : [end]));
  const phase = all.some((end) => end.phase === 'stopped') ? 'stopped' : 'done';
  return { phase, progress: all.map(({ progress }) => progress).reduce(addProgress), at };
}

function addProgress(a: SyncProgress, b: SyncProgress): SyncProgress {
  return {
    ...b,
    pages: a.pages + b.pages,
    received: a.received + b.received,
    new: a.new + b.new,
    merged: a.merged + b.merged,
    known: a.known + b.known,
    rejected: a.rejected + b.rejected,
    oldest: extreme(Math.min, a.oldest, b.oldest),
    newest: extreme(Math.max, a.newest, b.newest),
  };
}

function extreme(of: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : of(a, b);
}

/**
 * Stops the pull after the batch in hand, and those that wait behind it; what was stored stays, and the next one goes
 * on from there. Resolves when all have ended.
 */
export async function stopSync(): Promise<void> {
  stoppedUpTo = lastNumber;
  const last = newest;
  await Promise.all([...runs.keys()].map((connectionId) => call(main.stopSync({ connectionId }))));
  await last?.done;
}

/** Forgets what became of the last sync: what it brought was deleted, or its connection was removed. */
export const forgetSync = (): void => view.set({ phase: 'idle' });

/** @returns null where there is nothing to ask for */
async function pull({ connection, spans, asked }: Job, isOff: () => boolean): Promise<Ended | null> {
  const connectionId = connection.id;
  let origin: number | undefined;
  try {
    if (!asked && !(await isTimeToAsk(connection))) return null;
    view.set({ phase: 'pulling', connection, progress: NO_PROGRESS, pace: NO_PACE });
    const id = await store.beginOrigin({ kind: 'sync', name: connection.label, connectionId });
    origin = id;
    // Only now: what is cut out of it from here on is cut out of the sync's own as well.
    const checkpoint = await store.checkpoint(connectionId);
    if (isOff()) {
      // The main process had nothing to stop yet.
      await store.finishOrigin(id, 'stopped');
      return { phase: 'stopped', progress: NO_PROGRESS };
    }
    const ended = new Promise<SyncState>((end) => {
      runs.set(connectionId, { connection, origin: id, stored: Promise.resolve(), points: [], end });
    });
    await call(main.startSync({ connectionId, checkpoint, ...(spans && { fill: [...spans] }) }));
    const state = await ended;
    await runs.get(connectionId)?.stored;
    if (state.phase === 'failed') throw new AppFailure(state.error);
    const phase = state.phase === 'done' ? 'done' : 'stopped';
    await store.finishOrigin(id, phase === 'done' ? 'complete' : 'stopped');
    return { phase, progress: state.progress };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (origin !== undefined) await store.finishOrigin(origin, 'failed', error).catch(() => undefined);
    if (waitsForReader(error)) blocked.add(connectionId);
    return { phase: 'failed', failure: { connection, error, at: Date.now() } };
  } finally {
    runs.delete(connectionId);
  }
}

function take({ connectionId, delivery, batch, checkpoint }: Events['syncBatch']): void {
  const run = runs.get(connectionId);
  if (!run) {
    // The page was loaded anew in the middle of a pull: nobody here stores this batch.
    void main.batchStored({
      delivery,
      outcome: { stored: false, error: NOBODY_STORES },
    });
    return;
  }
  run.stored = run.stored.then(async () => {
    try {
      const counts = await store.ingest(run.origin, batch, { connectionId, value: checkpoint });
      await main.batchStored({ delivery, outcome: { stored: true, counts } });
    } catch (thrown) {
      await main.batchStored({ delivery, outcome: { stored: false, error: toAppError(thrown) } });
    }
  });
}

function follow(state: SyncState): void {
  const run = runs.get(state.connectionId);
  if (!run) return;
  if (state.phase !== 'pulling' && state.phase !== 'waiting') {
    run.end(state);
    return;
  }
  const { progress } = state;
  run.points = addPoint(run.points, { at: Date.now(), count: progress.received, done: progress.done });
  const pulling = { connection: run.connection, progress, pace: paceOf(run.points) };
  view.set(
    state.phase === 'pulling'
      ? { phase: 'pulling', ...pulling }
      : { phase: 'waiting', ...pulling, until: state.until, error: state.error },
  );
}
