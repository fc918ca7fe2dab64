/** The inside of the page: what a job finds around it, and what Node finds. */
import * as Comlink from '../../../renderer/comlink.ts';
import type { StoreApi } from '../../../renderer/store/api.ts';
import type { Result } from '../../../shared/errors.ts';
import type { Filter } from '../../../shared/query.ts';

export interface World {
  /** The page's store: the same that Node reaches as `lab.store`. */
  readonly store: Comlink.Remote<StoreApi>;
  /** A port to the same store for another worker, as the CSV reader gets it. */
  readonly storePort: () => MessagePort;
  /** Starts another store, in a worker of its own on the same databases; nothing of it is open yet. */
  readonly newStore: () => StoreWorker;
}

export interface StoreWorker {
  readonly store: Comlink.Remote<StoreApi>;
  readonly storePort: () => MessagePort;
  /** Ends the worker where it stands, as a crash does. */
  readonly terminate: () => void;
}

/** Exported by the files of a folder of jobs. Argument and result cross to Node as Playwright carries them. */
export type Job<Argument, Result> = (world: World, argument: Argument) => Promise<Result>;

/** What Node calls; errors come back as values, so that an `AppError` keeps its parts. */
export interface LabPage {
  /** Calls a method of the store. */
  store(method: string, args: readonly unknown[]): Promise<Result<unknown>>;
  /** Runs the job `file.function`. */
  run(name: string, argument: unknown): Promise<Result<unknown>>;
  /** The text that `exportGenerations` writes. */
  exported(filter: Filter): Promise<Result<unknown>>;
}

declare global {
  var lab: LabPage;
}

export function startStore(): StoreWorker {
  const worker = new Worker(new URL('../../../renderer/store/store.worker.ts', import.meta.url), {
    type: 'module',
    name: 'store',
  });
  return {
    store: Comlink.wrap<StoreApi>(worker),
    storePort: () => {
      const { port1, port2 } = new MessageChannel();
      worker.postMessage({ port: port1 }, [port1]);
      return port2;
    },
    terminate: () => worker.terminate(),
  };
}
