/** What `npm run demo` does once everything is set up: a person's first minutes with the app. */
import { access, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import Papa from 'papaparse';
import type { Source } from '../../shared/sync.ts';
import { App } from '../e2e/app.ts';
import { type StandIn, type StandInOptions, startStandIn } from '../stand-in/server.ts';

type StandInOffer = NonNullable<StandInOptions['offer']>;

export interface DemoOptions {
  readonly headless: boolean;
  /** The display is one that the scripts started, without a screen. */
  readonly unseen: boolean;
  /** Where the exports and the screenshot go; null writes none. */
  readonly out: string | null;
  readonly rows: number;
  readonly users: number;
  readonly seed: number;
  /** What the stand-in offers, and so what the app pulls from. */
  readonly source: Source;
  /** Activity CSVs to fill the empty profile from, instead of syncing. */
  readonly imports: readonly string[];
  /** An empty folder for the app's data. */
  readonly profile: string;
  /** Ends the demo, the app first. */
  readonly interrupted: AbortSignal;
  readonly say: (line: string) => void;
}

/** Runs the demo; comes back when the exports are written (headless) or the reader has closed the window. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { say, imports, interrupted } = options;
  for (const file of imports) await access(file);
  const standIn =
    imports.length > 0 ? null : await startStandIn({ ...options, offer: OFFERS[options.source] });
  let app: App | null = null;
  try {
    if (standIn) say(`Stand-in API at ${standIn.baseUrl}: ${options.rows} generations, seed ${options.seed}`);
    const launched = await App.launch({ profile: options.profile });
    app = launched;
    // Whatever waits for the app then fails at once.
    interrupted.addEventListener('abort', () => void launched.kill());
    interrupted.throwIfAborted();
    if (options.headless) await app.resize(1440, 900);
    if (standIn) {
      await pullFrom(app, standIn, options);
    } else await importInto(app, options);
    await app.showUsers();
    if (options.out) await writeOut(app, options.out, say);
    if (!options.headless) {
      say(options.unseen ? OPEN_UNSEEN : OPEN);
      await app.closed();
    }
  } finally {
    if (!interrupted.aborted) await app?.close().catch(() => undefined);
    await app?.kill();
    await standIn?.close();
  }
}

const OPEN = 'The app is open, with a throw-away profile. Close its window to end the demo.';
const OPEN_UNSEEN = `The app is open, but there is no screen here: nobody can see it.
For pictures and exports: npm run demo -- --headless --out DIR
Ctrl-C ends the demo.`;

const OFFERS = {
  generations: { generations: true, analytics: 404 },
  analytics: { generations: 404, analytics: true },
  ids: { generations: 404, analytics: 404 },
} as const satisfies Record<Source, StandInOffer>;

async function pullFrom(app: App, standIn: StandIn, { source, profile }: DemoOptions): Promise<void> {
  if (source !== 'ids') {
    await app.pullAll(standIn);
    return;
  }
  // As a customer's own log of answers has them.
  const file = join(profile, 'answers.jsonl');
  const { account } = standIn;
  const line = (i: number) =>
    JSON.stringify({ at: account.createdMs(i), answer: { id: account.generation(i).api.id } });
  await writeFile(file, Array.from({ length: account.length }, (_, i) => line(i)).join('\n'));
  await app.connect(standIn.inferenceKey, standIn.baseUrl);
  await app.lookUpIds(file);
}

/** One file's summary, as the app saves it. */
interface Summary {
  readonly file: string;
  readonly state: string;
  readonly lines: number;
  readonly new: number;
  readonly known: number;
  readonly merged: number;
  readonly rejected: readonly { readonly line: number | null; readonly reason: string }[];
  readonly error?: { readonly title: string };
}

async function importInto(app: App, { imports, out, profile, say }: DemoOptions): Promise<void> {
  const summaries: Summary[] = [];
  for (const file of imports) {
    await app.importFiles([file]);
    const refusal = app.importDialog.getByRole('alert');
    if (await refusal.isVisible()) {
      throw new Error(`${basename(file)} was not imported: ${await refusal.locator('strong').textContent()}`);
    }
    const saved = join(out ?? profile, 'import.json');
    await app.saveImportSummary(saved);
    const summary = JSON.parse(await readFile(saved, 'utf8')) as Summary;
    if (summary.state !== 'complete') {
      throw new Error(`${basename(file)} was not imported: ${summary.error?.title ?? summary.state}`);
    }
    say(
      `Imported ${summary.file}: ${summary.lines} lines, ${summary.new} new, ${summary.rejected.length} rejected`,
    );
    summaries.push(summary);
  }
  if (!out) return;
  const sum = (count: (summary: Summary) => number) =>
    summaries.reduce((total, one) => total + count(one), 0);
  const all = {
    lines: sum((one) => one.lines),
    new: sum((one) => one.new),
    known: sum((one) => one.known),
    merged: sum((one) => one.merged),
    rejected: summaries.flatMap((one) => one.rejected.map((rejection) => ({ ...rejection, file: one.file }))),
    files: summaries,
  };
  await writeFile(join(out, 'import.json'), `${JSON.stringify(all, null, 2)}\n`);
}

async function writeOut(app: App, out: string, say: (line: string) => void): Promise<void> {
  await app.export('Users table (CSV)', join(out, 'users.csv'));
  await app.export('Generations (CSV)', join(out, 'generations.csv'));
  await app.exportReport('HTML', join(out, 'report.html'));
  await app.exportReport('PDF', join(out, 'report.pdf'));
  await app.dismissNotices();
  await app.page.screenshot({ path: join(out, 'screenshot.png') });
  say(biggestSpenders(await readFile(join(out, 'users.csv'), 'utf8')));
  say(`Wrote users.csv, generations.csv, report.html, report.pdf and screenshot.png to ${out}`);
}

/** The first ten rows of the exported users table, which is sorted by spend. */
function biggestSpenders(csv: string): string {
  const { data } = Papa.parse<Record<string, string>>(csv, { header: true, skipEmptyLines: true });
  const rows = data.slice(0, 10).map((row) => ({
    user: row.user === '' ? '(no user id)' : (row.user ?? ''),
    requests: row.requests ?? '',
    spend: row.spend_usd ?? '',
  }));
  const width = (pick: (row: (typeof rows)[number]) => string, title: string) =>
    Math.max(title.length, ...rows.map((row) => pick(row).length));
  const user = width((row) => row.user, 'user');
  const requests = width((row) => row.requests, 'requests');
  const spend = width((row) => row.spend, 'spend, $');
  return [
    `\n${'user'.padEnd(user)}  ${'requests'.padStart(requests)}  ${'spend, $'.padStart(spend)}`,
    ...rows.map(
      (row) => `${row.user.padEnd(user)}  ${row.requests.padStart(requests)}  ${row.spend.padStart(spend)}`,
    ),
    '',
  ].join('\n');
}
