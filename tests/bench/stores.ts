/** Folders with data that several benchmarks start from; each is made once, and all go at the end. */
import { createWriteStream } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Lab } from '../lab/lab.ts';
import { Data, type DataOptions } from './data.ts';

/** The jobs that need nothing but the app's own packages. */
export const PAGE = join(import.meta.dirname, 'page');

export class Stores {
  readonly #say: (line: string) => void;
  readonly #filled = new Map<number, Promise<string>>();
  #folder: Promise<string> | undefined;
  #last = 0;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** An empty profile. */
  async empty(): Promise<string> {
    return join(await this.#base(), `profile-${++this.#last}`);
  }

  /** A profile whose store holds this many generations. Not to be changed: see `copy`. */
  filled(rows: number): Promise<string> {
    const known = this.#filled.get(rows) ?? this.#fill(rows);
    this.#filled.set(rows, known);
    return known;
  }

  /** A copy that may be changed. */
  async copy(profile: string): Promise<string> {
    const copy = await this.empty();
    await cp(profile, copy, { recursive: true });
    return copy;
  }

  /** An activity CSV. */
  async csv(data: DataOptions): Promise<string> {
    const file = join(await this.#base(), `activity-${++this.#last}.csv`);
    this.#say(`  writing a CSV of ${data.rows} generations …`);
    await pipeline(Readable.from(new Data(data).csv()), createWriteStream(file));
    return file;
  }

  async remove(): Promise<void> {
    if (this.#folder) await rm(await this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #fill(rows: number): Promise<string> {
    this.#say(`  storing ${rows} generations …`);
    const profile = await this.empty();
    const lab = await Lab.launch({ profile, jobs: PAGE });
    try {
      await lab.store.open('account');
      await lab.jobs<typeof import('./page/fill.ts')>('fill').fill({ rows });
    } finally {
      await lab.close();
    }
    return profile;
  }

  #base(): Promise<string> {
    this.#folder ??= mkdtemp(join(tmpdir(), 'whospent-bench-'));
    return this.#folder;
  }
}
