/** What is pressed while something else is under way is neither lost nor done to something else. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HEADERS, line } from '../fixtures/activity.ts';
import { type StandIn, startStandIn } from '../stand-in/server.ts';
import type { App } from './app.ts';
import { test as base, catchInTheMiddle, expect } from './fixtures.ts';
import { holdCalls, holdTable } from './hold.ts';

const test = base.extend<{ other: StandIn }>({
  /** A second account. */
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern.
  other: async ({}, use) => {
    const other = await startStandIn({ rows: 300, users: 10, seed: 99 });
    await use(other);
    await other.close();
  },
});

async function addKey(app: App, { managementKey, baseUrl }: StandIn): Promise<void> {
  await app.showSettings();
  await app.button('Add API key').click();
  await app.connect(managementKey, baseUrl);
}

/** Both accounts, pulled. */
async function pullBoth(app: App, one: StandIn, other: StandIn): Promise<void> {
  await app.pullAll(one);
  await addKey(app, other);
  await expect(app.page.getByText('1,500 requests').first()).toBeVisible();
  await app.synced();
  await app.dismissNotices();
}

/** The first account, caught in the middle of its pull, and the second waiting behind it. */
async function queueBoth(app: App, one: StandIn, other: StandIn): Promise<void> {
  catchInTheMiddle(one);
  await app.connect(one.managementKey, one.baseUrl);
  await expect(app.syncStatus).toContainText('Syncing: 1,000 generations');
  await addKey(app, other);
  await expect(app.page.getByText(/^Connected:/)).toHaveCount(2);
  other.faults.next({ path: '/generations', hang: true, times: Number.POSITIVE_INFINITY });
}

const choose = (app: App, item: string) =>
  app.electron.evaluate(({ Menu }, id) => Menu.getApplicationMenu()?.getMenuItemById(id)?.click(), item);

/** Requests for pages of the list of generations. */
const pulls = ({ requests }: StandIn) => requests.filter(({ url }) => url.includes('/generations?')).length;
/** Requests for single generations. */
const lookedUp = ({ requests }: StandIn) =>
  requests.filter(({ url }) => url.includes('/generation?id=')).length;

async function writeCsv(folder: string, users: readonly string[]): Promise<string> {
  const path = join(folder, 'mine.csv');
  const rows = users.map((user, n) => line('Sep 2026', { n, user, cost_total: '1' }));
  await writeFile(path, [HEADERS['Sep 2026'], ...rows, ''].join('\n'));
  return path;
}

test('Stop holds for those that wait, too', async ({ app, standIn, other }) => {
  await queueBoth(app, standIn, other);
  const before = pulls(other);
  await app.button('Stop').first().click();
  await expect(app.syncStatus).toContainText('Stopped after 1,000 generations');
  await expect(app.button('Sync').first()).toBeVisible();
  expect(pulls(other)).toBe(before);
});

test('a connection is removed while others wait to be pulled', async ({ app, standIn, other }) => {
  await queueBoth(app, standIn, other);
  await app.showSettings();
  await app.button('Remove').first().click();
  const question = app.page.getByRole('alertdialog');
  await question.getByRole('button', { name: 'Remove connection' }).click();
  await expect(app.button('Remove')).toHaveCount(1);
});

test('Sync is of all connections, whichever is being pulled', async ({ app, standIn, other }) => {
  await pullBoth(app, standIn, other);
  await app.showSettings();
  const before = pulls(standIn);
  other.faults.next({ path: '/generations', hang: true });
  await app.page
    .locator('[data-connection]')
    .last()
    .getByRole('button', { name: 'Sync', exact: true })
    .click();
  await expect.poll(() => other.faults.hanging).toBe(1);
  await choose(app, 'sync');
  other.faults.clear();
  await expect.poll(() => pulls(standIn)).toBeGreaterThan(before);
});

test('a connection whose state cannot be read has failed, and the round ends', async ({
  app,
  standIn,
  other,
}) => {
  await pullBoth(app, standIn, other);
  await app.page.evaluate(() => {
    const { postMessage } = Worker.prototype;
    let asked = 0;
    // The first is asked of the connection that is pulled first.
    Worker.prototype.postMessage = function (this: Worker, message: { path?: string[] }, ...more: unknown[]) {
      const fails = message.path?.[0] === 'checkpoint' && ++asked > 1;
      Reflect.apply(postMessage, this, [
        fails ? { ...message, path: ['nothing', 'there'] } : message,
        ...more,
      ]);
    };
  });
  await app.button('Sync').first().click();
  await expect(app.button('Sync again').first()).toBeVisible();
  await expect(app.button('Sync').first()).toBeVisible();
});

test('the menu’s Sync leaves the sample alone where nothing is connected', async ({ app }) => {
  await app.openSample();
  await choose(app, 'sync');
  await choose(app, 'settings');
  await expect(app.heading('Settings')).toBeVisible();
  await expect(app.page.getByText('Sample data — not your account')).toBeVisible();
});

test('a file that comes while the sample is opened goes to the reader’s own data', async ({
  app,
  folder,
}) => {
  const path = await writeCsv(folder, ['ann']);
  const letGo = await holdCalls(app.page, 'open');
  await app.button('Look at sample data').click();
  await app.page.getByTestId('files').setInputFiles([path]);
  await app.importDialog.waitFor();
  await letGo();
  await app.importDialog.getByRole('button', { name: 'Import', exact: true }).click();
  await app.button('Done').click();
  await expect(app.userRow('ann')).toBeVisible();
  await expect(app.page.getByText('1 request', { exact: true })).toBeVisible();
  await expect(app.page.getByText('Sample data — not your account')).toBeHidden();
});

test('a look-up is stopped between two hundreds of ids', async ({ app, standIn }) => {
  standIn.offer.generations = 404;
  standIn.offer.analytics = 404;
  const ids = Array.from({ length: 250 }, (_, i) => standIn.account.generation(i).api.id);
  await app.connect(standIn.inferenceKey, standIn.baseUrl);
  await app.page.getByRole('textbox', { name: /^Ids/ }).fill(ids.join('\n'));
  standIn.faults.next({
    path: '/generation',
    when: ({ searchParams }) => searchParams.get('id') === ids[99],
    late: true,
  });
  const before = lookedUp(standIn);
  await app.button(/^Look up [\d,]+ ids$/).click();
  await expect.poll(() => standIn.faults.hanging).toBe(1);
  const letGo = await holdCalls(app.page, 'nextLookUps');
  standIn.faults.clear();
  const dialog = app.page.getByRole('dialog', { name: 'Looking up ids' });
  await expect(dialog).toContainText('100 of 250 ids looked up');
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await letGo();
  await expect(app.page.getByText('Stopped: 100 generations found')).toBeVisible();
  expect(lookedUp(standIn) - before).toBe(100);
});

test('a look-up that waits is stopped at once, and the sync before it goes on', async ({ app, standIn }) => {
  catchInTheMiddle(standIn);
  await app.connect(standIn.managementKey, standIn.baseUrl);
  await expect(app.syncStatus).toContainText('Syncing: 1,000 generations');
  await app.showSettings();
  await app.button('Look up ids').first().click();
  await app.page.getByRole('textbox', { name: /^Ids/ }).fill(standIn.account.generation(1150).api.id);
  await app.button('Look up 1 id').click();
  const dialog = app.page.getByRole('dialog', { name: 'Looking up ids' });
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await expect(app.page.getByText('Stopped: 0 generations found')).toBeVisible();
  await app.button('Done').click();
  await expect(app.syncStatus).toContainText('Syncing: 1,000 generations');
  expect(lookedUp(standIn)).toBeLessThan(2);
});

test('while ids are queued, nothing else can be done with them', async ({ app, standIn }) => {
  standIn.offer.generations = 404;
  standIn.offer.analytics = 404;
  await app.connect(standIn.inferenceKey, standIn.baseUrl);
  const text = app.page.getByRole('textbox', { name: /^Ids/ });
  await text.fill(standIn.account.generation(0).api.id);
  const letGo = await holdTable(app.page, 'lookUps');
  await app.button('Look up 1 id').click();
  await expect(app.button('Look up 1 id')).toBeDisabled();
  await expect(app.button('Cancel')).toBeDisabled();
  await expect(text).toBeDisabled();
  await letGo();
  await expect(app.page.getByText('1 generation found')).toBeVisible();
});

for (const what of ['all data', 'its connection and data'] as const) {
  test(`details that come after ${what} went bring nothing back`, async ({ app, standIn }) => {
    await app.pullAll(standIn);
    await app.rowsOf(app.users).first().click();
    standIn.faults.next({ path: '/generation', late: true });
    await app.rowsOf(app.requests).first().click();
    await expect.poll(() => standIn.faults.hanging).toBe(1);
    await app.page.getByRole('dialog', { name: 'Request' }).getByRole('button', { name: 'Close' }).click();
    await app.page.getByRole('navigation').getByRole('button', { name: 'Settings' }).click();
    const question = app.page.getByRole('alertdialog');
    if (what === 'all data') {
      await app.button('Delete all data').click();
      await question.getByRole('button', { name: 'Delete all data' }).click();
      await app.page.getByText('All data deleted').waitFor();
    } else {
      await app.button('Remove').last().click();
      await question.getByText(/^Also delete the/).click();
      await question.getByRole('button', { name: 'Remove connection and data' }).click();
      await app.page.getByText(/removed$/).waitFor();
    }
    standIn.faults.clear();
    await importOne(app, standIn);
    await expect(app.page.getByText('1 request', { exact: true })).toBeVisible();
  });
}

/** A change that comes after all that was asked before. */
async function importOne(app: App, { faults }: StandIn): Promise<void> {
  await expect.poll(() => faults.hanging).toBe(0);
  await app.page.getByTestId('files').setInputFiles([
    {
      name: 'one.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(
        `${HEADERS['Sep 2026']}\n${line('Sep 2026', { n: 1, user: 'ann', cost_total: '1' })}\n`,
      ),
    },
  ]);
  await app.importDialog.getByRole('button', { name: 'Import', exact: true }).click();
  await app.button('Done').click();
}

test('a key that is being tried is seen through to its end', async ({ app, standIn, other }) => {
  await app.pullAll(standIn);
  await app.dismissNotices();
  other.faults.next({ path: '/key', late: true });
  await app.showSettings();
  await app.button('Add API key').click();
  await app.connect('sk-or-v1-wrong', other.baseUrl);
  await expect.poll(() => other.faults.hanging).toBe(1);
  const dialog = app.page.getByRole('dialog', { name: 'Add API key' });
  await app.page.keyboard.press('Escape');
  await expect(dialog.getByRole('button', { name: 'Close' })).toBeHidden();
  other.faults.clear();
  await expect(dialog.getByRole('alert')).toBeVisible();
  await app.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('older days are offered only where somebody can pull them', async ({ app, standIn }) => {
  catchInTheMiddle(standIn);
  await app.connect(standIn.managementKey, standIn.baseUrl);
  await expect(app.syncStatus).toContainText('Syncing: 1,000 generations');
  await app.button('Stop').click();
  await app.button('Coverage').first().click();
  await expect(app.button('Go on')).toBeVisible();
  await app.showSettings();
  await app.button('Remove').first().click();
  await app.page.getByRole('alertdialog').getByRole('button', { name: 'Remove connection' }).click();
  await app.page.getByText(/removed$/).waitFor();
  await app.button('Coverage').first().click();
  await expect(app.page.getByText(/is not pulled yet. Connect with a key to pull it.$/)).toBeVisible();
  await expect(app.button('Go on')).toBeHidden();
});

test('an import is undone once', async ({ app, folder }) => {
  await app.importFiles([await writeCsv(folder, ['ann', 'bob'])]);
  await app.button('Done').click();
  await app.button('Imports & syncs').first().click();
  const letGo = await holdTable(app.page, 'rejections');
  await app.button(/^Undo import of/).click();
  await app.page.getByRole('alertdialog').getByRole('button', { name: 'Undo import' }).click();
  await expect(app.button(/^Undo import of/)).toBeDisabled();
  await letGo();
  await expect(app.page.getByText('2 requests removed')).toBeVisible();
});
