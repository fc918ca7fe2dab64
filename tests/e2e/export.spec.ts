import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import Decimal from 'decimal.js';
import { line } from '../fixtures/activity.ts';
import { importLines } from './activity-files.ts';
import type { App } from './app.ts';
import { catchInTheMiddle, expect, test } from './fixtures.ts';

const run = promisify(execFile);
const Exact = Decimal.clone({ precision: 100, toExpNeg: -100, toExpPos: 100 });

/** Saves what is chosen in the dialog. */
async function save(app: App, path: string): Promise<string> {
  await app.answerSaveDialog(path);
  await app.button('Save…').click();
  await app.page.getByText(`Saved to ${path}`).waitFor();
  await app.dismissNotices();
  return readFile(path, 'utf8');
}

const copied = (app: App): Promise<string> => app.electron.evaluate(({ clipboard }) => clipboard.readText());
const sumOf = (rows: readonly Record<string, string>[], key: string): string =>
  rows.reduce((sum, row) => sum.plus(row[key] || 0), new Exact(0)).toString();

/** Users and texts that trip up spreadsheets, parsers and HTML. */
const HOSTILE = [
  '=HYPERLINK("http://evil.example","click")',
  '+1-2',
  '-5',
  '@SUM(A1)',
  '<script>document.title="run"</script>',
  '"quoted" & <b>\'bold\'</b>',
  ' spaces ',
  'two\nlines',
  'tab\there',
  'comma, here',
  '日本 😀',
  "'=already",
];
const hostileLines = HOSTILE.map((user, n) =>
  line('Sep 2026', {
    n,
    user,
    cost_total: `0.00037035000000000003`,
    cost_cache: '-0.000045',
    tokens_prompt: 100 + n,
    app_name: user,
  }),
);

test('the users table as it stands: filter, order, totals, in CSV and JSON', async ({ app, folder }) => {
  await app.openSample();
  await app.page.getByRole('searchbox', { name: 'Search users' }).fill('user_20');
  await expect(app.users).not.toHaveAttribute('data-stale');
  await app.users
    .getByRole('columnheader', { name: /^Requests/ })
    .getByRole('button')
    .click();
  await expect(app.users).not.toHaveAttribute('data-stale');
  const count = Number(await app.users.getAttribute('data-rows'));

  await app.chooseExport('Users table (CSV)');
  await expect(app.exportDialog.getByRole('status')).toHaveText(`${count} rows · All time · UTC`);
  await expect(app.exportDialog).toContainText('User id holds: user_20');
  await app.exportDialog.getByText('Add the line of totals').click();
  const rows = parse(await save(app, join(folder, 'users.csv')), { columns: true }) as Record<
    string,
    string
  >[];
  const total = rows.pop()!;
  expect(rows).toHaveLength(count);
  expect(rows.every(({ user }) => user!.includes('user_20'))).toBe(true);
  const requests = rows.map((row) => Number(row.requests));
  expect(requests).toEqual([...requests].sort((a, b) => b - a));
  expect(total.user).toBe('Total');
  for (const key of ['requests', 'spend_usd', 'tokens_prompt', 'tokens_completion', 'tokens_cached']) {
    expect([key, new Exact(total[key]!).toString()]).toEqual([key, sumOf(rows, key)]);
  }
  expect(total.share_of_spend).toBe('1');

  await app.chooseExport('Users table (CSV)');
  await app.choose('Format', 'JSON');
  const told = JSON.parse(await save(app, join(folder, 'users.json')));
  expect(told).toMatchObject({ table: 'users', zone: 'UTC', filters: ['User id holds: user_20'] });
  expect(told.rows.map((row: { user: string }) => row.user)).toEqual(rows.map(({ user }) => user));
  expect(told.totals.spend_usd).toBe(total.spend_usd);
});

test('the requests of one user, with their sums', async ({ app, folder }) => {
  await app.openSample();
  await app.openUser('Acme');
  await app.button('Export').click();
  await expect(app.exportDialog).toContainText('User: Acme');
  await app.exportDialog.getByText('Add the line of totals').click();
  const rows = parse(await save(app, join(folder, 'requests.csv')), { columns: true }) as Record<
    string,
    string
  >[];
  const total = rows.pop()!;
  const grid = app.requests;
  await expect(grid).toHaveAttribute('data-rows', String(rows.length));
  const headings = await grid
    .getByRole('columnheader')
    .evaluateAll((all) => all.map((heading) => (heading as HTMLElement).dataset.column ?? ''));
  expect(Object.keys(rows[0]!).map((header) => header.replace(/_(usd|utc)$/, ''))).toEqual(headings);
  expect(total.created_at_utc).toBe('Total');
  for (const key of ['spend_usd', 'cost_total_usd', 'byok_usage_inference_usd', 'tokens_prompt']) {
    expect([key, new Exact(total[key]!).toString()]).toEqual([key, sumOf(rows, key)]);
  }
  expect(total.generation_time_ms).toBe('');
});

test('spreadsheets run nothing; machines read every text; the choice is remembered', async ({
  start,
  folder,
}) => {
  const app = await start();
  await importLines(app, folder, hostileLines);
  await app.chooseExport('Generations (CSV)');
  const guarded = parse(await save(app, join(folder, 'guarded.csv')), { columns: true }) as Record<
    string,
    string
  >[];
  expect(guarded.map(({ user }) => user).sort()).toEqual(
    HOSTILE.map((user) => (/^[=+\-@]/.test(user) ? `'${user}` : user)).sort(),
  );
  // A negative number is a number.
  expect(guarded[0]!.cost_cache).toBe('-0.000045');

  await app.chooseExport('Generations (CSV)');
  await app.choose('Cells', 'Plain, for machines');
  const plain = await save(app, join(folder, 'plain.csv'));
  expect(
    (parse(plain, { columns: true }) as Record<string, string>[]).map(({ user }) => user).sort(),
  ).toEqual([...HOSTILE].sort());
  await app.close();

  const again = await start();
  await again.chooseExport('Generations (CSV)');
  await expect(again.exportDialog.getByRole('radio', { name: 'Plain, for machines' })).toBeChecked();
  await again.close();

  const other = await start({ profile: join(folder, 'other') });
  await other.importFiles([join(folder, 'plain.csv')]);
  await other.button('Done').click();
  await other.export('Generations (CSV)', join(folder, 'again.csv'));
  expect(await readFile(join(folder, 'again.csv'), 'utf8')).toBe(plain);
});

test('generations as JSON lines have everything that is known, and nothing that is not', async ({
  app,
  folder,
  standIn,
}) => {
  await app.pullAll(standIn);
  await app.chooseExport('Generations (CSV)');
  await app.choose('Format', 'NDJSON');
  const lines = (await save(app, join(folder, 'all.ndjson')))
    .trimEnd()
    .split('\n')
    .map((one) => JSON.parse(one));
  expect(lines).toHaveLength(1200);
  const truth = standIn.account.generation(0).api;
  const told = lines.find(({ generation_id }) => generation_id === truth.id);
  expect(told).toMatchObject({
    user: truth.external_user ?? undefined,
    tokens_prompt: truth.tokens_prompt ?? undefined,
    is_byok: truth.is_byok,
    created_at: new Date(standIn.account.createdMs(0)).toISOString(),
  });
  expect(typeof told.cost_total).toBe('string');
  expect(lines.every((one) => Object.values(one).every((value) => value !== null))).toBe(true);
});

test('the clipboard takes a table for pasting, as CSV and as JSON', async ({ app, folder }) => {
  await importLines(app, folder, hostileLines);
  await app.chooseExport('Users table (CSV)');
  await app.choose('To', 'Clipboard');
  await app.button('Copy').click();
  await app.page.getByText('12 rows copied').waitFor();
  const cells = parse(await copied(app), { delimiter: '\t', record_delimiter: '\n' }) as string[][];
  expect(cells[0]!.slice(0, 3)).toEqual(['user', 'requests', 'spend_usd']);
  expect(cells.slice(1).map(([user]) => user)).toContain("'+1-2");
  expect(cells[1]![2]).toBe('0.00037035000000000003');
  await app.dismissNotices();
  await app.chooseExport('Users table (CSV)');
  await app.choose('Format', 'JSON');
  await app.button('Copy').click();
  await app.page.getByText('12 rows copied').waitFor();
  expect(
    JSON.parse(await copied(app))
      .rows.map(({ user }: { user: string }) => user)
      .sort(),
  ).toEqual([...HOSTILE].sort());
});

test('a report is one file: no script, no network, and every name is text', async ({ app, folder }) => {
  await importLines(app, folder, hostileLines);
  await app.chooseExport('Report');
  await app.choose('Format', 'HTML');
  const text = await save(app, join(folder, 'report.html'));
  expect(text).not.toMatch(/<script|<link|<a |src=|href=|@import|url\((?!"data:)/i);
  // In a browser window of its own: what is asked for, what runs, what is to be read.
  const seen = await app.electron.evaluate(
    async ({ BrowserWindow, session }, path) => {
      const alone = session.fromPartition('report-test');
      const asked: string[] = [];
      alone.webRequest.onBeforeRequest(({ url }, decide) => {
        asked.push(url.slice(0, 8));
        decide({});
      });
      const window = new BrowserWindow({ show: false, webPreferences: { session: alone } });
      await window.loadFile(path);
      const read = await window.webContents.executeJavaScript(
        `({ title: document.title, elements: document.querySelectorAll('script, b').length,
          names: [...document.querySelectorAll('tbody th')].map((one) => one.textContent),
          bars: document.querySelectorAll('svg .bar').length })`,
      );
      window.destroy();
      return { ...read, asked: asked.filter((url) => !url.startsWith('data:')) };
    },
    join(folder, 'report.html'),
  );
  expect(seen.asked).toEqual(['file:///']);
  expect(seen.elements).toBe(0);
  expect(seen.title).toBe('OpenRouter usage · All time');
  expect(seen.names).toEqual(expect.arrayContaining(['<script>document.title="run"</script>', '日本 😀']));
  expect(seen.bars).toBe(1);

  await app.openUser('-5');
  await app.chooseExport('Report');
  await app.choose('Format', 'PDF');
  await save(app, join(folder, 'user.pdf'));
  const pdf = await readFile(join(folder, 'user.pdf'));
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  expect(pdf.length).toBeGreaterThan(10_000);
  expect(await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('what is printed runs nothing and fetches nothing', async ({ app }) => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}`;
  const start = await app.page.evaluate(
    async (html) => {
      const { whospent } = globalThis as unknown as {
        whospent: {
          printPdf(args: { html: string }): Promise<{ ok: boolean; value: { pdf: Uint8Array } }>;
        };
      };
      const { value } = await whospent.printPdf({ html });
      return String.fromCharCode(...value.pdf.subarray(0, 5));
    },
    `<meta http-equiv="refresh" content="0;url=${address}/refresh"><link rel="stylesheet" href="${address}/css">
    <img src="${address}/img"><iframe src="${address}/frame"></iframe><script>fetch('${address}/fetch')</script><p>x`,
  );
  expect(start).toBe('%PDF-');
  expect(asked).toEqual([]);
  expect(await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  await new Promise((closed) => server.close(closed));
});

test('what is partial says so in the dialog and in the name', async ({ app, standIn, folder }) => {
  catchInTheMiddle(standIn);
  await app.connect(standIn.managementKey, standIn.baseUrl);
  await expect(app.rowsOf(app.users).nth(2)).toBeVisible();
  await app.chooseExport('Users table (CSV)');
  await expect(app.exportDialog.getByRole('complementary', { name: 'Partial' })).toContainText(
    'A sync is running',
  );
  await expect(app.exportDialog).toContainText(/whospent_users_\d{4}-\d\d-\d\d_partial\.csv/);
  await app.electron.evaluate(
    ({ dialog }, path) => {
      dialog.showSaveDialog = ((_window: unknown, options: { defaultPath: string }) => {
        (globalThis as unknown as { offered: string }).offered = options.defaultPath;
        return Promise.resolve({ canceled: false, filePath: path });
      }) as never;
    },
    join(folder, 'users.csv'),
  );
  await app.button('Save…').click();
  await app.page.getByText('Partial: a sync is running').waitFor();
  const offered = await app.electron.evaluate(() => (globalThis as unknown as { offered: string }).offered);
  expect(basename(offered)).toMatch(/^whospent_users_\d{4}-\d\d-\d\d_partial\.csv$/);
  standIn.faults.clear();
});

test('a full disk is told in words, and leaves nothing behind', async ({ app, folder }) => {
  const disk = join(folder, 'disk');
  await mkdir(disk);
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]).then(
    () => true,
    () => false,
  );
  test.skip(!mounted, 'only root may mount a tiny disk');
  try {
    await writeFile(join(disk, 'out.csv'), 'before');
    await app.openSample();
    await app.chooseExport('Generations (CSV)');
    await app.answerSaveDialog(join(disk, 'out.csv'));
    await app.button('Save…').click();
    await expect(app.exportDialog.getByRole('alert')).toContainText(
      'out.csv was not saved: the disk is full.',
    );
    expect(await readdir(disk)).toEqual(['out.csv']);
    expect(await readFile(join(disk, 'out.csv'), 'utf8')).toBe('before');
    // The dialog is still there: another folder, and it is done.
    await save(app, join(folder, 'elsewhere.csv'));
  } finally {
    await run('umount', [disk]);
  }
});

test('an export that is cancelled leaves nothing behind', async ({ app, folder }) => {
  await app.openSample();
  // The disk is so slow that the first write is under way until it is let go.
  await app.electron.evaluate(({ ipcMain }) => {
    ipcMain.removeHandler('saveWrite');
    ipcMain.handle('saveWrite', () => {
      return new Promise((resolve) => {
        (globalThis as unknown as { letGo: () => void }).letGo = () => resolve({ ok: true, value: null });
      });
    });
  });
  await app.chooseExport('Generations (CSV)');
  await app.answerSaveDialog(join(folder, 'out.csv'));
  await app.button('Save…').click();
  await expect(app.page.getByRole('progressbar', { name: 'Exporting' })).toBeVisible();
  await expect.poll(() => app.electron.evaluate(() => 'letGo' in globalThis)).toBe(true);
  await app.button('Cancel').click();
  await app.electron.evaluate(() => (globalThis as unknown as { letGo: () => void }).letGo());
  await expect(app.button('Save…')).toBeVisible();
  expect((await readdir(folder)).filter((name) => name.startsWith('out'))).toEqual([]);
});

test('is reached and done with the keyboard, from the menu too', async ({ app, folder }) => {
  await app.openSample();
  await app.electron.evaluate(({ Menu }) =>
    Menu.getApplicationMenu()?.getMenuItemById('exportReport')?.click(),
  );
  await expect(app.exportDialog.getByRole('radio', { name: 'Report', exact: true })).toBeChecked();
  await app.page.keyboard.press('Escape');
  await expect(app.exportDialog).toBeHidden();

  await app.button('Export').focus();
  await app.page.keyboard.press('Enter');
  await expect(app.button('Save…')).toBeFocused();
  await app.answerSaveDialog(join(folder, 'users.csv'));
  await app.page.keyboard.press('Enter');
  await app.page.getByText('Saved to').waitFor();
  expect(existsSync(join(folder, 'users.csv'))).toBe(true);
});
