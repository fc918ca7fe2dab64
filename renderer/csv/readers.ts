/** The workers that read large files, started when the first of these comes. */
import { AppFailure } from '../../shared/errors.ts';
import * as Comlink from '../comlink.ts';
import type { Bookmark, ReadBatch } from './batches.ts';
import type { ReaderApi } from './reader.worker.ts';
import type { Reading } from './reading.ts';
import type { Readers } from './sections.ts';

/** More would only wait for the store, which judges and stores what they have read. */
const READERS = 2;
/** A segment of the store holds 65,536 rows: sections of some more lines than others still fit. */
const LINES = 60_000;
export function startedReaders(): Readers {
  const started: Reader[] = [];
  let turn = 0;
  return {
    count: READERS,
    lines: LINES,
    read(reading, from, to) {
      const at = turn++ % READERS;
      started[at] ??= new Reader(() => delete started[at]);
      return started[at].read(reading, from, to);
    },
  };
}

class Reader {
  readonly #api: Comlink.Remote<ReaderApi>;
  /** Those who wait for an answer. (A promise to race with would keep all that was ever read.) */
  readonly #waiting = new Set<(reason: unknown) => void>();

  /** @param onLost called when the worker can answer no more: what it was asked would never be answered */
  constructor(onLost: () => void) {
    const worker = new Worker(new URL('./reader.worker.ts', import.meta.url), {
      type: 'module',
      name: 'reader',
    });
    const lose = (event: Event) => {
      onLost();
      worker.terminate();
      const problem = readerLost(event instanceof ErrorEvent ? event.message : event.type);
      for (const reject of this.#waiting) reject(new AppFailure(problem));
    };
    worker.addEventListener('error', lose);
    worker.addEventListener('messageerror', lose);
    this.#api = Comlink.wrap<ReaderApi>(worker);
  }

  read({ file, layout }: Reading, from: Bookmark | null, to: number): Promise<readonly ReadBatch[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      const answer = this.#api.read(file, layout, from, to);
      answer.then(resolve, reject).finally(() => this.#waiting.delete(reject));
    });
  }
}

const readerLost = (detail: string) =>
  ({
    code: 'file-unreadable',
    title: 'The reading of the file broke off.',
    meaning: 'A part of the app that reads files has ended. Nothing is stored that is not counted.',
    action: 'Import the file again: nothing will be counted twice.',
    detail,
  }) as const;
