/**
 * Looking up generations by their ids: the ids wait in the store, are asked for a hundred at a time, and leave the
 * queue in the same transaction that stores what was found. A stopped look-up goes on where the queue stands.
 */
import { type AppError, toAppError } from '../../shared/errors.ts';
import type { Connection, SyncState } from '../../shared/ipc.ts';
import { call, main, store } from '../client.ts';
import type { LookUpQueue } from '../store/api.ts';
import { currentConnections } from './connections.ts';
import { leaveSample } from './dataset.ts';
import { type LookUpProgress, type LookUpView, lookUpName } from './look-up-view.ts';
import { addPoint, NO_PACE, type PacePoint, paceOf } from './pace.ts';
import { createSignal, useSignal } from './signal.ts';
import { inTurn } from './sync.ts';

/** Ids asked for at once. */
const AT_ONCE = 100;
/** Ids handed to the store at once. */
const PIECE = 10_000;

const view = createSignal<LookUpView>({ phase: 'idle' });
/** What waits, by connection. */
const queues = createSignal<ReadonlyMap<string, LookUpQueue>>(new Map());

interface Run {
  readonly connection: Connection;
  stopping: boolean;
  /** Whether the main process asks for ids: then it is what has to stop. */
  asking: boolean;
  /** Gives up the wait for its turn. */
  leave: () => void;
  done: Promise<void>;
}
/** The look-up under way. */
let current: Run | null = null;

const EMPTY: LookUpQueue = { waiting: 0, missing: 0 };

export const useLookUps = (): LookUpView => useSignal(view);
export const useLookUpQueues = (): ReadonlyMap<string, LookUpQueue> => useSignal(queues);
export const useLookUpQueue = (connectionId: string): LookUpQueue =>
  useLookUpQueues().get(connectionId) ?? EMPTY;

/** Asks the store what waits for the connections there are. */
export async function loadLookUpQueues(): Promise<void> {
  const entries = await Promise.all(
    currentConnections().map(async ({ id }) => [id, await store.lookUpQueue(id)] as const),
  );
  queues.set(new Map(entries));
}

/** Puts ids in the queue. Returns how many were neither stored nor waiting. */
export async function queueIds(connectionId: string, ids: readonly string[]): Promise<number> {
  await leaveSample();
  let added = 0;
  for (let i = 0; i < ids.length; i += PIECE) {
    added += (await store.queueLookUps(connectionId, ids.slice(i, i + PIECE))).added;
  }
  await loadLookUpQueues();
  return added;
}

/** Forgets the ids that wait. */
export async function clearLookUps(connectionId: string): Promise<void> {
  await store.clearLookUps(connectionId);
  await loadLookUpQueues();
}

/** Puts away what became of the last look-up. */
export function forgetLookUp(): void {
  if (view.get().phase !== 'running') view.set({ phase: 'idle' });
}

/** Looks up what waits for a connection; while one look-up is under way, no other begins. */
export function lookUp(connection: Connection): Promise<void> {
  if (current) return current.done;
  const run: Run = {
    connection,
    stopping: false,
    asking: false,
    leave: () => undefined,
    done: Promise.resolve(),
  };
  current = run;
  run.done = goThrough(run).finally(() => {
    current = null;
  });
  return run.done;
}

/** Stops after the ids in hand. Resolves when it has ended. */
export async function stopLookUps(): Promise<void> {
  if (!current) return;
  const run = current;
  run.stopping = true;
  const shown = view.get();
  if (shown.phase === 'running') view.set({ ...shown, stopping: true });
  run.leave();
  if (run.asking) await call(main.stopSync({ connectionId: run.connection.id }));
  await run.done;
}

async function goThrough(run: Run): Promise<void> {
  const { connection } = run;
  let points: readonly PacePoint[] = [];
  let progress: LookUpProgress = { done: 0, found: 0, missing: 0, left: 0, pace: NO_PACE };
  let origin: number | undefined;
  const show = (waiting: { until: number; error: AppError } | null) =>
    view.set({ phase: 'running', connection, progress, waiting, stopping: run.stopping });
  const unhear = main.on('syncState', (state: SyncState) => {
    // While it waits for its turn, they may be those of a sync of the same connection.
    if (state.connectionId !== connection.id || !run.asking) return;
    show(state.phase === 'waiting' ? { until: state.until, error: state.error } : null);
  });
  const count = async (found: number, missing: number) => {
    const queue = await store.lookUpQueue(connection.id);
    queues.set(new Map([...queues.get(), [connection.id, queue]]));
    const done = progress.done + found + missing;
    const left = queue.waiting;
    points = addPoint(points, { at: Date.now(), count: done, done: done / Math.max(1, done + left) });
    progress = {
      done,
      found: progress.found + found,
      missing: progress.missing + missing,
      left,
      pace: paceOf(points),
    };
    show(null);
  };
  try {
    await leaveSample();
    await count(0, 0);
    origin = await store.beginOrigin({
      kind: 'sync',
      name: lookUpName(connection),
      connectionId: connection.id,
    });
    const id = origin;
    while (!run.stopping && (await whenItsTurn(run, () => lookUpSome(run, id, count))));
    const outcome = run.stopping ? 'stopped' : 'complete';
    await store.finishOrigin(origin, outcome);
    view.set({ phase: 'ended', connection, progress, outcome });
  } catch (thrown) {
    const error = toAppError(thrown);
    const stopped = error.code === 'stopped';
    if (origin !== undefined) {
      const end = stopped
        ? store.finishOrigin(origin, 'stopped')
        : store.finishOrigin(origin, 'failed', error);
      await end.catch(() => undefined);
    }
    view.set(
      stopped
        ? { phase: 'ended', connection, progress, outcome: 'stopped' }
        : { phase: 'failed', connection, progress, error },
    );
  } finally {
    unhear();
  }
}

/** Does some work when its turn has come; nothing, and returns false, where it is stopped before. */
function whenItsTurn(run: Run, work: () => Promise<boolean>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    run.leave = () => resolve(false);
    const turn = inTurn(async () => {
      run.leave = () => undefined;
      return !run.stopping && work();
    });
    turn.then(resolve, reject);
  });
}

/** Looks up the first ids of the queue. Returns whether there were any. */
async function lookUpSome(
  run: Run,
  origin: number,
  count: (found: number, missing: number) => Promise<void>,
): Promise<boolean> {
  const connectionId = run.connection.id;
  const ids = await store.nextLookUps(connectionId, AT_ONCE);
  if (ids.length === 0 || run.stopping) return false;
  run.asking = true;
  const { batch, missing } = await call(main.lookUpGenerations({ connectionId, ids: [...ids] })).finally(
    () => {
      run.asking = false;
    },
  );
  await store.ingestLookUp(origin, batch, { connectionId, ids, missing });
  remember(connectionId, missing);
  await count(ids.length - missing.length, missing.length);
  return true;
}

/** Ids that OpenRouter did not know in this session, by connection. */
const unknown = new Map<string, Set<string>>();

function remember(connectionId: string, ids: readonly string[]): void {
  const known = unknown.get(connectionId) ?? new Set();
  for (const id of ids) known.add(id);
  unknown.set(connectionId, known);
}

/** The ids that OpenRouter did not know. */
export const missingIds = (connectionId: string): readonly string[] => [...(unknown.get(connectionId) ?? [])];
