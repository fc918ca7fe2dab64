import { createServer } from 'node:net';
import { join } from 'node:path';
import type { App } from './app.ts';
import { filesHolding } from './files-holding.ts';
import { expect, test } from './fixtures.ts';

const problem = (app: App) => app.page.getByRole('alert');

test('a management key: its kind is explained, it is kept for the session where there is no keychain', async ({
  app,
  standIn,
  folder,
}) => {
  await app.pullAll(standIn);
  await expect(app.page.getByText('management key', { exact: false }).first()).toBeVisible();
  await app.page.getByRole('navigation').getByRole('button', { name: 'Settings' }).click();
  await expect(app.page.getByText('management key', { exact: false }).first()).toBeVisible();
  await expect(app.page.getByText('this session', { exact: false }).first()).toBeVisible();
  await app.close();
  expect(await filesHolding(join(folder, 'profile'), standIn.managementKey)).toEqual([]);
});

test('an inference key that may list generations is told apart', async ({ app, standIn }) => {
  await app.connect(standIn.inferenceKey, standIn.baseUrl);
  await app.synced();
  await app.page.getByRole('navigation').getByRole('button', { name: 'Settings' }).click();
  await expect(app.page.getByText('inference key', { exact: false }).first()).toBeVisible();
});

test('a key with spaces, quotes and “Bearer” around it is understood', async ({ app, standIn }) => {
  await app.connect(`  Bearer "${standIn.managementKey}" `, standIn.baseUrl);
  await app.synced();
});

test('a wrong key', async ({ app, standIn }) => {
  await app.connect('sk-or-v1-of-somebody-else', standIn.baseUrl);
  await expect(problem(app)).toContainText('does not accept this key');
  await expect(problem(app)).not.toContainText('somebody-else');
});

test('a key that may list nothing is told what it can do instead', async ({ app, standIn }) => {
  standIn.offer.generations = 404;
  await app.connect(standIn.inferenceKey, standIn.baseUrl);
  await expect(app.page.getByText('This key cannot list past generations')).toBeVisible();
  await expect(app.page.getByText('management key or drop the activity CSV')).toBeVisible();
  await expect(app.page.getByRole('dialog', { name: 'Look up ids' })).toBeVisible();
});

test('a key that may do nothing at all is the wrong one, and is not kept', async ({ app, standIn }) => {
  const refusal = {
    status: 403,
    body: { error: { code: 403, message: 'Forbidden' } },
    times: Number.POSITIVE_INFINITY,
  };
  for (const path of [/^\/generation/, /^\/analytics/]) standIn.faults.next({ path, ...refusal });
  standIn.faults.next({ path: '/key', ...refusal });
  await app.connect(standIn.managementKey, standIn.baseUrl);
  await expect(problem(app)).toBeVisible();
  await expect(problem(app)).toHaveAttribute('data-code', 'key-wrong-kind');
});

test('no network', async ({ app }) => {
  await app.connect('sk-or-v1-any', `http://127.0.0.1:${await closedPort()}/api/v1`);
  await expect(problem(app)).toContainText('cannot be reached');
});

test('a proxy’s HTML page', async ({ app, standIn }) => {
  standIn.faults.html('/key', 200);
  await app.connect(standIn.managementKey, standIn.baseUrl);
  await expect(problem(app)).toContainText('web page');
});

test('JSON cut in the middle', async ({ app, standIn }) => {
  standIn.faults.next({
    path: '/key',
    status: 200,
    body: '{"data":{"label":"sk',
    times: Number.POSITIVE_INFINITY,
  });
  await app.connect(standIn.managementKey, standIn.baseUrl);
  await expect(problem(app)).toBeVisible();
});

test.describe('the base URL', () => {
  for (const wrong of [
    'http://openrouter.ai/api/v1',
    'ftp://127.0.0.1/',
    'openrouter',
    'javascript:alert(1)',
  ]) {
    test(`${wrong} is refused: https, or http on this machine`, async ({ app, standIn }) => {
      await app.connect(standIn.managementKey, wrong);
      await expect(problem(app)).toContainText('https');
      expect(standIn.requests).toEqual([]);
    });
  }

  test('a slash at its end changes nothing', async ({ app, standIn }) => {
    await app.connect(standIn.managementKey, `${standIn.baseUrl}/`);
    await app.synced();
  });
});

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 1;
}
