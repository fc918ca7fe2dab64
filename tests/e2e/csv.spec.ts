import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HEADERS, line } from '../fixtures/activity.ts';
import { figures } from './activity-files.ts';
import type { App } from './app.ts';
import { expect, test } from './fixtures.ts';

const outcome = (app: App, name: string) => app.page.getByRole('dialog').getByRole('region', { name });

for (const version of ['Dec 2025', 'Jan 2026', 'Sep 2026'] as const) {
  test(`a file of ${version} is read whole`, async ({ app, folder }) => {
    const rows = [
      line(version, { n: 1, user: 'alice', cost_total: '0.123456', tokens_prompt: '100' }),
      line(version, { n: 2, user: 'alice, "the" great', cost_total: '0', byok_usage_inference: '0.5' }),
      line(version, { n: 3, user: '', cost_total: '0.000001', cost_cache: '-0.000045' }),
    ];
    await writeFile(join(folder, 'activity.csv'), `${HEADERS[version]}\n${rows.join('\n')}\n`);
    await app.importFiles([join(folder, 'activity.csv')]);
    expect(await figures(app, 'activity.csv')).toEqual({
      Lines: '3',
      New: '3',
      'Already known': '0',
      Merged: '0',
      Rejected: '0',
    });
    await app.button('Done').click();
    await app.export('Users table (CSV)', join(folder, 'users.csv'));
    const users = (await readFile(join(folder, 'users.csv'), 'utf8')).trim().split('\n').slice(1);
    expect(users.map((row) => row.replace(/^((?:"(?:[^"]|"")*"|[^,]*),\d+,[^,]*),.*/, '$1'))).toEqual([
      '"alice, ""the"" great",1,0.500000',
      'alice,1,0.123456',
      ',1,0.000001',
    ]);
  });
}

test('columns that are missing or unknown are named', async ({ app, folder }) => {
  const path = join(folder, 'few.csv');
  await writeFile(
    path,
    'generation_id,created_at,cost_total,mood\ngen-1766176333-a,2025-12-19 20:32:13.640,0.5,good\n',
  );
  await app.importFiles([path]);
  const told = outcome(app, 'few.csv');
  await expect(told).toContainText('This file has no column user');
  await expect(told).toContainText('Not in this file, so not known: cost_web_search');
  await expect(told).toContainText('Not read, since Whospent does not know them: mood');
});

test('the same file again, and one that overlaps, count nothing twice', async ({ app, folder }) => {
  const rows = [1, 2, 3, 4].map((n) => line('Sep 2026', { n, user: `u${n % 2}`, cost_total: '0.25' }));
  const first = join(folder, 'first.csv');
  const second = join(folder, 'second.csv');
  await writeFile(first, `${HEADERS['Sep 2026']}\n${rows.slice(0, 3).join('\n')}\n`);
  await writeFile(second, `${HEADERS['Sep 2026']}\n${rows.slice(1).join('\n')}\n`);
  await app.importFiles([first, second]);
  expect(await figures(app, 'second.csv')).toMatchObject({ Lines: '3', New: '1', 'Already known': '2' });
  await app.button('Done').click();
  await app.importFiles([first]);
  expect(await figures(app, 'first.csv')).toMatchObject({ Lines: '3', New: '0', 'Already known': '3' });
  await app.button('Done').click();
  await expect(app.users.getByRole('row').last()).toContainText('$1.00');
});

test('broken rows are rejected with line and reason, the rest is kept', async ({ app, folder }) => {
  const good = line('Sep 2026', { n: 1, user: 'kept', cost_total: '0.5' });
  const rows = [
    good,
    line('Sep 2026', { n: 2, cost_total: 'free' }),
    line('Sep 2026', { n: 3, generation_id: '' }),
    'only,three,cells',
    line('Sep 2026', { n: 5, tokens_prompt: '1.5' }),
    line('Sep 2026', { n: 6, user: 'kept too', cost_total: '0.25' }),
  ];
  const path = join(folder, 'broken.csv');
  await writeFile(path, `${HEADERS['Sep 2026']}\n${rows.join('\n')}\n`);
  await app.importFiles([path]);
  expect(await figures(app, 'broken.csv')).toEqual({
    Lines: '6',
    New: '2',
    'Already known': '0',
    Merged: '0',
    Rejected: '4',
  });
  const saved = join(folder, 'import.json');
  await app.saveImportSummary(saved);
  expect(JSON.parse(await readFile(saved, 'utf8'))).toMatchObject({
    lines: 6,
    new: 2,
    known: 0,
    merged: 0,
    rejected: [
      { line: 3, reason: 'cost_total is not an amount of dollars: “free”' },
      { line: 4, reason: 'has no generation id' },
      { line: 5, reason: 'has 3 cells where the header has 24' },
      { line: 6, reason: 'tokens_prompt is not a whole number: “1.5”' },
    ],
  });
});

test('a file that is not UTF-8 garbles no id: its lines are rejected, those of plain letters kept', async ({
  app,
  folder,
}) => {
  const rows = [1, 2, 3].map((n) =>
    line('Sep 2026', { n, user: ['müller', 'møller', 'miller'][n - 1] ?? '' }),
  );
  const path = join(folder, 'latin1.csv');
  await writeFile(path, Buffer.from(`${HEADERS['Sep 2026']}\n${rows.join('\n')}\n`, 'latin1'));
  await app.importFiles([path]);
  expect(await figures(app, 'latin1.csv')).toMatchObject({ Lines: '3', New: '1', Rejected: '2' });
  await expect(app.page.getByText('not UTF-8').first()).toBeVisible();
});

test('more rejected lines than a screen holds are all in the summary', async ({ app, folder }) => {
  const path = join(folder, 'wrong.csv');
  const rows = Array.from({ length: 3000 }, (_, n) => line('Sep 2026', { n, cost_total: 'x' }));
  await writeFile(path, `${HEADERS['Sep 2026']}\n${rows.join('\n')}\n`);
  await app.importFiles([path]);
  expect(await figures(app, 'wrong.csv')).toMatchObject({ Lines: '3,000', Rejected: '3,000' });
  const saved = join(folder, 'import.json');
  await app.saveImportSummary(saved);
  const { rejected } = JSON.parse(await readFile(saved, 'utf8')) as { rejected: { line: number }[] };
  expect(rejected.map((one) => one.line)).toEqual(rows.map((_, n) => n + 2));
});

for (const [what, content, words] of [
  ['an empty file', '', 'is empty'],
  [
    'a picture',
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]),
    'is not a text file',
  ],
  ['prose', 'Dear diary\ntoday nothing happened\n', 'is not a CSV file'],
  ['another table', 'name,age\nann,7\n', 'its header has no generation_id'],
  [
    'an aggregated export',
    'date,model,requests,usage\n2026-11-01,openai/gpt-4o,3,0.5\n',
    'holds totals, not single requests',
  ],
] as const) {
  test(`${what} is explained, not imported`, async ({ app, folder }) => {
    const path = join(folder, 'something.csv');
    await writeFile(path, content);
    await app.importFiles([path]);
    await expect(app.page.getByRole('alert')).toContainText(words);
    await expect(app.page.getByRole('alert')).toContainText('Nothing was imported');
    // A table could be mapped by hand, so there is a choice left.
    await app.importDialog.getByRole('button', { name: /^(Done|Cancel)$/ }).click();
    await expect(app.button('Choose files').first()).toBeVisible();
  });
}

test('export, import into an empty store, export: byte for byte the same', async ({
  app,
  start,
  standIn,
  folder,
}) => {
  await app.pullAll(standIn);
  const first = join(folder, 'first.csv');
  await app.export('Generations (CSV)', first);
  await app.close();

  const other = await start({ profile: join(folder, 'other') });
  await other.importFiles([first]);
  expect(await figures(other, 'first.csv')).toMatchObject({ Lines: '1,200', New: '1,200', Rejected: '0' });
  await other.button('Done').click();
  const second = join(folder, 'second.csv');
  await other.export('Generations (CSV)', second);
  expect(await readFile(second, 'utf8')).toBe(await readFile(first, 'utf8'));
});

test('characters cut by the reading of pieces, and odd ids, survive', async ({ app, folder }) => {
  // Larger than one piece, of characters of three and four bytes at every offset.
  const users = Array.from({ length: 30_000 }, (_, n) => `${'x'.repeat(n % 7)}${'日本😀'.repeat(12)}${n}`);
  const path = join(folder, 'wide.csv');
  const rows = users.map((user, n) => line('Sep 2026', { n, user, cost_total: '0.000001' }));
  await writeFile(path, `${HEADERS['Sep 2026']}\n${rows.join('\n')}\n`);
  await app.importFiles([path]);
  expect(await figures(app, 'wide.csv')).toMatchObject({ Lines: '30,000', New: '30,000' });
  await app.button('Done').click();
  await app.export('Users table (CSV)', join(folder, 'users.csv'));
  const told = (await readFile(join(folder, 'users.csv'), 'utf8')).trim().split('\n').slice(1);
  expect(told.map((row) => row.split(',')[0]).sort()).toEqual([...users].sort());
});

test('a save that is cancelled writes nothing', async ({ app, folder }) => {
  await app.openSample();
  await app.answerSaveDialog(null);
  await app.chooseExport('Users table (CSV)');
  await app.button('Save…').click();
  await expect(app.button('Save…')).toBeEnabled();
  await expect(app.page.getByText('Saved to')).toBeHidden();
  await app.page.keyboard.press('Escape');
  await app.export('Users table (CSV)', join(folder, 'users.csv'));
});

test('a folder that is gone is told, and leaves no half file', async ({ app, folder }) => {
  await app.openSample();
  await app.answerSaveDialog(join(folder, 'gone', 'users.csv'));
  await app.chooseExport('Users table (CSV)');
  await app.button('Save…').click();
  await expect(app.page.getByRole('alert').or(app.page.getByRole('alertdialog')).first()).toBeVisible();
});
