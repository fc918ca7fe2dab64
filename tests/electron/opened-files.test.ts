import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createOpenedFiles } from '../../electron/opened-files.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whospent-opened-'));
  await writeFile(join(folder, 'a.csv'), 'a,b\n1,2\n');
  await writeFile(join(folder, 'B.CSV.GZ'), 'packed');
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await mkdir(join(folder, 'folder.csv'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('only activity files that are there are offered; the page is told no path', async () => {
  const told = vi.fn();
  const opened = createOpenedFiles(told);
  await opened.offer(
    ['/usr/bin/app', '--flag=x.csv', 'a.csv', 'secret.txt', 'folder.csv', 'gone.csv', 'B.CSV.GZ'],
    folder,
  );
  const files = opened.take();
  expect(files.map(({ name, size }) => [name, size])).toEqual([
    ['a.csv', 8],
    ['B.CSV.GZ', 6],
  ]);
  expect(JSON.stringify(files)).not.toContain(folder);
  expect(told).toHaveBeenCalledTimes(1);
  expect(opened.take()).toEqual([]);
  await opened.offer(['secret.txt'], folder);
  expect(told).toHaveBeenCalledTimes(1);
});

test('a token gives its bytes once; any other address gives nothing', async () => {
  const opened = createOpenedFiles(() => undefined);
  await opened.offer(['a.csv'], folder);
  const [file] = opened.take();
  const first = await opened.serve(file!.url);
  expect([first?.status, first?.headers.get('content-length')]).toEqual([200, '8']);
  expect(await first?.text()).toBe('a,b\n1,2\n');
  expect((await opened.serve(file!.url))?.status).toBe(404);
  expect((await opened.serve('app://whospent/opened/../../etc/passwd'))?.status).toBe(404);
  expect(opened.serve('app://whospent/index.html')).toBeUndefined();
  expect(opened.serve(`app://other/opened/${file!.url.split('/').at(-1)}`)).toBeUndefined();
});

test('a file that is gone by the time it is asked for is told as such', async () => {
  const opened = createOpenedFiles(() => undefined);
  await writeFile(join(folder, 'soon-gone.csv'), 'x');
  await opened.offer(['soon-gone.csv'], folder);
  await rm(join(folder, 'soon-gone.csv'));
  expect((await opened.serve(opened.take()[0]!.url))?.status).toBe(404);
});
