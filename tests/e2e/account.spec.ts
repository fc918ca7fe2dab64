/** What the app knows of an account beyond its users: coverage, reconciliation, single generations, several keys. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAccount } from '../../shared/sample/account.ts';
import { HEADERS, line } from '../fixtures/activity.ts';
import { startStandIn } from '../stand-in/server.ts';
import type { App } from './app.ts';
import { catchInTheMiddle, expect, test } from './fixtures.ts';
import { expectUsersCsv } from './truth.ts';

test('coverage: days that were pulled whole, days from a file, and days that nobody pulled', async ({
  app,
  standIn,
  folder,
}) => {
  await app.pullAll(standIn);
  const file = join(folder, 'old.csv');
  const old = line('Sep 2026', {
    n: 1,
    created_at: '2026-08-03 12:00:00.000',
    user: 'early',
    cost_total: '0.25',
  });
  await writeFile(file, `${HEADERS['Sep 2026']}\n${old}\n`);
  await app.importFiles([file]);
  await app.button('Done').click();
  await app.button('Coverage').first().click();
  const day = (name: RegExp) => app.page.getByRole('gridcell', { name });
  await expect(day(/^2026-11-10: complete, \d+ requests?, \$/)).toBeVisible();
  await expect(day(/^2026-08-03: .*file.*1 request, \$0\.25/)).toBeVisible();
  await expect(day(/^2026-08-20: beyond/)).toBeVisible();
});

test('totals that rest on partial days say so, and the missing days can be pulled', async ({
  app,
  standIn,
}) => {
  catchInTheMiddle(standIn);
  await app.connect(standIn.managementKey, standIn.baseUrl);
  await expect(app.syncStatus).toContainText('Syncing: 1,000 generations');
  await app.button('Stop').click();
  await expect(app.syncStatus).toContainText('Stopped after');
  await expect(app.page.getByText(/days? (is|are) not complete/).first()).toBeVisible();
  standIn.faults.clear();
  await app.button('Sync').click();
  await app.synced();
  await app.button('Coverage').first().click();
  await expect(app.page.getByRole('gridcell', { name: /^2026-10-15: complete/ })).toBeVisible();
});

test('reconciliation ties with what OpenRouter adds up, and says where it does not', async ({
  app,
  standIn,
}) => {
  await app.pullAll(standIn);
  await app.button('Reconciliation').first().click();
  await expect(app.page.getByText(/^All 30 days tie with OpenRouter/)).toBeVisible();
  await expect(app.page.getByText('Credits bought')).toBeVisible();

  // OpenRouter counts more than the list of generations ever gave.
  const body = {
    data: [
      {
        date: '2026-11-10',
        model: 'a/b',
        model_permaslug: 'a/b',
        endpoint_id: 'e',
        provider_name: 'P',
        usage: 5,
        byok_usage_inference: 0,
        requests: 3,
        prompt_tokens: 1,
        completion_tokens: 1,
        reasoning_tokens: 0,
      },
    ],
  };
  standIn.faults.next({ path: '/activity', status: 200, body, times: Number.POSITIVE_INFINITY });
  await app.button('Ask again').click();
  await expect(app.page.getByText(/^All 30 days tie/)).toBeHidden();
  await expect(app.page.getByText('$5.0000').first()).toBeVisible();
});

test('a request is opened whole; its prompt is shown on request and kept nowhere', async ({
  app,
  standIn,
}) => {
  await app.pullAll(standIn);
  await app.rowsOf(app.users).first().waitFor();
  await app.users.focus();
  await app.page.keyboard.press('Enter');
  await app.rowsOf(app.requests).first().click();
  const panel = app.page.getByRole('dialog', { name: 'Request' });
  await expect(panel.getByText('Brought up to date with what OpenRouter knows')).toBeVisible();
  const asked = standIn.requests.filter(({ url }) => url.includes('/generation/content')).length;
  expect(asked).toBe(0);
  await panel.getByRole('button', { name: 'Show prompt and completion' }).click();
  await expect
    .poll(() => standIn.requests.filter(({ url }) => url.includes('/generation/content')).length)
    .toBe(1);
  await expect(panel.getByText('Prompt', { exact: true }).first()).toBeVisible();
});

test('two accounts side by side, apart, and one of them removed with its data', async ({
  app,
  standIn,
  folder,
}) => {
  const other = await startStandIn({ rows: 300, users: 10, seed: 99 });
  try {
    await app.pullAll(standIn);
    await app.dismissNotices();
    await app.showSettings();
    await app.button('Add API key').click();
    await app.connect(other.managementKey, other.baseUrl);
    await expect(app.page.getByText('1,500 requests').first()).toBeVisible();
    await app.dismissNotices();

    await app.showSettings();
    await app.button('Remove').last().click();
    const question = app.page.getByRole('alertdialog');
    await question.getByText(/^Also delete the 300 generations/).click();
    await question.getByRole('button', { name: 'Remove connection and data' }).click();
    await expect(app.page.getByText('1,200 requests').first()).toBeVisible();
    await app.showUsers();
    const path = join(folder, 'users.csv');
    await app.export('Users table (CSV)', path);
    await expectUsersCsv(await readFile(path, 'utf8'), standIn);
  } finally {
    await other.close();
  }
});

test('ids are looked up from any text, and gone on with after a restart', async ({ app, start, standIn }) => {
  standIn.offer.generations = 404;
  standIn.offer.analytics = 404;
  const ids = Array.from({ length: 250 }, (_, i) => standIn.account.generation(i).api.id);
  // The second hundred never comes.
  const stuck = ids[150] ?? '';
  standIn.faults.next({
    path: '/generation',
    when: (url) => url.searchParams.get('id') === stuck,
    hang: true,
  });
  await app.connect(standIn.inferenceKey, standIn.baseUrl);
  await app.page
    .getByRole('textbox', { name: /^Ids/ })
    .fill(`${ids.map((id) => `{"answer":{"id":"${id}"}}`).join('\n')}\ngen-1-unknown`);
  await app.button(/^Look up [\d,]+ ids$/).click();
  await expect.poll(() => standIn.requests.some(({ url }) => url.includes(stuck))).toBe(true);
  app.electron.process().kill('SIGKILL');
  await app.closed();
  standIn.faults.clear();

  const again = await start();
  await again.showSettings();
  await again.button('Add API key').click();
  await again.connect(standIn.inferenceKey, standIn.baseUrl);
  await again.button('Continue').last().click();
  await expect(again.page.getByText(/^\d+ generations found/)).toBeVisible({ timeout: 60_000 });
  await again.button('Done').click();
  await expect(again.page.getByText('250 requests').first()).toBeVisible();
});

test('a key that was revoked is told, not asked again by itself, and what was pulled stays', async ({
  app,
  standIn,
}) => {
  await app.pullAll(standIn);
  for (const path of ['/generations', '/key']) {
    standIn.faults.next({ path, status: 401, times: Number.POSITIVE_INFINITY });
  }
  await app.button('Sync').click();
  await expect(app.page.locator('[data-code=key-refused]').first()).toBeVisible();
  await app.showUsers();
  await expect(app.page.getByText('1,200 requests').first()).toBeVisible();
});

/** The page's clock in the test's hands; main keeps the key of this session while the page is loaded anew. */
async function holdClock(app: App): Promise<void> {
  await app.page.clock.install();
  await app.page.reload();
  await expect(app.page.getByText(/^Next at \d\d:\d\d/)).toBeVisible();
  await app.synced();
}

test('syncs again by itself when its time has come', async ({ app, standIn }) => {
  await app.pullAll(standIn);
  await holdClock(app);
  const asked = standIn.requests.length;
  await app.page.clock.fastForward('16:00');
  await expect.poll(() => standIn.requests.length).toBeGreaterThan(asked);
  await app.synced();
});

test('a computer that slept does on waking what was due meanwhile', async ({ app, standIn }) => {
  await app.pullAll(standIn);
  await holdClock(app);
  const asked = standIn.requests.length;
  // Time passes, but as in sleep no timer fires.
  await app.page.clock.setFixedTime(Date.now() + 20 * 60_000);
  await app.electron.evaluate(({ powerMonitor }) => void powerMonitor.emit('resume'));
  await expect.poll(() => standIn.requests.length).toBeGreaterThan(asked);
});

test('a hole between two syncs is offered for filling, and filled', async ({ app }) => {
  const before = Date.UTC(2026, 10, 10);
  let now = before;
  const standIn = await startStandIn({ rows: 1200, users: 30, seed: 7, endTime: before, now: () => now });
  try {
    await app.pullAll(standIn);
    now = Date.UTC(2026, 10, 15);
    const later = createAccount({ seed: 8, rows: 24_000, users: 20, endTime: now });
    for (let i = 0; later.createdMs(i) > before; i++) standIn.account.add(later.generation(i));
    catchInTheMiddle(standIn);
    await app.button('Sync').click();
    await expect(app.syncStatus).toContainText('Syncing: 1,000 generations');
    await app.button('Stop').click();
    await expect(app.syncStatus).toContainText('Stopped after');
    standIn.faults.clear();

    await app.button('Coverage').first().click();
    const day = app.page.getByRole('gridcell', { name: /^2026-11-11: complete/ });
    await expect(day).toBeHidden();
    await app.button('Fill missing days').click();
    await expect(day).toBeVisible();
  } finally {
    await standIn.close();
  }
});

test('what is deleted because it is old stays away through later syncs', async ({ app }) => {
  const end = Date.now();
  const standIn = await startStandIn({ rows: 1200, users: 30, seed: 7, endTime: end });
  try {
    await app.pullAll(standIn);
    await app.showSettings();
    await app.button('Delete old requests').click();
    const dialog = app.page.getByRole('alertdialog', { name: 'Delete old requests?' });
    await dialog.getByText('1 month', { exact: true }).click();
    await dialog.getByRole('button', { name: /^Delete [\d,]+ requests?$/ }).click();
    await app.page.getByText(/^[\d,]+ requests? deleted$/).waitFor();
    const left = app.page.getByRole('navigation').getByText(/^[\d,]+ requests$/);
    await expect(left).not.toHaveText('1,200 requests');
    const before = await left.textContent();
    await app.showUsers();
    const asked = standIn.requests.length;
    await app.button('Sync').click();
    await expect.poll(() => standIn.requests.length).toBeGreaterThan(asked);
    await app.synced();
    await expect(left).toHaveText(before as string);
  } finally {
    await standIn.close();
  }
});
