/** How fast a large export reaches the disk, and whether the page can be used meanwhile: the real app. */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { App } from '../e2e/app.ts';
import type { Bench, Measurement } from './measure.ts';

/** Rows a second that the row-level CSV has to reach. */
const LEAST = 150_000;
/** Longer than this, ms, and a person feels it. */
const MOST_BLOCKED = 50;

export const exportSpeed: Bench = {
  name: 'export-speed',
  async run({ rows = 1_000_000, stores }) {
    const folder = await mkdtemp(join(tmpdir(), 'whospent-bench-'));
    const app = await App.launch({ profile: await stores.copy(await stores.filled(rows)) });
    try {
      await app.rowsOf(app.users).first().waitFor({ timeout: 120_000 });
      const measured: Measurement[] = [];
      for (const format of ['CSV, as OpenRouter’s', 'NDJSON'] as const) {
        const { seconds, blocked } = await exportOnce(app, format, join(folder, 'out'));
        const name = format === 'NDJSON' ? format : 'row-level CSV';
        const speed = rows / seconds;
        measured.push(
          {
            name: `export ${rows.toLocaleString('en-US')} generations as ${name}`,
            unit: 'rows/s',
            ours: Math.round(speed),
            peers: {},
            target:
              name === 'NDJSON' ? 'as fast as it goes' : `at least ${LEAST.toLocaleString('en-US')} rows/s`,
            met: name === 'NDJSON' || speed >= LEAST,
          },
          {
            name: `longest that the page stood still meanwhile (${name})`,
            unit: 'ms',
            ours: blocked,
            peers: {},
            target: `never above ${MOST_BLOCKED} ms`,
            met: blocked <= MOST_BLOCKED,
          },
        );
      }
      return measured;
    } finally {
      await app.close().catch(() => undefined);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

/** From the press to the file; the page is left alone meanwhile, for looking at it takes its time. */
async function exportOnce(
  app: App,
  format: string,
  path: string,
): Promise<{ seconds: number; blocked: number }> {
  await rm(path, { force: true });
  await app.chooseExport('Generations (CSV)');
  await app.choose('Format', format);
  await app.answerSaveDialog(path);
  await app.page.evaluate(() => {
    const seen = globalThis as unknown as { longest: number };
    seen.longest = 0;
    // Tasks below 50 ms are not told.
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
    }).observe({ type: 'longtask' });
  });
  const save = app.button('Save…');
  const begun = performance.now();
  await save.click();
  while ((await stat(path).catch(() => null)) === null) await sleep(20);
  const seconds = (performance.now() - begun) / 1000;
  await app.page.getByText(`Saved to ${path}`).first().waitFor();
  await app.dismissNotices();
  const blocked = await app.page.evaluate(() => (globalThis as unknown as { longest: number }).longest);
  return { seconds, blocked };
}
