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
  standIn.offer.analytics = true;
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
    expect(await listGenerations(again.api(added.id).client, { offset: 0 })).toHaveLength(10);
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
      expect(await listGenerations(connections.api(added.id).client, { offset: 0 })).toHaveLength(10);
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

describe('what a key can be asked for', () => {
  it.each([
    ['management', true, true, ['generations', 'analytics', 'ids']],
    ['management', 404, true, ['analytics', 'ids']],
    ['management', 'inference', true, ['analytics', 'ids']],
    ['management', 405, 404, ['ids']],
    ['inference', true, true, ['generations', 'ids']],
    ['inference', 404, true, ['ids']],
    ['inference', 'management', true, ['ids']],
  ] as const)(
    'by a %s key where the list is %s and analytics are %s',
    async (kind, list, analytics, sources) => {
      standIn.offer.generations = list;
      standIn.offer.analytics = analytics;
      const key = kind === 'management' ? standIn.managementKey : standIn.inferenceKey;
      const added = await open().add({ ...management(), key });
      expect(added.sources).toEqual(sources);
      expect(open().list()).toEqual([added]);
    },
  );

  it('is found out again, and remembered', async () => {
    const connections = open();
    const { id } = await connections.add(management());
    connections.learn(id, ['ids']);
    connections.learn('nobody', ['ids']);
    expect(open().list()[0]?.sources).toEqual(['ids']);
  });

  it('of a list that answers 401 while the key is fine is the rest', async () => {
    standIn.faults.next({ path: '/generations', status: 401 });
    expect((await open().add(management())).sources).toEqual(['analytics', 'ids']);
  });

  it('of the first version’s file is the list', async () => {
    await open().add(management());
    const stored = JSON.parse(readFileSync(path, 'utf8'));
    delete stored.connections[0].sources;
    writeFileSync(path, JSON.stringify(stored));
    expect(open().list()[0]?.sources).toEqual(['generations', 'ids']);
  });

  it('counts against the limit of the pull that follows', async () => {
    standIn.offer.generations = 404;
    const connections = open();
    const { id } = await connections.add(management());
    const { limiter } = connections.api(id);
    expect(limiter).toBe(connections.api(id).limiter);
  });
});

describe('a name', () => {
  it('of the reader’s own lasts, also when the key is added again, until it is taken away', async () => {
    const connections = open();
    const { id, label } = await connections.add(management());
    connections.rename(id, '  Production ');
    await connections.add(management());
    expect(open().list()[0]?.label).toBe('Production');
    connections.rename(id, ' ');
    expect(open().list()[0]?.label).toBe(label);
  });
});

describe('a key that cannot be used', () => {
  it.each([
    ['management', /no single generations/],
    ['inference', /cannot show who spent what/],
  ] as const)('a %s key that may do nothing is explained, and not stored', async (kind, words) => {
    standIn.offer.generations = 404;
    standIn.offer.analytics = 404;
    standIn.faults.next({ path: '/generation', status: 403 });
    const key = kind === 'management' ? standIn.managementKey : standIn.inferenceKey;
    const connections = open();
    await expect(connections.add({ ...management(), key })).rejects.toMatchObject({
      error: { code: 'key-wrong-kind', meaning: expect.stringMatching(words) },
    });
    expect(connections.list()).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
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
    expect(() => connections.api(id).client).toThrow(/keychain/);
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
