import { join } from 'node:path';
import { filesHolding } from './files-holding.ts';
import { expect, test } from './fixtures.ts';
import { startKeyring } from './keyring.ts';

test.skip(process.platform !== 'linux', 'Elsewhere the keychain is the reader’s own.');

test('a key in a real keychain survives a restart, is unreadable on disk, and is gone after “Remove”', async ({
  start,
  standIn,
  folder,
}) => {
  const keyring = await startKeyring(folder);
  try {
    const first = await start(keyring);
    await first.pullAll(standIn);
    await first.showSettings();
    await expect(first.page.getByText('gnome_libsecret')).toBeVisible();
    await first.close();
    expect(await filesHolding(folder, standIn.managementKey)).toEqual([]);

    // With its key it syncs by itself as soon as it runs.
    const asked = standIn.requests.length;
    const second = await start(keyring);
    await expect.poll(() => standIn.requests.slice(asked).some(({ key }) => key === 'management')).toBe(true);
    await second.synced();
    await second.showSettings();
    await second.button('Remove').click();
    await second.page
      .getByRole('alertdialog')
      .getByRole('button', { name: /^Remove/ })
      .click();
    await expect(second.page.getByText('No key is connected. With one')).toBeVisible();
    await second.close();

    const third = await start(keyring);
    await third.showSettings();
    await expect(third.page.getByText('No key is connected. With one')).toBeVisible();
    expect(await filesHolding(join(folder, 'profile'), standIn.managementKey)).toEqual([]);
  } finally {
    await keyring.stop();
  }
});

test('without a keychain a key lives for the session only, says so, and is never written', async ({
  app,
  start,
  standIn,
  folder,
}) => {
  await app.pullAll(standIn);
  await expect(app.page.getByText('this session', { exact: false }).first()).toBeVisible();
  const told = await app.page.getByRole('complementary', { name: 'Completeness' }).textContent();
  await app.close();
  expect(await filesHolding(join(folder, 'profile'), standIn.managementKey)).toEqual([]);
  const again = await start();
  // What was pulled is as complete as it was.
  await expect(again.page.getByRole('complementary', { name: 'Completeness' })).toHaveText(told ?? '');
  await expect(again.page.getByText('No key is connected: nothing new is pulled')).toBeVisible();
  await again.showSettings();
  await expect(again.page.getByText('No key is connected. With one')).toBeVisible();
});

test('the key is in no output of the app, whatever goes wrong', async ({ start, standIn }) => {
  const app = await start();
  const heard: string[] = [];
  app.electron.process().stdout?.on('data', (text) => heard.push(String(text)));
  app.electron.process().stderr?.on('data', (text) => heard.push(String(text)));
  app.page.on('console', (message) => heard.push(message.text()));
  const key = standIn.managementKey;
  // A server that repeats the key it is sent, in every way that may end in a message.
  for (const [status, body] of [
    [401, { error: { code: 401, message: `No such key: ${key}` } }],
    [500, `<html><title>${key}</title></html>`],
    [200, `{"data":{"label":"${key}"`],
    [400, { error: { message: `Bearer ${key}` } }],
  ] as const) {
    standIn.faults.next({ path: '/key', status, body, times: Number.POSITIVE_INFINITY });
    await app.connect(key, standIn.baseUrl);
    await expect(app.page.getByRole('alert')).toBeVisible();
    await expect(app.page.getByRole('alert')).not.toContainText(key);
    expect(await app.page.locator('body').textContent()).not.toContain(key);
    standIn.faults.clear();
  }
  await app.connect(key, standIn.baseUrl);
  await app.synced();
  await app.close();
  expect(heard.join('')).not.toContain(key);
  for (const { url } of standIn.requests) expect(url).not.toContain(key);
});
