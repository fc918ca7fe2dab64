/** What a job finds around it, inside the page. */
import * as Comlink from '../../../renderer/comlink.ts';
import type { StoreApi } from '../../../renderer/store/api.ts';

export interface World {
  /** The page's store: the same that Node reaches as `lab.store`. */
  readonly store: Comlink.Remote<StoreApi>;
  /** Starts another store, in a worker of its own on the same databases; nothing of it is open yet. */
  readonly newStore: () => StoreWorker;
}

export interface StoreWorker {
  readonly store: Comlink.Remote<StoreApi>;
  /** Ends the worker where it stands, as a crash does. */
  readonly terminate: () => void;
}

/** Exported by the files of a folder of jobs. Argument and result cross to Node as Playwright carries them. */
export type Job<Argument, Result> = (world: World, argument: Argument) => Promise<Result>;

export function startStore(): StoreWorker {
  const worker = new Worker(new URL('../../../renderer/store/store.worker.ts', import.meta.url), {
    type: 'module',
    name: 'store',
  });
  return { store: Comlink.wrap<StoreApi>(worker), terminate: () => worker.terminate() };
}
