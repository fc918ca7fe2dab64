import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OpenRouter } from '@openrouter/sdk';
import OpenAI from 'openai';
import Papa from 'papaparse';
import type { Bridge } from '../../shared/ipc.ts';
import type { StandIn } from '../stand-in/server.ts';
import { catchInTheMiddle, expect, test } from './fixtures.ts';
import { holdTable } from './hold.ts';
import { expectUsersCsv } from './truth.ts';

test('every user’s spend equals, to the last digit, what the API says', async ({ app, standIn, folder }) => {
  await app.pullAll(standIn);
  const path = join(folder, 'users.csv');
  await app.export('Users table (CSV)', path);
  await expectUsersCsv(await readFile(path, 'utf8'), standIn);
});

test('pulling again changes nothing; what is new arrives', async ({ app, standIn, folder }) => {
  await app.pullAll(standIn);
  const first = join(folder, 'first.csv');
  await app.export('Generations (CSV)', first);

  await app.button('Sync').click();
  await expect(app.syncStatus).toHaveAttribute('title', /^0 new/);
  const second = join(folder, 'second.csv');
  await app.export('Generations (CSV)', second);
  expect(await readFile(second, 'utf8')).toBe(await readFile(first, 'utf8'));

  await chat(standIn, 'just-now');
  await app.button('Sync').click();
  await expect(app.syncStatus).toHaveAttribute('title', /^1 new/);
  await app.page.getByRole('searchbox').fill('just-now');
  await expect(app.userRow('just-now')).toBeVisible();
});

test('a chat by the official SDK and by the openai package shows up under its user', async ({
  app,
  standIn,
}) => {
  const request = { model: 'openai/gpt-4o-mini', messages: [{ role: 'user' as const, content: 'Hello' }] };
  const openRouter = new OpenRouter({ apiKey: standIn.inferenceKey, serverURL: standIn.baseUrl });
  await openRouter.chat.send({ chatRequest: { ...request, user: 'user_12345' } });
  const openai = new OpenAI({ apiKey: standIn.inferenceKey, baseURL: standIn.baseUrl });
  await openai.chat.completions.create({ ...request, user: 'user_12345' });

  await app.pullAll(standIn);
  await app.page.getByRole('searchbox').fill('user_12345');
  await expect(app.userRow('user_12345').getByRole('gridcell').nth(1)).toHaveText('2');
  await app.openUser('user_12345');
  await expect(app.requests).toHaveAttribute('data-rows', '2');
});

test('shows progress, can be stopped, and goes on where it stopped', async ({ app, standIn, folder }) => {
  catchInTheMiddle(standIn);
  await app.connect(standIn.managementKey, standIn.baseUrl);
  await expect(app.syncStatus).toContainText('Syncing: 1,000 generations');
  await app.button('Stop').click();
  await expect(app.syncStatus).toContainText('Stopped after 1,000 generations');
  await expect(app.rowsOf(app.users).first()).toBeVisible();

  standIn.faults.clear();
  const before = standIn.requests.length;
  await app.button('Sync').click();
  await app.synced();
  // It went on at the offset where it stood, then looked for what had come since.
  const offsets = standIn.requests
    .slice(before)
    .map(({ url }) => new URL(url, 'http://x').searchParams.get('offset'));
  expect(offsets[0]).toBe('1000');
  const path = join(folder, 'users.csv');
  await app.export('Users table (CSV)', path);
  await expectUsersCsv(await readFile(path, 'utf8'), standIn);
});

test('stopped before it has begun, it asks for nothing', async ({ app, standIn }) => {
  await app.pullAll(standIn);
  const asked = standIn.requests.length;
  const letGo = await holdTable(app.page, 'origins');
  await app.button('Sync').click();
  await app.button('Stop').click();
  await letGo();
  await expect(app.syncStatus).toContainText('Stopped after 0 generations');
  expect(standIn.requests).toHaveLength(asked);
  await app.button('Sync').click();
  await app.synced();
});

test('can be stopped until it has ended, and begun again from then on', async ({ app, standIn }) => {
  catchInTheMiddle(standIn);
  await app.connect(standIn.managementKey, standIn.baseUrl);
  await expect(app.syncStatus).toContainText('Syncing: 1,000 generations');
  standIn.faults.clear();
  // The last thing that a sync asks for is slow.
  const answer = await app.page.evaluate(() =>
    (globalThis as unknown as { whospent: Bridge }).whospent.listConnections({}),
  );
  await app.electron.evaluate(({ ipcMain }, value) => {
    ipcMain.removeHandler('listConnections');
    const slow = { asked: () => {}, letGo: () => {} };
    const asked = new Promise<void>((resolve) => {
      slow.asked = resolve;
    });
    const letGo = new Promise<void>((resolve) => {
      slow.letGo = resolve;
    });
    ipcMain.handle('listConnections', async () => {
      slow.asked();
      await letGo;
      return value;
    });
    Object.assign(globalThis, { slow: { asked, letGo: slow.letGo } });
  }, answer);
  await app.button('Stop').click();
  await app.electron.evaluate(() => (globalThis as unknown as { slow: Slow }).slow.asked);
  // Whatever it shows now has been drawn.
  await app.page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
  await expect(app.button('Sync')).toBeHidden();
  await app.electron.evaluate(() => (globalThis as unknown as { slow: Slow }).slow.letGo());
  await app.button('Sync').click();
  await app.synced();
});

interface Slow {
  readonly asked: Promise<void>;
  readonly letGo: () => void;
}

test('killed in the middle and started again, it loses nothing and counts nothing twice', async ({
  start,
  standIn,
  folder,
}) => {
  catchInTheMiddle(standIn);
  const app = await start();
  await app.connect(standIn.managementKey, standIn.baseUrl);
  await expect(app.syncStatus).toContainText('Syncing: 1,000 generations');
  app.electron.process().kill('SIGKILL');
  await app.closed();
  standIn.faults.clear();

  const again = await start();
  // Without a keychain the key was kept for the session only.
  await again.page.getByRole('navigation').getByRole('button', { name: 'Settings' }).click();
  await again.button('Add API key').click();
  await again.pullAll(standIn);
  await again.showUsers();
  const path = join(folder, 'users.csv');
  await again.export('Users table (CSV)', path);
  await expectUsersCsv(await readFile(path, 'utf8'), standIn);
});

test('a page of invalid JSON stops the pull in plain words, and keeps what was there', async ({
  app,
  standIn,
}) => {
  standIn.faults.next({
    path: '/generations',
    when: (url) => url.searchParams.get('offset') === '1000',
    times: Number.POSITIVE_INFINITY,
    status: 200,
    body: '{"data":[{"id":"gen-1',
  });
  await app.connect(standIn.managementKey, standIn.baseUrl);
  await expect(app.page.locator('[data-code=bad-answer]').first()).toBeVisible();
  await expect(app.rowsOf(app.users).first()).toBeVisible();
});

test('odd generations: taken, or rejected with a reason; nothing is executed', async ({
  app,
  standIn,
  folder,
}) => {
  const time = '2026-11-19T12:00:00.000Z';
  const one = (id: string, more: object) => ({
    id,
    created_at: time,
    total_cost: 0.001,
    is_byok: false,
    ...more,
  });
  const odd = [
    '<img src=x onerror="document.title=\'pwned\'">',
    'x'.repeat(10_000),
    'say "hi"\nagain,\r\nand again',
    '=1+1',
  ];
  odd.forEach((user, i) => {
    standIn.account.inject(one(`gen-1795089600-odd${i}`, { external_user: user }));
  });
  standIn.account.inject({ created_at: time, total_cost: 1 });
  standIn.account.inject(one('gen-1795089600-bad', { total_cost: 'a lot' }));
  standIn.account.inject(null);

  await app.pullAll(standIn);
  await app.page.getByRole('navigation').getByRole('button', { name: 'Imports & syncs' }).click();
  await app
    .button(/^Details of/)
    .first()
    .click();
  await expect(app.page.getByText('has no generation id').first()).toBeVisible();
  await expect(
    app.page.getByText('total_cost').or(app.page.getByText('cost_total is not an amount')).first(),
  ).toBeVisible();

  await app.showUsers();
  const path = join(folder, 'users.csv');
  await app.export('Users table (CSV)', path);
  const { data } = Papa.parse<{ user: string }>(await readFile(path, 'utf8'), { header: true });
  const users = data.map((row) => row.user);
  for (const user of odd) expect(users).toContain(user);
  await app.page.getByRole('searchbox').fill('<img');
  await app.openUser(odd[0]!);
  await expect(app.requests).toBeVisible();
  expect(await app.page.title()).not.toBe('pwned');
  expect(await app.page.locator('img[src="x"]').count()).toBe(0);
  expect(app.complaints).toEqual([]);
});

async function chat(standIn: StandIn, user: string): Promise<void> {
  const openai = new OpenAI({ apiKey: standIn.inferenceKey, baseURL: standIn.baseUrl });
  await openai.chat.completions.create({
    model: 'openai/gpt-4o-mini',
    messages: [{ role: 'user', content: 'Hello' }],
    user,
  });
}
