/** The workers that read large files, started when the first of these comes. */
import * as Comlink from '../comlink.ts';
import type { ReaderApi } from './reader.worker.ts';
import type { Readers } from './sections.ts';

/** More would only wait for the store, which judges and stores what they have read. */
const READERS = 2;
/** A segment of the store holds 65,536 rows: sections of some more lines than others still fit. */
const LINES = 60_000;
export function startedReaders(): Readers {
  const workers: Comlink.Remote<ReaderApi>[] = [];
  let turn = 0;
  return {
    count: READERS,
    lines: LINES,
    read({ file, layout }, from, to) {
      const at = turn++ % READERS;
      workers[at] ??= start();
      return workers[at].read(file, layout, from, to);
    },
  };
}

function start(): Comlink.Remote<ReaderApi> {
  const worker = new Worker(new URL('./reader.worker.ts', import.meta.url), {
    type: 'module',
    name: 'reader',
  });
  return Comlink.wrap<ReaderApi>(worker);
}
