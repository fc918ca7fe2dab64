import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HEADERS, line } from '../fixtures/activity.ts';
import { expect, test } from './fixtures.ts';

test('with the network gone, everything but pulling works, and the app says so', async ({
  app,
  standIn,
  folder,
}) => {
  await app.pullAll(standIn);
  const before = join(folder, 'before.csv');
  await app.export('Users table (CSV)', before);
  await standIn.close();

  await app.button('Sync').click();
  await expect(app.page.getByText('Offline: everything but syncing works').first()).toBeVisible({
    timeout: 80_000,
  });

  // Sorting, searching, opening, importing, exporting.
  await app.users
    .getByRole('columnheader', { name: /^Requests/ })
    .getByRole('button')
    .click();
  await expect(app.users.getByRole('columnheader', { name: /^Requests/ })).toHaveAttribute(
    'aria-sort',
    'descending',
  );
  await app.users
    .getByRole('columnheader', { name: /^Spend/ })
    .getByRole('button')
    .click();
  const after = join(folder, 'after.csv');
  await app.export('Users table (CSV)', after);
  expect(await readFile(after, 'utf8')).toBe(await readFile(before, 'utf8'));
  const csv = join(folder, 'more.csv');
  await writeFile(csv, `${HEADERS['Sep 2026']}\n${line('Sep 2026', { n: 1, user: 'offline-user' })}\n`);
  await app.importFiles([csv]);
  await app.button('Done').click();
  await app.page.getByRole('searchbox').fill('offline-user');
  await app.openUser('offline-user');
});

test('what was pulled is there after a restart, without any request', async ({
  app,
  start,
  standIn,
  folder,
}) => {
  await app.pullAll(standIn);
  const before = join(folder, 'before.csv');
  await app.export('Users table (CSV)', before);
  await app.close();
  const asked = standIn.requests.length;
  const again = await start();
  await again.showUsers();
  const after = join(folder, 'after.csv');
  await again.export('Users table (CSV)', after);
  expect(await readFile(after, 'utf8')).toBe(await readFile(before, 'utf8'));
  expect(standIn.requests.length).toBe(asked);
});
