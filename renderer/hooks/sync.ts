/**
 * Syncing, from the page's side: the main process pulls and sends batches, the store takes each with its
 * checkpoint, and only the store's word lets the pull go on.
 */
import { type AppError, AppFailure, toAppError } from '../../shared/errors.ts';
import type { Connection, Events, SyncProgress, SyncState } from '../../shared/ipc.ts';
import { call, main, store } from '../client.ts';
import { currentConnections } from './connections.ts';
import { leaveSample } from './dataset.ts';
import { createSignal, useSignal } from './signal.ts';

export type SyncView =
  | { readonly phase: 'idle' }
  | { readonly phase: 'pulling'; readonly connection: Connection; readonly progress: SyncProgress }
  | {
      readonly phase: 'waiting';
      readonly connection: Connection;
      readonly progress: SyncProgress;
      readonly until: number;
      readonly error: AppError;
    }
  | { readonly phase: 'done'; readonly progress: SyncProgress; readonly at: number }
  | { readonly phase: 'stopped'; readonly progress: SyncProgress; readonly at: number }
  | {
      readonly phase: 'failed';
      readonly connection: Connection;
      readonly error: AppError;
      readonly at: number;
    };

const NO_PROGRESS: SyncProgress = {
  source: 'generations',
  done: null,
  pages: 0,
  received: 0,
  new: 0,
  merged: 0,
  known: 0,
  rejected: 0,
  oldest: null,
  newest: null,
};

interface Run {
  readonly connection: Connection;
  readonly origin: number;
  /** Everything sent so far is stored once this resolves. */
  stored: Promise<void>;
  readonly end: (state: SyncState) => void;
}

const view = createSignal<SyncView>({ phase: 'idle' });
const runs = new Map<string, Run>();
/** The round under way. */
let round: Promise<void> | null = null;
/** Set by `stopSync`, so that no further connection starts. */
let stopping = false;

export const useSync = (): SyncView => useSignal(view);
export const isSyncing = ({ phase }: SyncView): boolean => phase === 'pulling' || phase === 'waiting';

/** Takes up the main process's events. Returns how to stop. */
export function listenToSync(): () => void {
  const unhear = [main.on('syncBatch', take), main.on('syncState', follow)];
  return () => {
    for (const stop of unhear) stop();
  };
}

/** Pulls every connection, one after the other; while that is under way, this is the same round. */
export function syncAll(): Promise<void> {
  round ??= pullAll().finally(() => {
    round = null;
  });
  return round;
}

async function pullAll(): Promise<void> {
  stopping = false;
  await leaveSample();
  for (const connection of currentConnections()) {
    const end = await pull(connection);
    if (stopping || end === 'failed') break;
  }
}

/**
 * Stops the pull after the batch in hand; what was stored stays, and the next one goes on from there.
 * Resolves when it has ended.
 */
export async function stopSync(): Promise<void> {
  stopping = true;
  await Promise.all([...runs.keys()].map((connectionId) => call(main.stopSync({ connectionId }))));
  await round;
}

/** Forgets what became of the last sync: what it brought was deleted. */
export const forgetSync = (): void => view.set({ phase: 'idle' });

async function pull(connection: Connection): Promise<'done' | 'stopped' | 'failed'> {
  view.set({ phase: 'pulling', connection, progress: NO_PROGRESS });
  let origin: number | undefined;
  try {
    const checkpoint = await store.checkpoint(connection.id);
    const id = await store.beginOrigin({ kind: 'sync', name: connection.label, connectionId: connection.id });
    origin = id;
    const ended = new Promise<SyncState>((end) => {
      runs.set(connection.id, { connection, origin: id, stored: Promise.resolve(), end });
    });
    await call(main.startSync({ connectionId: connection.id, checkpoint }));
    const state = await ended;
    await runs.get(connection.id)?.stored;
    const at = Date.now();
    if (state.phase === 'failed') throw new AppFailure(state.error);
    const outcome = state.phase === 'done' ? 'complete' : 'stopped';
    await store.finishOrigin(id, outcome);
    const phase = state.phase === 'done' ? 'done' : 'stopped';
    view.set({ phase, progress: state.progress, at });
    return phase;
  } catch (thrown) {
    const error = toAppError(thrown);
    if (origin !== undefined) await store.finishOrigin(origin, 'failed', error).catch(() => undefined);
    view.set({ phase: 'failed', connection, error, at: Date.now() });
    return 'failed';
  } finally {
    runs.delete(connection.id);
  }
}

function take({ connectionId, delivery, batch, checkpoint }: Events['syncBatch']): void {
  const run = runs.get(connectionId);
  if (!run) {
    // The page was loaded anew in the middle of a pull: nobody here stores this batch.
    void main.batchStored({
      delivery,
      outcome: { stored: false, reason: 'No sync is under way in the page.' },
    });
    return;
  }
  run.stored = run.stored.then(async () => {
    try {
      const counts = await store.ingest(run.origin, batch, { connectionId, value: checkpoint });
      await main.batchStored({ delivery, outcome: { stored: true, counts } });
    } catch (thrown) {
      const { title, detail } = toAppError(thrown);
      const reason = `${title} ${detail ?? ''}`.trim().slice(0, 1000);
      await main.batchStored({ delivery, outcome: { stored: false, reason } });
    }
  });
}

function follow(state: SyncState): void {
  const run = runs.get(state.connectionId);
  if (!run) return;
  const { connection } = run;
  switch (state.phase) {
    case 'pulling':
      view.set({ phase: 'pulling', connection, progress: state.progress });
      break;
    case 'waiting':
      view.set({
        phase: 'waiting',
        connection,
        progress: state.progress,
        until: state.until,
        error: state.error,
      });
      break;
    default:
      run.end(state);
  }
}
