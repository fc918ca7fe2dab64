import type { SyncState } from '../../shared/ipc.ts';
import type { Checkpoint } from '../../shared/sync.ts';
import { type PullOptions, pull } from './pull.ts';

export type PullFor = Pick<PullOptions, 'fetchPage' | 'deliver' | 'retry'>;

export interface Syncs {
  /** Starts a pull; a connection that is pulling already goes on as it is. */
  start(connectionId: string, checkpoint: Checkpoint, source: PullFor): Promise<void>;
  /** Stops a pull, if there is one; resolves when it has stopped. */
  stop(connectionId: string): Promise<void>;
  stopAll(): void;
}

/** The pulls under way, at most one for each connection. */
export function createSyncs(onState: (state: SyncState) => void): Syncs {
  const running = new Map<string, { readonly abort: AbortController; readonly ended: Promise<void> }>();

  async function start(connectionId: string, checkpoint: Checkpoint, source: PullFor): Promise<void> {
    for (let before = running.get(connectionId); before; before = running.get(connectionId)) {
      if (!before.abort.signal.aborted) return;
      await before.ended;
    }

    const abort = new AbortController();
    const ended = pull({
      ...source,
      checkpoint,
      signal: abort.signal,
      onState: (state) => onState({ connectionId, ...state }),
    }).finally(() => running.delete(connectionId));
    running.set(connectionId, { abort, ended });
  }

  async function stop(connectionId: string): Promise<void> {
    const run = running.get(connectionId);
    run?.abort.abort();
    await run?.ended;
  }

  return {
    start,
    stop,
    stopAll: () => {
      for (const { abort } of running.values()) abort.abort();
    },
  };
}
