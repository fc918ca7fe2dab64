import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { redact } from '../../electron/log.ts';
import { menuTemplate } from '../../electron/menu.ts';
import { isOnScreen } from '../../electron/screens.ts';
import { createSettings } from '../../electron/settings.ts';

describe('what is logged', () => {
  it.each([
    ['refused sk-or-v1-0123abc!', 'refused sk-or-…!'],
    ['{"Authorization":"Bearer abc.def"}', '{"Authorization":"Bearer …"}'],
    ['curl -H "Authorization: Bearer abc"', 'curl -H "Authorization: Bearer …"'],
    ['bearer x, Bearer y', 'bearer …, Bearer …'],
    ['nothing to hide', 'nothing to hide'],
  ])('%j becomes %j', (text, safe) => {
    expect(redact(text)).toBe(safe);
  });
});

describe('the window’s place', () => {
  const displays = [{ workArea: { x: 0, y: 25, width: 1920, height: 1055 } }];
  it.each([
    [{ x: 100, y: 100, width: 1440, height: 900 }, true],
    [{ x: -1300, y: 100, width: 1440, height: 900 }, true],
    [{ x: -1400, y: 100, width: 1440, height: 900 }, false],
    [{ x: 100, y: -500, width: 1440, height: 900 }, false],
    [{ x: 100, y: 1070, width: 1440, height: 900 }, false],
    [{ x: 2000, y: 100, width: 1440, height: 900 }, false],
  ])('%j is in reach: %s', (place, inReach) => {
    expect(isOnScreen(place, displays)).toBe(inReach);
  });
});

describe('the menu', () => {
  const template = (platform: NodeJS.Platform, development: boolean) =>
    menuTemplate({ platform, development, command: () => {}, openLink: () => {} }).flatMap(({ submenu }) =>
      Array.isArray(submenu) ? submenu : [],
    );

  it.each(['linux', 'darwin', 'win32'] as const)(
    'on %s has every command once, each shortcut once',
    (platform) => {
      const items = template(platform, false);
      expect(items.flatMap(({ id }) => id ?? []).sort()).toEqual(
        [
          'exportGenerations',
          'exportReport',
          'exportTable',
          'find',
          'openFiles',
          'settings',
          'shortcuts',
          'sync',
        ].sort(),
      );
      const shortcuts = items.flatMap(({ accelerator }) => accelerator ?? []);
      expect(new Set(shortcuts).size).toBe(shortcuts.length);
    },
  );

  it('leaves reloading and the tools to developers', () => {
    const roles = (development: boolean) => template('linux', development).map(({ role }) => role);
    expect(roles(false)).not.toContain('reload');
    expect(roles(false)).not.toContain('toggleDevTools');
    expect(roles(true)).toContain('reload');
    expect(template('linux', true).find(({ id }) => id === 'sync')?.accelerator).toBeUndefined();
  });
});

describe('the settings', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'whospent-'));
    vi.spyOn(console, 'error').mockImplementation(() => {});
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    vi.restoreAllMocks();
  });
  const preferences = { syncOnStart: true, syncEveryMinutes: 15 };
  const open = () => createSettings(join(folder, 'settings.json'));

  it('last until the next start', () => {
    open().change({ theme: 'dark' });
    open().change({ lastFolder: '/tmp' });
    open().change({ preferences: { syncOnStart: false, syncEveryMinutes: 0 } });
    expect(open().values).toEqual({
      theme: 'dark',
      window: null,
      lastFolder: '/tmp',
      preferences: { syncOnStart: false, syncEveryMinutes: 0 },
    });
    expect(readdirSync(folder)).toEqual(['settings.json']);
  });

  it('survive a part or a whole that cannot be read', () => {
    writeFileSync(join(folder, 'settings.json'), '{"theme":"pink","window":{"x":1},"lastFolder":"/tmp"}');
    expect(open().values).toEqual({ theme: 'system', window: null, lastFolder: '/tmp', preferences });
    writeFileSync(join(folder, 'settings.json'), 'garbage');
    expect(open().values).toEqual({ theme: 'system', window: null, lastFolder: null, preferences });
    expect(readdirSync(folder)).toEqual(['settings.json.unreadable']);
  });
});
