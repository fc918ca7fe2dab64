/** The page's ends of what runs elsewhere: the store, the CSV reader, the main process. */

import { AppFailure, type Result } from '../shared/errors.ts';
import type { Bridge } from '../shared/ipc.ts';
import * as Comlink from './comlink.ts';
import type { CsvApi } from './csv/api.ts';
import type { StoreApi, StoreStatus } from './store/api.ts';

declare global {
  interface Window {
    readonly whospent: Bridge;
  }
}

const storeWorker = new Worker(new URL('./store/store.worker.ts', import.meta.url), {
  type: 'module',
  name: 'store',
});
export const store = Comlink.wrap<StoreApi>(storeWorker);

/** The reader's own data, which every start of the app begins with. */
export const accountOpened: Promise<StoreStatus> = store.open('account');
// Told where it is waited for.
accountOpened.catch(() => undefined);

let csvReader: Promise<Comlink.Remote<CsvApi>> | null = null;

/** The CSV reader, in a worker that is started when it is first needed: most starts of the app read no file. */
export function csv(): Promise<Comlink.Remote<CsvApi>> {
  csvReader ??= startCsvReader();
  return csvReader;
}

async function startCsvReader(): Promise<Comlink.Remote<CsvApi>> {
  const worker = new Worker(new URL('./csv/csv.worker.ts', import.meta.url), { type: 'module', name: 'csv' });
  const reader = Comlink.wrap<CsvApi>(worker);
  const { port1, port2 } = new MessageChannel();
  storeWorker.postMessage({ port: port1 }, [port1]);
  await reader.connect(Comlink.transfer(port2, [port2]));
  return reader;
}

export const main = window.whospent;

/** The value of a call to the main process, or its error thrown as `AppFailure`. */
export async function call<T>(result: Promise<Result<T>>): Promise<T> {
  const answer = await result;
  if (!answer.ok) throw new AppFailure(answer.error);
  return answer.value;
}
