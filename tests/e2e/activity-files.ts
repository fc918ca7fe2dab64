/** Activity files on their way through the app. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HEADERS } from '../fixtures/activity.ts';
import type { App } from './app.ts';
import { expect } from './fixtures.ts';

/** Imports some lines as one file. */
export async function importLines(app: App, folder: string, rows: readonly string[]): Promise<void> {
  const path = join(folder, 'activity.csv');
  await writeFile(path, `${HEADERS['Sep 2026']}\n${rows.join('\n')}\n`);
  await app.importFiles([path]);
  await app.button('Done').click();
}

/** The figures of a preview or of a finished import, by their labels. */
export async function figures(app: App, name: string): Promise<Record<string, string>> {
  const region = app.page.getByRole('dialog').getByRole('region', { name, exact: true });
  const counts = region.locator('dl').first().locator('> div');
  await expect(counts.first()).toBeVisible();
  const told: Record<string, string> = {};
  for (const one of await counts.all()) {
    told[(await one.locator('dt').textContent()) ?? ''] = (await one.locator('dd').textContent()) ?? '';
  }
  return told;
}
