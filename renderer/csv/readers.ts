/** The workers that read large files, started when the first of these comes. */
import { AppFailure } from '../../shared/errors.ts';
import * as Comlink from '../comlink.ts';
import type { ReaderApi } from './reader.worker.ts';
import type { Readers } from './sections.ts';

/** More would only wait for the store, which judges and stores what they have read. */
const READERS = 2;
/** A segment of the store holds 65,536 rows: sections of some more lines than others still fit. */
const LINES = 60_000;
interface Reader {
  readonly api: Comlink.Remote<ReaderApi>;
  /** Fails when the worker can answer no more: what it was asked would never be answered. */
  readonly lost: Promise<never>;
}

export function startedReaders(): Readers {
  const started: Reader[] = [];
  let turn = 0;
  return {
    count: READERS,
    lines: LINES,
    read({ file, layout }, from, to) {
      const at = turn++ % READERS;
      started[at] ??= start(() => delete started[at]);
      const { api, lost } = started[at];
      return Promise.race([api.read(file, layout, from, to), lost]);
    },
  };
}

function start(onLost: () => void): Reader {
  const worker = new Worker(new URL('./reader.worker.ts', import.meta.url), {
    type: 'module',
    name: 'reader',
  });
  const lost = new Promise<never>((_, reject) => {
    const lose = (event: Event) => {
      onLost();
      worker.terminate();
      reject(new AppFailure(readerLost(event instanceof ErrorEvent ? event.message : event.type)));
    };
    worker.addEventListener('error', lose);
    worker.addEventListener('messageerror', lose);
  });
  // Told to whoever is waiting for it.
  lost.catch(() => undefined);
  return { api: Comlink.wrap<ReaderApi>(worker), lost };
}

const readerLost = (detail: string) =>
  ({
    code: 'file-unreadable',
    title: 'The reading of the file broke off.',
    meaning: 'A part of the app that reads files has ended. Nothing is stored that is not counted.',
    action: 'Import the file again: nothing will be counted twice.',
    detail,
  }) as const;
