/**
 * The pictures in docs/: `npx tsx tests/demo/pictures.ts [DIR]`, on a display, with the app built, and with
 * poppler-utils, which makes a picture of a PDF. Made-up data: those of the stand-in end today, as an account does.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from '../e2e/app.ts';
import { HEADERS, line } from '../fixtures/activity.ts';
import { startStandIn } from '../stand-in/server.ts';

const USERS = ['ann', 'bea', 'carol', 'dave', 'erin', 'frank', 'gus'];
const MODELS = ['openai/gpt-4o-mini-2024-07-18', 'anthropic/claude-sonnet-4', 'google/gemini-2.5-flash'];

function rowOf(n: number, more: Record<string, string> = {}): string {
  return line('Sep 2026', {
    n,
    user: USERS[(n * n) % USERS.length] ?? '',
    model_permaslug: MODELS[(n * 5) % MODELS.length] ?? '',
    cost_total: (((n * 7919) % 20_000) / 1e6).toFixed(6),
    tokens_prompt: String((n * 613) % 9_000),
    tokens_completion: String((n * 271) % 2_000),
    ...more,
  });
}

/** An app with a folder of its own, and the pictures taken of it. */
async function inApp(
  out: string,
  take: (app: App, shoot: (name: string) => Promise<unknown>, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'whospent-pictures-'));
  const app = await App.launch({ profile: join(folder, 'profile') });
  const shoot = async (name: string) => {
    // Nothing is pointed at, and what has just moved comes to rest.
    await app.page.mouse.move(400, 890);
    await app.page.evaluate(() =>
      Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null))),
    );
    await app.page.screenshot({ path: join(out, `${name}.png`) });
  };
  try {
    await app.resize(1440, 900);
    await take(app, shoot, folder);
  } finally {
    await app.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** An account that was pulled: the users, what was pulled, what ties, and a report. */
async function account(out: string): Promise<void> {
  const standIn = await startStandIn({ rows: 5000, users: 120, seed: 1 });
  await inApp(out, async (app, shoot, folder) => {
    await app.pullAll(standIn);
    await app.dismissNotices();
    await shoot('users');
    const report = join(folder, 'report.pdf');
    await app.exportReport('PDF', report);
    await app.dismissNotices();
    const first = ['-f', '1', '-l', '1', '-singlefile', '-r', '100'];
    execFileSync('pdftoppm', ['-png', ...first, report, join(out, 'report')]);
    await app.button('Coverage').click();
    await app.page.getByRole('grid').first().waitFor();
    await shoot('coverage');
    await app.button('Reconciliation').click();
    await app.page.getByText(/tie with OpenRouter/).waitFor();
    await shoot('reconciliation');
  });
  await standIn.close();
}

/** A file of which some is stored already, and what became of it. */
const importing = (out: string): Promise<void> =>
  inApp(out, async (app, shoot, folder) => {
    const file = async (name: string, rows: readonly string[]) => {
      const path = join(folder, name);
      await writeFile(path, `${HEADERS['Sep 2026']}\n${rows.join('\n')}\n`);
      return path;
    };
    const before = Array.from({ length: 9_000 }, (_, n) => rowOf(n));
    await app.importFiles([await file('openrouter_activity_2026-09-08.csv', before)]);
    await app.button('Done').click();
    const rows = Array.from({ length: 12_000 }, (_, n) =>
      rowOf(n + 6_000, n < 3 ? { cost_total: '0.5' } : n === 40 ? { tokens_prompt: 'many' } : {}),
    );
    await app.previewFiles([await file('openrouter_activity_2026-09-15.csv', [...rows, 'Total,,119.98'])]);
    await shoot('import-preview');
    await app.button('Import').click();
    await app.button('Done').waitFor();
    await shoot('import-result');
  });

const out = process.argv[2] ?? join(import.meta.dirname, '..', '..', 'docs');
await mkdir(out, { recursive: true });
await account(out);
await importing(out);
