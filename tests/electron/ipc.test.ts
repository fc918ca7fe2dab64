import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { answer, type Calls, fromPage, serveCalls } from '../../electron/ipc.ts';
import { findPage } from '../../electron/page.ts';
import { AppFailure } from '../../shared/errors.ts';
import { CALLS } from '../../shared/ipc.ts';
import { CALL_NAMES } from '../../shared/ipc-names.ts';
import { NO_CHECKPOINT } from '../../shared/sync.ts';

vi.spyOn(console, 'error').mockImplementation(() => {});

describe('the contract', () => {
  it('is served whole and nothing else', () => {
    const served: string[] = [];
    serveCalls({ handle: (name) => void served.push(name) }, {} as Calls, () => true);
    expect(served.sort()).toEqual(Object.keys(CALLS).sort());
    expect([...CALL_NAMES].sort()).toEqual(Object.keys(CALLS).sort());
  });

  it('is not served to strangers', async () => {
    const handlers = new Map<string, Parameters<IpcMain['handle']>[1]>();
    const listConnections = vi.fn(() => []);
    serveCalls(
      { handle: (name, handler) => void handlers.set(name, handler) },
      { listConnections } as unknown as Calls,
      () => false,
    );
    expect(await handlers.get('listConnections')?.({} as IpcMainInvokeEvent, {})).toMatchObject({
      ok: false,
    });
    expect(listConnections).not.toHaveBeenCalled();
  });
});

describe('arguments', () => {
  it.each([
    ['appInfo', undefined],
    ['appInfo', { extra: 1 }],
    ['setTheme', { theme: 'pink' }],
    ['openLink', { link: 'https://evil.example' }],
    ['openLink', { link: '__proto__' }],
    ['addConnection', { key: 1, baseUrl: '' }],
    ['addConnection', { key: 'x'.repeat(1001), baseUrl: '' }],
    ['removeConnection', { connectionId: '' }],
    ['startSync', { connectionId: 'a' }],
    ['startSync', { connectionId: 'a', checkpoint: { ...NO_CHECKPOINT, version: 1 } }],
    ['startSync', { connectionId: 'a', checkpoint: NO_CHECKPOINT, fill: [{ from: 1 }] }],
    ['lookUpGenerations', { connectionId: 'a', ids: [] }],
    ['lookUpGenerations', { connectionId: 'a', ids: [''] }],
    ['setPreferences', { syncOnStart: true, syncEveryMinutes: -1 }],
    ['renameConnection', { connectionId: 'a', name: 'x'.repeat(101) }],
    [
      'startSync',
      {
        connectionId: 'a',
        checkpoint: {
          ...NO_CHECKPOINT,
          run: { source: 'generations', startedAt: 0, offset: -1, newest: null, oldest: null },
        },
      },
    ],
    ['batchStored', { delivery: 1, outcome: { stored: true } }],
    ['saveBegin', { suggestedName: 'x', kind: 'exe' }],
    ['saveWrite', { file: '1', data: '' }],
    ['saveWrite', { file: 1, data: [1, 2] }],
    ['printPdf', { html: '' }],
    ['copyText', { text: 1 }],
    ['saveWrite', null],
  ] as const)('of %s: %j is refused', async (name, raw) => {
    const call = vi.fn();
    expect(await answer(name, call as never, raw)).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(call).not.toHaveBeenCalled();
  });

  it('that are refused are not repeated', async () => {
    const secret = 'sk-or-v1-secret';
    const result = await answer('addConnection', vi.fn() as never, {
      key: secret,
      baseUrl: 1,
      [secret]: secret,
    });
    expect(JSON.stringify(result)).not.toContain('secret');
  });
});

describe('a result', () => {
  const list = (call: Calls['listConnections']) => answer('listConnections', call, {});

  it('is wrapped', async () => {
    expect(await list(() => [])).toEqual({ ok: true, value: [] });
  });

  it('may be an error for people', async () => {
    const error = { code: 'offline', title: 'T', meaning: 'M', action: 'A', detail: 'D' } as const;
    expect(await list(() => Promise.reject(new AppFailure(error)))).toEqual({ ok: false, error });
  });

  it('never shows a key of an unexpected error', async () => {
    const result = await list(() => {
      throw new Error('no header Bearer abc for sk-or-v1-secret');
    });
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'internal', detail: 'Error: no header Bearer … for sk-or-…' },
    });
  });
});

describe('a sender', () => {
  const webContents = {} as WebContents;
  const { owns } = findPage(undefined);
  const from = (event: unknown) => fromPage(event as IpcMainInvokeEvent, webContents, owns);
  const url = 'app://whospent/index.html';

  it('is trusted only as the top frame of our window with our page', () => {
    expect(from({ sender: webContents, senderFrame: { parent: null, url } })).toBe(true);
    expect(from({ sender: {}, senderFrame: { parent: null, url } })).toBe(false);
    expect(from({ sender: webContents, senderFrame: { parent: {}, url } })).toBe(false);
    expect(from({ sender: webContents, senderFrame: { parent: null, url: 'https://evil.example' } })).toBe(
      false,
    );
    expect(from({ sender: webContents, senderFrame: null })).toBe(false);
  });
});
