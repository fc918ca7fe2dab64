import type { SyncState } from '../../shared/ipc.ts';
import { type PullOptions, type PullState, pull } from './pull.ts';

export type PullFor = Pick<PullOptions, 'from' | 'deliver' | 'retry' | 'source'>;

export interface Syncs {
  /** Starts a pull; a connection that is pulling already goes on as it is. */
  start(connectionId: string, pull: PullFor): Promise<void>;
  /**
   * Does something else for a connection, which stops as a pull does.
   * @returns what the action returns, or throws what it throws when its signal is aborted
   */
  attend<T>(
    connectionId: string,
    action: (signal: AbortSignal, onState: (state: PullState) => void) => Promise<T>,
  ): Promise<T>;
  /** Stops whatever is done for a connection; resolves when it has stopped. */
  stop(connectionId: string): Promise<void>;
  stopAll(): void;
}

interface Work {
  readonly connectionId: string;
  readonly abort: AbortController;
  readonly ended: Promise<unknown>;
  readonly isPull: boolean;
}

/** What is under way: at most one pull for each connection, of several connections side by side. */
export function createSyncs(onState: (state: SyncState) => void): Syncs {
  const underWay = new Set<Work>();
  const worksOf = (connectionId: string) =>
    [...underWay].filter((work) => work.connectionId === connectionId);

  function begin<T>(
    connectionId: string,
    isPull: boolean,
    action: (signal: AbortSignal, onState: (state: PullState) => void) => Promise<T>,
  ): Promise<T> {
    const abort = new AbortController();
    const ended = action(abort.signal, (state) => onState({ connectionId, ...state }));
    const work: Work = { connectionId, abort, ended, isPull };
    underWay.add(work);
    const forget = () => underWay.delete(work);
    ended.then(forget, forget);
    return ended;
  }

  async function start(connectionId: string, source: PullFor): Promise<void> {
    const pulling = () => worksOf(connectionId).find(({ isPull }) => isPull);
    for (let before = pulling(); before; before = pulling()) {
      if (!before.abort.signal.aborted) return;
      await before.ended;
    }
    // It never rejects.
    begin(connectionId, true, (signal, tell) => pull({ ...source, signal, onState: tell }));
  }

  async function stop(connectionId: string): Promise<void> {
    const works = worksOf(connectionId);
    for (const { abort } of works) abort.abort();
    await Promise.allSettled(works.map(({ ended }) => ended));
  }

  return {
    start,
    attend: (connectionId, action) => begin(connectionId, false, action),
    stop,
    stopAll: () => {
      for (const { abort } of underWay) abort.abort();
    },
  };
}
