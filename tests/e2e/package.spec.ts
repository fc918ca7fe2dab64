/** The app as it is shipped: packed, with the release's fuses, started like any program. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { chromium } from 'playwright';
import { HEADERS, line } from '../fixtures/activity.ts';
import { expect, test } from './fixtures.ts';

/** States of a fuse, as they stand in the executable. */
const [OFF, ON] = ['0', '1'].map((state) => state.charCodeAt(0));
const ROOT = join(import.meta.dirname, '..', '..');
const PACKED = join(ROOT, 'dist', 'linux-unpacked');

test.skip(process.platform !== 'linux', 'The dir target is looked at where the project is built: on Linux.');

test('the packaged app starts, imports a file and shows who spent what', async ({ folder }) => {
  test.setTimeout(240_000);
  await rm(PACKED, { recursive: true, force: true });
  await promisify(execFile)(process.execPath, [join(ROOT, 'scripts', 'package.mjs')], { cwd: ROOT });
  const executable = join(PACKED, 'whospent');
  expect(existsSync(join(PACKED, 'resources', 'app.asar'))).toBe(true);
  expect(existsSync(join(PACKED, 'resources', 'app'))).toBe(false);
  const fuses = await getCurrentFuseWire(executable);
  expect(fuses[FuseV1Options.RunAsNode]).toBe(OFF);
  expect(fuses[FuseV1Options.EnableNodeCliInspectArguments]).toBe(OFF);
  expect(fuses[FuseV1Options.OnlyLoadAppFromAsar]).toBe(ON);

  const profile = join(folder, 'profile');
  const app = spawn(
    executable,
    [
      `--user-data-dir=${profile}`,
      '--remote-debugging-port=0',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
    { stdio: 'ignore' },
  );
  try {
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${await debuggingPort(profile, app)}`);
    const context = browser.contexts()[0]!;
    const page = context.pages()[0] ?? (await context.waitForEvent('page'));
    await expect(page.getByRole('button', { name: 'Look at sample data' })).toBeVisible();
    const path = join(folder, 'activity.csv');
    await writeFile(
      path,
      `${HEADERS['Sep 2026']}\n${line('Sep 2026', { n: 1, user: 'ann', cost_total: '0.5' })}\n`,
    );
    await page.getByTestId('files').setInputFiles(path);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('button', { name: 'Done' }).click();
    await expect(page.getByRole('grid', { name: 'Users' }).locator('[data-user=ann]')).toContainText('$0.5');
    await browser.close();
  } finally {
    const ended = app.exitCode === null ? once(app, 'exit') : undefined;
    app.kill();
    await ended;
  }
});

/** Chromium writes the port it was given into its profile. */
async function debuggingPort(profile: string, app: ChildProcess): Promise<string> {
  let port = '';
  await expect
    .poll(async () => {
      if (app.exitCode !== null) throw new Error(`the packaged app ended with ${app.exitCode}`);
      port =
        (await readFile(join(profile, 'DevToolsActivePort'), 'utf8').catch(() => '')).split('\n')[0] ?? '';
      return port;
    })
    .not.toBe('');
  return port;
}
