import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createConnections } from '../../electron/connections.ts';
import { createKeychain, type SafeStorage } from '../../electron/keychain.ts';
import { listGenerations } from '../../electron/openrouter/generations.ts';
import { type StandIn, startStandIn } from '../stand-in/server.ts';

let standIn: StandIn;
let folder: string;
let path: string;
beforeAll(async () => {
  standIn = await startStandIn({ rows: 10 });
});
afterAll(() => standIn.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whospent-'));
  path = join(folder, 'connections.json');
  standIn.offer.generations = true;
});
afterEach(() => {
  standIn.faults.clear();
  rmSync(folder, { recursive: true });
});

/** Turns bytes around instead of encrypting them. */
const safeStorage = (
  state: { available?: boolean; backend?: string; locked?: boolean } = {},
): SafeStorage => ({
  isEncryptionAvailable: () => state.available ?? true,
  getSelectedStorageBackend: () => state.backend ?? 'gnome_libsecret',
  encryptString: (text) => Buffer.from(text).reverse(),
  decryptString: (blob) => {
    if (state.locked) throw new Error('Error while decrypting the ciphertext provided to safeStorage.');
    return Buffer.from(blob).reverse().toString();
  },
});

const open = (storage = safeStorage()) =>
  createConnections({ path, keychain: createKeychain(storage, 'linux'), fetch, now: () => 1000 });
const management = () => ({ key: standIn.managementKey, baseUrl: standIn.baseUrl });
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'added',
    (thrown) => thrown.error.code,
  );

describe('the keychain', () => {
  it.each([
    ['linux', {}, { usable: true, backend: 'gnome_libsecret' }],
    ['linux', { backend: 'basic_text' }, { usable: false }],
    ['linux', { backend: 'unknown' }, { usable: false }],
    ['linux', { available: false }, { usable: false }],
    ['darwin', { backend: 'basic_text' }, { usable: true, backend: 'Keychain' }],
    ['win32', { available: false }, { usable: false }],
  ] as const)('on %s with %j', (platform, state, expected) => {
    expect(createKeychain(safeStorage(state), platform).state()).toMatchObject(expected);
  });
});

describe('adding a key', () => {
  it('keeps it encrypted, for this user only, and never in the clear', async () => {
    const added = await open().add({
      key: `  "Bearer ${standIn.managementKey}"\n`,
      baseUrl: `${standIn.baseUrl}/`,
    });
    expect(added).toMatchObject({
      kind: 'management',
      baseUrl: standIn.baseUrl,
      keyKept: 'keychain',
      addedAt: 1000,
    });
    expect(JSON.stringify(added)).not.toContain(standIn.managementKey);
    expect(readFileSync(path, 'utf8')).not.toContain(standIn.managementKey);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['connections.json']);
  });

  it('lasts until the next start', async () => {
    const added = await open().add(management());
    const again = open();
    expect(again.list()).toEqual([added]);
    expect(await listGenerations(again.client(added.id), { offset: 0 })).toHaveLength(10);
  });

  it('twice is one connection, also after it was removed', async () => {
    const connections = open();
    const first = await connections.add(management());
    expect((await connections.add(management())).id).toBe(first.id);
    expect(connections.list()).toHaveLength(1);
    connections.remove(first.id);
    expect(connections.list()).toEqual([]);
    expect((await open().add(management())).id).toBe(first.id);
  });

  it('of another kind is another connection', async () => {
    const connections = open();
    await connections.add(management());
    await connections.add({ ...management(), key: standIn.inferenceKey });
    expect(connections.list().map(({ kind }) => kind)).toEqual(['management', 'inference']);
  });

  it.each([{ available: false }, { backend: 'basic_text' }])(
    'without a keychain (%j) is for this session',
    async (state) => {
      const connections = open(safeStorage(state));
      const added = await connections.add(management());
      expect(added.keyKept).toBe('session');
      expect(await listGenerations(connections.client(added.id), { offset: 0 })).toHaveLength(10);
      expect(JSON.parse(readFileSync(path, 'utf8')).connections).toEqual([]);
      expect(open(safeStorage(state)).list()).toEqual([]);
    },
  );

  it('shows no label that holds the key', async () => {
    standIn.faults.next({
      path: '/key',
      status: 200,
      body: { data: { label: `my ${standIn.managementKey}` } },
    });
    const { label } = await open().add(management());
    expect(label).toMatch(/^sk-or-v1-…\w{3}$/);
  });
});

describe('a key that cannot be used', () => {
  it.each([
    ['management', 'inference', /neither send requests nor/],
    ['inference', 'management', /cannot show who spent what/],
  ] as const)(
    'a %s key where only %s keys may list is explained, and not stored',
    async (kind, offered, words) => {
      standIn.offer.generations = offered;
      const key = kind === 'management' ? standIn.managementKey : standIn.inferenceKey;
      const connections = open();
      await expect(connections.add({ ...management(), key })).rejects.toMatchObject({
        error: { code: 'key-wrong-kind', meaning: expect.stringMatching(words) },
      });
      expect(connections.list()).toEqual([]);
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it.each([404, 405] as const)('%i is not offered', async (status) => {
    standIn.offer.generations = status;
    expect(await codeOf(open().add(management()))).toBe('generations-not-offered');
  });

  it('is refused at once, before anything is sent', async () => {
    const before = standIn.requests.length;
    expect(await codeOf(open().add({ ...management(), key: ' ' }))).toBe('key-empty');
    expect(await codeOf(open().add({ ...management(), baseUrl: 'http://example.com' }))).toBe(
      'base-url-invalid',
    );
    expect(standIn.requests.length).toBe(before);
  });

  it('that nobody knows is refused', async () => {
    expect(await codeOf(open().add({ ...management(), key: 'sk-or-v1-unknown' }))).toBe('key-refused');
  });

  it('says so when the keychain is locked', async () => {
    const { id } = await open().add(management());
    const connections = open(safeStorage({ locked: true }));
    expect(connections.list()).toHaveLength(1);
    expect(() => connections.client(id)).toThrow(/keychain/);
  });
});

describe('a file that cannot be read', () => {
  it('is put aside, not overwritten', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    writeFileSync(path, '{"version":1,');
    const connections = open();
    expect(connections.list()).toEqual([]);
    await connections.add(management());
    expect(readdirSync(folder).sort()).toEqual(['connections.json', 'connections.json.unreadable']);
  });
});
