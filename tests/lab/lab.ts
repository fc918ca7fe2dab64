/**
 * The real store in a real Electron, driven from Node: its worker, IndexedDB and structured clone are those of
 * the app; only the screens are missing. For tests and benchmarks that speak to the store itself.
 *
 *   const lab = await Lab.launch({ profile });
 *   await lab.store.open('account');
 *   await lab.jobs<typeof import('./jobs/fill.ts')>('fill').sample({ rows: 1000, users: 50 });
 *   await lab.store.group({ … });
 *   await lab.close();
 *
 * Many small steps are better made by a job: a function that runs inside the page (see jobs/).
 */
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import type { StoreApi } from '../../renderer/store/api.ts';
import { electronCommandFor } from '../../scripts/setup/app.mjs';
import { AppFailure, type Result } from '../../shared/errors.ts';
import type { Filter } from '../../shared/query.ts';
import { buildPage } from './build.ts';
import type { Job } from './page/world.ts';

export interface LabOptions {
  /** The folder that holds what is stored; the app can be started on the same one afterwards. */
  readonly profile: string;
  /** The folder with the jobs; tests/lab/jobs unless told otherwise. */
  readonly jobs?: string;
  readonly args?: readonly string[];
}

/** The store without what takes functions: see `exportGenerations` of the lab for one of them. */
export type LabStore = Omit<StoreApi, 'subscribe' | 'exportGenerations'>;

/** The functions of a file of jobs, as they are called from Node. */
export type Jobs<File> = {
  readonly [Name in keyof File as File[Name] extends Job<never, unknown>
    ? Name
    : never]: File[Name] extends Job<infer Argument, infer Result>
    ? (argument: Argument) => Promise<Result>
    : never;
};

export class Lab {
  readonly electron: ElectronApplication;
  readonly page: Page;
  readonly store: LabStore;
  /** Errors nobody handled, and what was written to the console as one. */
  readonly complaints: string[] = [];

  private constructor(electron: ElectronApplication, page: Page) {
    this.electron = electron;
    this.page = page;
    this.store = forward<LabStore>((method, args) =>
      unwrap(page.evaluate(([name, list]) => globalThis.lab.store(name, list), [method, args] as const)),
    );
    page.on('pageerror', (error) => this.complaints.push(`${error.name}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  /** Starts it; no dataset is open yet. */
  static async launch({ profile, jobs = JOBS, args = [] }: LabOptions): Promise<Lab> {
    const folder = await buildPage(jobs);
    const command = await electronCommandFor(join(import.meta.dirname, 'app'));
    const electron = await _electron.launch({
      executablePath: command.executablePath,
      args: [...command.args, `--user-data-dir=${profile}`, `--lab-page=${folder}`, ...args],
    });
    const page = await electron.firstWindow();
    await page.waitForFunction(() => 'lab' in globalThis);
    return new Lab(electron, page);
  }

  /** Runs a job by its name, `file.function`. */
  run(name: string, argument?: unknown): Promise<unknown> {
    return unwrap(
      this.page.evaluate(([job, value]) => globalThis.lab.run(job, value), [name, argument] as const),
    );
  }

  /** The jobs of a file, with their types: `lab.jobs<typeof import('./jobs/fill.ts')>('fill').sample(…)`. */
  jobs<File>(file: string): Jobs<File> {
    return forward<Jobs<File>>((name, [argument]) => this.run(`${file}.${name}`, argument));
  }

  /** The generations of a filter as CSV, whole. */
  async exportGenerations(filter: Filter): Promise<string> {
    const text = await unwrap(this.page.evaluate((value) => globalThis.lab.exported(value), filter));
    return text as string;
  }

  /** Closes it as a reader closes the app. */
  close(): Promise<void> {
    return this.electron.close();
  }

  /** Ends it where it stands, as a power cut does, and waits until it is gone. */
  async kill(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.electron.once('close', () => resolve()));
    this.electron.process().kill('SIGKILL');
    await closed;
  }
}

const JOBS = join(import.meta.dirname, 'jobs');

/** The value of a result, or its error thrown as `AppFailure`. */
async function unwrap(answer: Promise<Result<unknown>>): Promise<unknown> {
  const result = await answer;
  if (result.ok) return result.value;
  const failure = new AppFailure(result.error);
  // Whoever reads a test's report wants to know more than a reader of the app.
  if (result.error.detail) failure.message += `\n${result.error.detail}`;
  throw failure;
}

/** An object whose every method is the call. */
function forward<T extends object>(call: (name: string, args: unknown[]) => Promise<unknown>): T {
  return new Proxy({} as T, {
    // An object with a `then` would be taken for a promise.
    get: (_, name) =>
      typeof name !== 'string' || name === 'then' ? undefined : (...args: unknown[]) => call(name, args),
  });
}
