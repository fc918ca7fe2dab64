import { randomBytes, scryptSync } from 'node:crypto';
import { z } from 'zod';
import { AppFailure } from '../shared/errors.ts';
import type { CallArguments, Connection } from '../shared/ipc.ts';
import { readBaseUrl } from './base-url.ts';
import { readJson, writeJson } from './json-file.ts';
import type { Keychain } from './keychain.ts';
import { log } from './log.ts';
import { type Client, createClient } from './openrouter/client.ts';
import { listGenerations } from './openrouter/generations.ts';
import { readKey } from './openrouter/key.ts';
import type { Fetch } from './openrouter/transport.ts';
import { cleanKey } from './pasted-key.ts';

const storedSchema = z.object({
  version: z.literal(1),
  /** Makes the ids of connections, which are hashes of keys, worthless elsewhere. */
  salt: z.string(),
  connections: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      kind: z.enum(['inference', 'management']),
      baseUrl: z.string(),
      addedAt: z.number(),
      /** Encrypted with the keychain's secret, base64. */
      key: z.string(),
    }),
  ),
});

/** Somebody sits in front of it and waits. */
const ADD_TIMEOUT_MS = 20_000;

type Held =
  | { readonly kept: 'keychain'; readonly blob: string }
  | { readonly kept: 'session'; readonly key: string };
type Entry = Omit<Connection, 'keyKept'> & { readonly held: Held };

export interface ConnectionsOptions {
  /** Where keys are written, encrypted; nothing else of them reaches the disk. */
  readonly path: string;
  readonly keychain: Keychain;
  readonly fetch: Fetch;
  readonly now?: () => number;
}

export interface Connections {
  list(): readonly Connection[];
  add(args: CallArguments<'addConnection'>): Promise<Connection>;
  remove(id: string): void;
  /** The API with this connection's key. */
  client(id: string): Client;
}

/**
 * The connections and their keys. An id is a slow, salted hash of address and key: the same key added again is
 * the same connection, whose sync goes on where it was.
 */
export function createConnections(options: ConnectionsOptions): Connections {
  const { path, keychain, fetch, now = Date.now } = options;
  const stored = readJson(path, storedSchema);
  const salt = stored?.salt ?? randomBytes(16).toString('hex');
  const entries = new Map<string, Entry>(
    stored?.connections.map(({ key, ...rest }) => [
      rest.id,
      { ...rest, held: { kept: 'keychain', blob: key } },
    ]),
  );

  function save(): void {
    const connections = [...entries.values()].flatMap(({ held, ...rest }) =>
      held.kept === 'keychain' ? [{ ...rest, key: held.blob }] : [],
    );
    writeJson(path, { version: 1, salt, connections });
  }

  async function add(args: CallArguments<'addConnection'>): Promise<Connection> {
    const key = cleanKey(args.key);
    const baseUrl = readBaseUrl(args.baseUrl);
    const client = createClient({ baseUrl, key, fetch, timeoutMs: ADD_TIMEOUT_MS });
    const { kind, label } = await readKey(client);
    await probe(client, kind);

    const id = scryptSync(key, `${salt} ${baseUrl}`, 16).toString('base64url');
    const shown = label && !label.includes(key) ? label : mask(key);
    const entry: Entry = { id, label: shown, kind, baseUrl, addedAt: now(), held: hold(key) };
    entries.set(id, entry);
    save();
    return shownToPage(entry);
  }

  function hold(key: string): Held {
    if (!keychain.state().usable) return { kept: 'session', key };
    try {
      return { kept: 'keychain', blob: keychain.encrypt(key) };
    } catch (thrown) {
      log('The keychain did not take the key; it is kept for this session only', thrown);
      return { kept: 'session', key };
    }
  }

  function keyOf({ held }: Entry): string {
    if (held.kept === 'session') return held.key;
    try {
      return keychain.decrypt(held.blob);
    } catch (thrown) {
      throw new AppFailure({
        code: 'key-refused',
        title: 'The system’s keychain does not give this key back.',
        meaning: 'The data stored here is unchanged, but nothing new can be pulled.',
        action: 'Unlock the keychain and try again, or add the key once more.',
        detail: thrown instanceof Error ? thrown.message : String(thrown),
      });
    }
  }

  return {
    list: () => [...entries.values()].map(shownToPage),
    add,
    remove: (id) => {
      if (entries.delete(id)) save();
    },
    client: (id) => {
      const entry = entries.get(id);
      if (!entry) throw gone();
      return createClient({ baseUrl: entry.baseUrl, key: keyOf(entry), fetch });
    },
  };
}

/** Whether the key may list history: asks for one generation. */
async function probe(client: Client, kind: Connection['kind']): Promise<void> {
  try {
    await listGenerations(client, { limit: 1, offset: 0 });
  } catch (thrown) {
    const refused =
      thrown instanceof AppFailure &&
      (thrown.error.code === 'key-wrong-kind' || thrown.error.code === 'key-refused');
    throw refused ? wrongKind(kind, thrown.error.detail) : thrown;
  }
}

function wrongKind(kind: Connection['kind'], detail = ''): AppFailure {
  return new AppFailure({
    code: 'key-wrong-kind',
    ...(kind === 'inference'
      ? {
          title: 'This is an inference key, and it may not list past generations.',
          meaning:
            'It can send requests and look up one generation by its id, but it cannot show who spent what. Nothing was stored, not even the key.',
          action:
            'Create a management key at openrouter.ai → Settings → Management keys and paste that one, or drop the activity CSV from openrouter.ai → Activity here.',
        }
      : {
          title: 'This is a management key, and OpenRouter refuses it the list of generations.',
          meaning:
            'It can read totals and manage other keys, but neither send requests nor, for this account, list single generations. Nothing was stored, not even the key.',
          action:
            'Paste an inference key from openrouter.ai → Settings → Keys instead, or drop the activity CSV from openrouter.ai → Activity here.',
        }),
    detail,
  });
}

function gone(): AppFailure {
  return new AppFailure({
    code: 'key-empty',
    title: 'This connection has no key any more.',
    meaning: 'The data pulled with it stay; a key kept for one session only is gone when Whospent is closed.',
    action: 'Add the key again.',
  });
}

const shownToPage = ({ held, ...rest }: Entry): Connection => ({ ...rest, keyKept: held.kept });

const mask = (key: string): string => (key.length >= 20 ? `${key.slice(0, 9)}…${key.slice(-3)}` : 'API key');
