import * as Comlink from '../comlink.ts';
import type { StoreApi } from '../store/api.ts';
import { buffersOf } from '../store/encode.ts';
import type { CsvApi } from './api.ts';
import { type ImportTarget, importFile } from './import.ts';

let store: ImportTarget | null = null;
let running: AbortController | null = null;

const api: CsvApi = {
  async connect(port) {
    const remote = Comlink.wrap<StoreApi>(port);
    store = {
      beginOrigin: (start) => remote.beginOrigin(start),
      finishOrigin: (id, state, error) => remote.finishOrigin(id, state, error),
      ingestEncoded: (origin, batch) =>
        remote.ingestEncoded(origin, Comlink.transfer(batch, buffersOf(batch))),
    };
  },

  async importFile(file, onProgress) {
    if (!store) throw new Error('the store was not connected');
    running = new AbortController();
    return importFile(file, store, onProgress, running.signal);
  },

  async cancel() {
    running?.abort();
  },
};

Comlink.expose(api);
