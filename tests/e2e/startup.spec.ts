import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { App } from './app.ts';
import { expect, test } from './fixtures.ts';

test('a store that cannot be opened is told, with a next step, not a white window', async ({
  folder,
  start,
}) => {
  const profile = join(folder, 'profile');
  await mkdir(profile);
  // Where the databases' folder should be.
  await writeFile(join(profile, 'IndexedDB'), 'not a folder');
  const app = await start();
  await expect(app.heading('Whospent cannot open its data')).toBeVisible();
  await expect(app.page.getByRole('alert')).toContainText('try again');
  await expect(app.button('Try again')).toBeVisible();
});

test('broken settings and connections do not keep the app from starting', async ({ folder }) => {
  const profile = join(folder, 'profile');
  await mkdir(profile);
  await writeFile(join(profile, 'settings.json'), '{"theme": "pin');
  await writeFile(join(profile, 'connections.json'), '[]');
  const app = await App.launch({ profile });
  await expect(app.button('Connect')).toBeVisible();
  await app.close();
});

test('a missing page is told', async ({ folder }) => {
  await rm(join(folder, 'nothing'), { force: true });
  const app = await App.launch({ profile: join(folder, 'profile') });
  await app.electron.evaluate(({ dialog }) => {
    const told: string[] = [];
    (globalThis as unknown as { told: string[] }).told = told;
    dialog.showMessageBox = ((...args: unknown[]) => {
      told.push(JSON.stringify(args.at(-1)));
      return new Promise(() => undefined);
    }) as typeof dialog.showMessageBox;
  });
  await app.electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]
      ?.webContents.loadURL('app://whospent/missing.html')
      .catch(() => undefined);
  });
  await expect
    .poll(() => app.electron.evaluate(() => (globalThis as unknown as { told: string[] }).told.join()))
    .toContain('could not be loaded');
  await app.close();
});
