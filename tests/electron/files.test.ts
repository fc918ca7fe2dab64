import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFiles, safeName } from '../../electron/files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whospent-'));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

const files = () => createFiles(async (name) => join(folder, name));
async function begin(all = files(), name = 'users.csv') {
  const begun = await all.begin(name, 'csv');
  if (!begun) throw new Error('cancelled');
  return { all, file: begun.file };
}

describe('a saved file', () => {
  it('has its name only when it is whole', async () => {
    writeFileSync(join(folder, 'users.csv'), 'before');
    const { all, file } = await begin();
    await all.write(file, 'ä,1\n');
    expect(readFileSync(join(folder, 'users.csv'), 'utf8')).toBe('before');
    await all.write(file, 'b,2\n');
    expect(await all.end(file)).toEqual({ path: join(folder, 'users.csv') });
    expect(readFileSync(join(folder, 'users.csv'), 'utf8')).toBe('ä,1\nb,2\n');
    expect(readdirSync(folder)).toEqual(['users.csv']);
  });

  it('keeps the order of writes that nobody waited for', async () => {
    const { all, file } = await begin();
    const parts = Array.from({ length: 50 }, (_, i) => `${i}:${'x'.repeat(((i * 7919) % 100) * 1000)}\n`);
    await Promise.all(parts.map((part) => all.write(file, part)));
    await all.end(file);
    expect(readFileSync(join(folder, 'users.csv'), 'utf8')).toBe(parts.join(''));
  });

  it('takes bytes and text alike, and can be begun anew', async () => {
    const { all, file } = await begin();
    await all.write(file, 'half of it, longer than the whole\n');
    await all.rewind(file);
    await all.write(file, new TextEncoder().encode('日本,1\n'));
    await all.write(file, 'ä,2\n');
    await all.end(file);
    expect(readFileSync(join(folder, 'users.csv'), 'utf8')).toBe('日本,1\nä,2\n');
  });

  it('goes to where a link points', async () => {
    mkdirSync(join(folder, 'real'));
    writeFileSync(join(folder, 'real', 'file.csv'), 'before');
    symlinkSync(join(folder, 'real', 'file.csv'), join(folder, 'users.csv'));
    const { all, file } = await begin();
    await all.write(file, 'after');
    await all.end(file);
    expect(readFileSync(join(folder, 'real', 'file.csv'), 'utf8')).toBe('after');
  });

  it.skipIf(process.platform === 'win32')('keeps the permissions of the one it replaces', async () => {
    const path = join(folder, 'users.csv');
    writeFileSync(path, 'before');
    chmodSync(path, 0o600);
    const { all, file } = await begin();
    await all.end(file);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('leaves nothing behind when it is given up', async () => {
    writeFileSync(join(folder, 'users.csv'), 'before');
    const { all, file } = await begin();
    await all.write(file, 'a');
    await all.abort(file);
    await all.abort(file);
    expect(readdirSync(folder)).toEqual(['users.csv']);
    await expect(all.write(file, 'b')).rejects.toMatchObject({ error: { code: 'file-not-written' } });
  });

  it('leaves nothing behind when the app is closed', async () => {
    const { all, file } = await begin();
    await begin(all, 'generations.csv');
    await all.write(file, 'a');
    all.abortAll();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is thrown away with the others though one of them cannot be', async () => {
    const { all } = await begin();
    const [part] = readdirSync(folder) as [string];
    rmSync(join(folder, part));
    // A folder is not removed as a file is.
    mkdirSync(join(folder, part));
    await begin(all, 'generations.csv');
    expect(() => all.abortAll()).not.toThrow();
    expect(readdirSync(folder)).toEqual([part]);
  });

  it('is none when the reader cancels', async () => {
    expect(await createFiles(async () => null).begin('users.csv', 'csv')).toBeNull();
  });
});

describe('a file that cannot be saved', () => {
  it('because its folder is gone', async () => {
    const all = createFiles(async () => join(folder, 'gone', 'users.csv'));
    await expect(all.begin('users.csv', 'csv')).rejects.toMatchObject({
      error: { code: 'file-not-written', title: 'users.csv was not saved: its folder is gone.' },
    });
  });

  it('because a folder has its name', async () => {
    mkdirSync(join(folder, 'users.csv'));
    const { all, file } = await begin();
    await expect(all.end(file)).rejects.toMatchObject({
      error: { title: expect.stringContaining('a folder has that name') },
    });
    expect(readdirSync(folder)).toEqual(['users.csv']);
  });

  it('because its folder vanished meanwhile', async () => {
    mkdirSync(join(folder, 'usb'));
    const { all, file } = await begin(createFiles(async () => join(folder, 'usb', 'users.csv')));
    rmSync(join(folder, 'usb'), { recursive: true });
    await expect(all.end(file)).rejects.toMatchObject({
      error: { title: expect.stringContaining('its folder is gone') },
    });
  });

  it('says why, also where what is unfinished cannot be removed', async () => {
    const { all, file } = await begin();
    const [part] = readdirSync(folder) as [string];
    rmSync(join(folder, part));
    // A folder is not removed as a file is, and takes no file's place.
    mkdirSync(join(folder, part));
    writeFileSync(join(folder, 'users.csv'), 'before');
    await expect(all.end(file)).rejects.toMatchObject({
      error: {
        code: 'file-not-written',
        meaning: expect.stringContaining(`${part} could not be removed`),
        detail: expect.stringContaining('rename'),
      },
    });
    expect(readFileSync(join(folder, 'users.csv'), 'utf8')).toBe('before');
  });

  // Root may write anywhere.
  it.skipIf(process.getuid?.() === 0)('because it is not allowed', async () => {
    chmodSync(folder, 0o500);
    await expect(files().begin('users.csv', 'csv')).rejects.toMatchObject({
      error: { title: 'users.csv was not saved: you may not write there.' },
    });
  });
});

describe('a suggested name', () => {
  it.each([
    ['users.csv', 'users.csv'],
    ['../../etc/passwd', '-..-etc-passwd'],
    ['a\\b:c*d?e"f<g>h|i\n.csv', 'a-b-c-d-e-f-g-h-i-.csv'],
    ['...', 'whospent'],
    ['Nutzer 2026–08.csv', 'Nutzer 2026–08.csv'],
  ])('%j becomes %s', (name, safe) => {
    expect(safeName(name)).toBe(safe);
  });
});
