/** What a file would do is shown before it does it; what it did can be taken back. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { electronCommand } from '../../scripts/setup/index.mjs';
import { HEADERS, line } from '../fixtures/activity.ts';
import { figures } from './activity-files.ts';
import type { App } from './app.ts';
import { expect, test } from './fixtures.ts';

const HEADER = HEADERS['Sep 2026'];
const activity = (rows: readonly string[], header: string = HEADER) => `${header}\n${rows.join('\n')}\n`;
const file = (app: App, name: string) => app.importDialog.getByRole('region', { name, exact: true });

test('a preview counts what an import would do, to the last digit, and writes nothing', async ({
  app,
  folder,
}) => {
  const before = [1, 2, 3, 4].map((n) => line('Dec 2025', { n, user: 'ann', cost_total: '0.5' }));
  const first = join(folder, 'before.csv');
  await writeFile(first, activity(before, HEADERS['Dec 2025']));
  await app.importFiles([first]);
  await app.button('Done').click();

  const path = join(folder, 'activity.csv');
  const rows = [
    before[0]!,
    line('Sep 2026', { n: 1, user: 'ann', cost_total: '0.5', tokens_cached: '', api_key_disabled: '' }),
    line('Sep 2026', { n: 2, user: 'ann', cost_total: '0.5' }),
    line('Sep 2026', { n: 3, user: 'ann', cost_total: '0.75' }),
    line('Sep 2026', { n: 7, user: 'bob', cost_total: '0.000001', byok_usage_inference: '0.1' }),
    line('Sep 2026', { n: 7, user: 'bob', cost_total: '0.000001', byok_usage_inference: '0.1' }),
    line('Sep 2026', { n: 8, cost_total: 'free' }),
    'Total,,1.25',
  ].slice(1);
  await writeFile(path, activity(rows));
  await app.previewFiles([path]);
  expect(await figures(app, 'activity.csv')).toEqual({
    Lines: '7',
    New: '1',
    'Already known': '2',
    Completed: '1',
    'In conflict': '1',
    Rejected: '2',
    'Adds to spend': '$0.350001',
  });
  const shown = file(app, 'activity.csv');
  await expect(shown).toContainText('OpenRouter’s header of September 2026');
  await expect(shown).toContainText('UTF-8, parted by commas, decimal point');
  await expect(shown).toContainText('2026-09-01 (UTC)');
  // As many as are listed, and as the figure above says.
  const leftOut = shown.getByRole('group').filter({ hasText: 'left out' });
  await leftOut.getByText('2 lines are left out, 1 of them a total line').click();
  await expect(leftOut.getByRole('listitem')).toHaveCount(2);
  const sample = shown.getByRole('region', { name: 'The first rows' });
  await expect(sample.getByRole('row').nth(4)).toContainText('0.000001');

  await app.button('Cancel').click();
  await expect(app.users.getByRole('row').last()).toContainText('$2.00');
  await app.importFiles([path]);
  expect(await figures(app, 'activity.csv')).toEqual({
    Lines: '7',
    New: '1',
    'Already known': '2',
    Merged: '2',
    Rejected: '2',
  });
  await app.button('Done').click();
  await expect(app.users.getByRole('row').last()).toContainText('$2.35');
  expect(app.complaints).toEqual([]);
});

test('several files are shown together, in the order of their import; one can be left out', async ({
  app,
  folder,
}) => {
  const rows = [1, 2, 3, 4].map((n) => line('Sep 2026', { n, user: `u${n}`, cost_total: '0.25' }));
  const [first, second, none] = ['first.csv', 'second.csv', 'none.csv'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(first, activity(rows.slice(0, 3)));
  await writeFile(second, activity(rows.slice(1)));
  await writeFile(none, 'date,model,requests,usage\n2026-11-01,openai/gpt-4o,3,0.5\n');
  await app.previewFiles([first, second, none]);
  expect(await figures(app, 'second.csv')).toMatchObject({ Lines: '3', New: '1', 'Already known': '2' });
  const totals = file(app, 'none.csv');
  await expect(totals).toContainText('holds totals, not single requests');
  // Nothing that can be chosen would make it one that can be imported.
  await expect(totals.getByRole('checkbox')).not.toBeChecked();
  await expect(totals.getByRole('checkbox')).toBeDisabled();
  await expect(totals.getByLabel('Encoding')).toBeHidden();
  await expect(app.importDialog).toContainText('Adds 4 requests and $1.00 of spend');

  await file(app, 'first.csv').getByText('first.csv').click();
  await expect(app.importDialog).toContainText('Adds 3 requests and $0.75 of spend');
  expect(await figures(app, 'second.csv')).toMatchObject({ Lines: '3', New: '3', 'Already known': '0' });
  await app.button('Import').click();
  expect(await figures(app, 'second.csv')).toMatchObject({ Lines: '3', New: '3' });
  await app.button('Done').click();
  await expect(app.userRow('u4')).toBeVisible();
  await expect(app.userRow('u1')).toBeHidden();
});

test('headers of another tool are mapped by hand, and the mapping is remembered', async ({ app, folder }) => {
  const header = 'id,when,usd,who,mood';
  const paths = [1, 2].map((n) => join(folder, `mapped-${n}.csv`)) as [string, string];
  for (const [i, path] of paths.entries()) {
    await writeFile(path, `${header}\ngen-176617633${i}-a,2025-12-19 20:32:1${3 + i}.640,0.5,ann,good\n`);
  }
  await app.previewFiles([paths[0]]);
  await expect(app.button('Import')).toBeDisabled();
  const choose = (name: string, key: string) =>
    app.importDialog.getByLabel(`Column for ${name}`).selectOption(key);
  await choose('id', 'generation_id');
  await choose('when', 'created_at');
  await choose('usd', 'cost_total');
  await expect(app.button('Import')).toBeEnabled();
  await app.button('Columns and encoding').click();
  await choose('who', 'user');
  await expect(file(app, 'mapped-1.csv').getByRole('region', { name: 'The first rows' })).toContainText(
    'ann',
  );
  await app.button('Import').click();
  await app.button('Done').click();

  await app.importFiles([paths[1]]);
  expect(await figures(app, 'mapped-2.csv')).toMatchObject({ Lines: '1', New: '1' });
  await expect(app.page.getByRole('dialog')).toContainText('Whospent does not know them: mood');
  await app.button('Done').click();
  await expect(app.userRow('ann')).toContainText('$1');
});

test('bytes that are not UTF-8 are offered to be read as Windows-1252', async ({ app, folder }) => {
  const path = join(folder, 'latin1.csv');
  const rows = ['müller', 'møller', 'miller'].map((user, n) => line('Sep 2026', { n, user }));
  await writeFile(path, Buffer.from(activity(rows), 'latin1'));
  await app.previewFiles([path]);
  expect(await figures(app, 'latin1.csv')).toMatchObject({ New: '1', Rejected: '2' });
  await app.button('Read as Windows-1252').click();
  await expect(app.importDialog).toContainText('Adds 3 requests');
  await app.button('Import').click();
  await app.button('Done').click();
  await expect(app.userRow('müller')).toBeVisible();
});

test('an encoding that was chosen wrongly can be taken back; a text that is no CSV is offered none', async ({
  app,
  folder,
}) => {
  const [good, prose] = ['good.csv', 'prose.csv'].map((name) => join(folder, name)) as [string, string];
  await writeFile(good, activity([line('Sep 2026', { n: 1 })]));
  await writeFile(prose, 'A text without any columns.\nAnd one more line.\n');
  await app.previewFiles([good, prose]);
  await expect(file(app, 'prose.csv')).toContainText('is not a CSV file');
  await expect(file(app, 'prose.csv').getByLabel('Encoding')).toBeHidden();

  const shown = file(app, 'good.csv');
  await shown.getByText('First rows, columns and encoding').click();
  await shown.getByLabel('Encoding').selectOption('utf-16be');
  await expect(shown.getByRole('alert')).toBeVisible();
  await expect(shown.getByRole('checkbox')).not.toBeChecked();
  await expect(shown.getByRole('checkbox')).toBeDisabled();
  await shown.getByLabel('Encoding').selectOption('utf-8');
  await expect(shown.getByRole('alert')).toBeHidden();
  await expect(shown.getByRole('checkbox')).toBeChecked();
  await expect(app.importDialog).toContainText('Adds 1 request ');
});

test('times of a zone are found by the ids, and corrected where the reader wants it', async ({
  app,
  folder,
}) => {
  const path = join(folder, 'zone.csv');
  const rows = [1, 2, 3].map((n) =>
    line('Sep 2026', { n, user: 'ann', created_at: `2026-09-01 17:3${n}:00.250` }),
  );
  await writeFile(path, activity(rows));
  await app.previewFiles([path]);
  await expect(file(app, 'zone.csv')).toContainText('5:30 hours ahead of UTC');
  await app.importDialog.getByText('Correct the times to UTC').click();
  await expect(file(app, 'zone.csv').getByRole('region', { name: 'The first rows' })).toContainText(
    '2026-09-01 12:01:00.250',
  );
  await app.button('Import').click();
  await app.button('Done').click();
  await app.export('Generations (CSV)', join(folder, 'out.csv'));
  expect(await readFile(join(folder, 'out.csv'), 'utf8')).toContain('2026-09-01 12:03:00.250');
});

test('a packed file goes the same way; Import may be pressed while it is read', async ({ app, folder }) => {
  const path = join(folder, 'activity.csv.gz');
  const rows = Array.from({ length: 60_000 }, (_, n) =>
    line('Sep 2026', { n, user: `u${n % 50}`, cost_total: '0.01' }),
  );
  await writeFile(path, gzipSync(activity(rows)));
  await app.page.getByTestId('files').setInputFiles([path]);
  await app.button('Import').click();
  await expect(app.heading('Import complete')).toBeVisible({ timeout: 60_000 });
  expect(await figures(app, 'activity.csv.gz')).toMatchObject({ Lines: '60,000', New: '60,000' });
  await app.button('Done').click();
  await expect(app.users.getByRole('row').last()).toContainText('$600.00');
});

test('a damaged archive is told, and nothing is stored', async ({ app, folder }) => {
  const path = join(folder, 'cut.csv.gz');
  await writeFile(path, gzipSync(activity([line('Sep 2026', { n: 1 })])).subarray(0, 90));
  await app.previewFiles([path]);
  await expect(app.page.getByRole('alert')).toContainText('cannot be unpacked');
  await app.button('Done').click();
  await expect(app.button('Choose files').first()).toBeVisible();
});

test('an import that is cancelled half-way leaves nothing behind', async ({ app, folder }) => {
  const path = join(folder, 'large.csv');
  const rows = Array.from({ length: 250_000 }, (_, n) => line('Sep 2026', { n, user: `u${n % 50}` }));
  await writeFile(path, activity(rows));
  await app.previewFiles([path]);
  await app.button('Import').click();
  await app.page.getByRole('dialog', { name: 'Importing' }).getByText(/ new /).waitFor();
  await app.button('Cancel').click();
  await expect(app.heading('Import cancelled')).toBeVisible();
  await expect(app.page.getByRole('alert')).toContainText('Nothing of this file is stored');
  await app.button('Done').click();
  await expect(app.button('Choose files').first()).toBeVisible();
  await expect(app.users).toBeHidden();
});

test('Escape puts a file away that cannot be imported', async ({ app, folder }) => {
  const path = join(folder, 'other.csv');
  await writeFile(path, 'a,b\n1,2\n');
  await app.previewFiles([path]);
  await expect(app.importDialog.getByRole('alert')).toBeVisible();
  await expect(app.importDialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await app.page.keyboard.press('Escape');
  await expect(app.importDialog).toBeHidden();
});

test('an import is undone from the list, after it was said what goes', async ({ app, folder }) => {
  const [keep, go] = ['keep.csv', 'go.csv'].map((name) => join(folder, name)) as [string, string];
  await writeFile(keep, activity([1, 2].map((n) => line('Sep 2026', { n, user: 'kept', cost_total: '1' }))));
  await writeFile(
    go,
    activity([2, 3].map((n) => line('Sep 2026', { n, user: n === 2 ? 'kept' : 'gone', cost_total: '1' }))),
  );
  await app.importFiles([keep, go]);
  await app.button('Done').click();
  await expect(app.userRow('gone')).toBeVisible();
  await app.button('Imports & syncs').click();
  await app.button('Undo import of go.csv').click();
  const question = app.page.getByRole('alertdialog');
  await expect(question).toContainText('go.csv');
  await expect(question).toContainText('1 request that it brought goes');
  await question.getByRole('button', { name: 'Undo import' }).click();
  await expect(app.page.getByText('1 request removed')).toBeVisible();
  await expect(app.button('Undo import of go.csv')).toBeHidden();
  await app.showUsers();
  await expect(app.userRow('kept')).toContainText('$2');
  await expect(app.userRow('gone')).toBeHidden();
});

test('cells for spreadsheets and totals are told; of what was rejected, exports miss all but totals', async ({
  app,
  folder,
}) => {
  const path = join(folder, 'for-excel.csv');
  const rows = ["'=x", "'=x", 'y'].map((user, n) => line('Sep 2026', { n, user, cost_total: '1' }));
  await writeFile(path, activity([...rows, 'only,three,cells', 'Total,,3']));
  await app.previewFiles([path]);
  await expect(file(app, 'for-excel.csv')).toContainText('2 cells begin with an apostrophe before = + - @');
  await expect(file(app, 'for-excel.csv')).toContainText('2 lines are left out, 1 of them a total line');
  await app.button('Import').click();
  expect(await figures(app, 'for-excel.csv')).toMatchObject({ Lines: '5', New: '3', Rejected: '2' });
  await app.button('Done').click();
  const gap = '1 line of “for-excel.csv” was rejected';
  await expect(app.page.getByRole('complementary', { name: 'Completeness' })).toContainText(gap);
  await app.chooseExport('Users table (CSV)');
  await expect(app.exportDialog).toContainText(gap);
});

test('rejected lines are saved with their cells, line and reason', async ({ app, folder }) => {
  const path = join(folder, 'broken.csv');
  const wrong = line('Sep 2026', { n: 2, user: 'a, "b"', cost_total: 'free' });
  await writeFile(path, activity([line('Sep 2026', { n: 1 }), wrong, 'only,three,cells']));
  await app.importFiles([path]);
  const saved = join(folder, 'rejected.csv');
  await app.answerSaveDialog(saved);
  await app.button('Save rejected lines (CSV)').click();
  await app.page.getByText(`Saved to ${saved}`).waitFor();
  expect(await readFile(saved, 'utf8')).toBe(
    `line,reason,${HEADER}\n3,cost_total is not an amount of dollars: “free”,${wrong}\n4,has 3 cells where the header has 24,only,three,cells\n`,
  );
});

test('a file so large that it is read in sections tells every line by its place in it', async ({
  app,
  folder,
}) => {
  const path = join(folder, 'large.csv');
  const WRONG = [5, 130_000, 199_999];
  // Every name goes over two lines, so that borders between sections fall into quotes.
  const rows = Array.from({ length: 200_000 }, (_, n) =>
    line('Sep 2026', { n, user: `u\n${n % 50}`, cost_total: WRONG.includes(n) ? 'free' : '0.000001' }),
  );
  await writeFile(path, activity(rows));
  await app.importFiles([path]);
  expect(await figures(app, 'large.csv')).toMatchObject({
    Lines: '200,000',
    New: '199,997',
    Rejected: '3',
  });
  const saved = join(folder, 'rejected.csv');
  await app.answerSaveDialog(saved);
  await app.button('Save rejected lines (CSV)').click();
  await app.page.getByText(`Saved to ${saved}`).waitFor();
  const told = [...(await readFile(saved, 'utf8')).matchAll(/^(\d+),cost_total is not/gm)];
  expect(told.map(([, number]) => Number(number))).toEqual(WRONG.map((n) => n * 2 + 2));
  await app.button('Done').click();
  await expect(app.users.getByRole('row').last()).toContainText('199,997');
});

test('files are opened with the app: at its start, and while it runs', async ({ start, folder }) => {
  const [first, second] = ['one.csv', 'two.csv.gz'].map((name) => join(folder, name)) as [string, string];
  await writeFile(first, activity([line('Sep 2026', { n: 1, user: 'first' })]));
  await writeFile(second, gzipSync(activity([line('Sep 2026', { n: 2, user: 'second' })])));
  await writeFile(join(folder, 'secret.txt'), 'not for the page');
  const app = await start({ args: [first, join(folder, 'secret.txt')] });
  await expect(app.importDialog).toContainText('Adds 1 request ');
  expect(await figures(app, 'one.csv')).toMatchObject({ Lines: '1', New: '1' });
  // A second start hands its file over and ends.
  const { executablePath, args } = await electronCommand();
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const profile = `--user-data-dir=${join(folder, 'profile')}`;
  await promisify(execFile)(executablePath, [...asRoot, ...args, profile, second]);
  await expect(app.importDialog).toContainText('Adds 2 requests');
  expect(await figures(app, 'two.csv.gz')).toMatchObject({ Lines: '1', New: '1' });
  await app.button('Import').click();
  await app.button('Done').click();
  await expect(app.userRow('first')).toBeVisible();
  await expect(app.userRow('second')).toBeVisible();
  // An address that was not given, and one that was used.
  const status = (url: string) => app.page.evaluate(async (address) => (await fetch(address)).status, url);
  expect(await status('app://whospent/opened/0123')).toBe(404);
});
