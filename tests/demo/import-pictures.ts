/**
 * The pictures of an import in docs/: `npx tsx tests/demo/import-pictures.ts [DIR]`, on a display, with the app built.
 * Made-up data; the same figures every time.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from '../e2e/app.ts';
import { HEADERS, line } from '../fixtures/activity.ts';

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

async function main(out: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'whospent-pictures-'));
  const file = async (name: string, rows: readonly string[], header: string = HEADERS['Sep 2026']) => {
    const path = join(folder, name);
    await writeFile(path, `${header}\n${rows.join('\n')}\n`);
    return path;
  };
  const app = await App.launch({ profile: join(folder, 'profile') });
  const shoot = async (name: string) => {
    // What has just moved comes to rest.
    await app.page.evaluate(() =>
      Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null))),
    );
    await app.page.screenshot({ path: join(out, `${name}.png`) });
  };
  try {
    await mkdir(out, { recursive: true });
    await app.resize(1440, 900);
    await app.importFiles([
      await file(
        'openrouter_activity_2026-09-08.csv',
        Array.from({ length: 9_000 }, (_, n) => rowOf(n)),
      ),
    ]);
    await app.button('Done').click();

    const rows = Array.from({ length: 12_000 }, (_, n) =>
      rowOf(n + 6_000, n < 3 ? { cost_total: '0.5' } : n === 40 ? { tokens_prompt: 'many' } : {}),
    );
    const second = await file('openrouter_activity_2026-09-15.csv', [...rows, 'Total,,119.98']);
    await app.previewFiles([second]);
    await shoot('import-preview');
    await app.button('Columns and encoding').click();
    await shoot('import-columns');
    await app.button('Import').click();
    await app.button('Done').waitFor();
    await shoot('import-result');
    await app.button('Done').click();

    await app.previewFiles([
      await file(
        'zone.csv',
        [1, 2, 3].map((n) => rowOf(30_000 + n, { created_at: `2026-09-22 10:0${n}:00.250` })),
      ),
      await file('totals.csv', ['2026-11-01,openai/gpt-4o,3,0.5'], 'date,model,requests,usage'),
      second,
    ]);
    await shoot('import-several');
    await app.button('Cancel').click();
    await app.previewFiles([
      await file('other-tool.csv', ['gen-1766176333-a,2025-12-19 20:32:13.640,0.5'], 'id,when,usd'),
    ]);
    await shoot('import-unknown');
    await app.button('Cancel').click();

    await app.button('Imports & syncs').click();
    await shoot('import-list');
    await app.button('Undo import of openrouter_activity_2026-09-15.csv').click();
    await app.page.getByRole('alertdialog').waitFor();
    await shoot('import-undo');
    await app.button('Keep').click();
    await app.electron.evaluate(({ nativeTheme }) => {
      nativeTheme.themeSource = 'dark';
    });
    await app.previewFiles([second]);
    await shoot('import-preview-dark');
  } finally {
    await app.close();
    await rm(folder, { recursive: true, force: true });
  }
}

await main(process.argv[2] ?? join(import.meta.dirname, '..', '..', 'docs'));
