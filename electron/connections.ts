import { randomBytes, scryptSync } from 'node:crypto';
import { z } from 'zod';
import { AppFailure } from '../shared/errors.ts';
import type { CallArguments, Connection } from '../shared/ipc.ts';
import { SOURCES, type Source } from '../shared/sync.ts';
import { readBaseUrl } from './base-url.ts';
import { readJson, writeJson } from './json-file.ts';
import type { Keychain } from './keychain.ts';
import { log } from './log.ts';
import { createClient } from './openrouter/client.ts';
import { readKey } from './openrouter/key.ts';
import { createLimiter, type Limiter } from './openrouter/limiter.ts';
import { type Api, findSources } from './openrouter/sources.ts';
import type { Fetch } from './openrouter/transport.ts';
import { cleanKey } from './pasted-key.ts';

const storedSchema = z.object({
  version: z.literal(1),
  /** Makes the ids of connections, which are hashes of keys, worthless elsewhere. */
  salt: z.string(),
  connections: z.array(
    z.object({
      id: z.string(),
      /** What OpenRouter calls the key. */
      label: z.string(),
      /** The reader's own name for it; empty or absent: none. */
      name: z.string().optional(),
      kind: z.enum(['inference', 'management']),
      /** The first version kept only what could list generations. */
      sources: z.array(z.enum(SOURCES)).default(['generations', 'ids']),
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
type Entry = Omit<Connection, 'keyKept'> & { readonly name?: string | undefined; readonly held: Held };

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
  /** An empty name takes it away. */
  rename(id: string, name: string): void;
  /** Remembers what a key turned out to be good for. */
  learn(id: string, sources: readonly Source[]): void;
  remove(id: string): void;
  /** What is known of it, as the page may see it. */
  get(id: string): Connection;
  /** The API with this connection's key. */
  api(id: string): Api;
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

  const limiters = new Map<string, Limiter>();
  function limiterOf(id: string): Limiter {
    const limiter = limiters.get(id) ?? createLimiter();
    limiters.set(id, limiter);
    return limiter;
  }

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
    const id = scryptSync(key, `${salt} ${baseUrl}`, 16).toString('base64url');
    const sources = await findSources({ client, limiter: limiterOf(id), kind });
    if (sources.length === 0) throw wrongKind(kind);

    const shown = label && !label.includes(key) ? label : mask(key);
    const { name } = entries.get(id) ?? {};
    const entry: Entry = { id, label: shown, name, kind, sources, baseUrl, addedAt: now(), held: hold(key) };
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

  /** @throws {AppFailure} `key-empty` when there is no such connection any more */
  function entryOf(id: string): Entry {
    const entry = entries.get(id);
    if (!entry) throw gone();
    return entry;
  }

  function change(id: string, changed: Pick<Partial<Entry>, 'name' | 'sources'>): void {
    entries.set(id, { ...entryOf(id), ...changed });
    save();
  }

  return {
    list: () => [...entries.values()].map(shownToPage),
    add,
    rename: (id, name) => change(id, { name: name.trim() }),
    learn: (id, sources) => {
      // It may have been removed while it was asked.
      const known = entries.get(id)?.sources;
      if (known && known.join() !== sources.join()) change(id, { sources });
    },
    remove: (id) => {
      if (entries.delete(id)) save();
    },
    get: (id) => shownToPage(entryOf(id)),
    api: (id) => {
      const entry = entryOf(id);
      const client = createClient({ baseUrl: entry.baseUrl, key: keyOf(entry), fetch });
      return { client, limiter: limiterOf(id), kind: entry.kind };
    },
  };
}

/** For a key that may neither list generations nor look one up. */
function wrongKind(kind: Connection['kind']): AppFailure {
  return new AppFailure({
    code: 'key-wrong-kind',
    ...(kind === 'inference'
      ? {
          title: 'This is an inference key, and it may not read past generations.',
          meaning:
            'It can send requests, but it cannot show who spent what. Nothing was stored, not even the key.',
          action:
            'Create a management key at openrouter.ai → Settings → Management keys and paste that one, or drop the activity CSV from openrouter.ai → Activity here.',
        }
      : {
          title: 'This is a management key, and OpenRouter refuses it single generations.',
          meaning:
            'It can read totals and manage other keys, but for this account it shows no single generations. Nothing was stored, not even the key.',
          action:
            'Paste an inference key from openrouter.ai → Settings → Keys instead, or drop the activity CSV from openrouter.ai → Activity here.',
        }),
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

const shownToPage = ({ held, name, ...rest }: Entry): Connection => ({
  ...rest,
  label: name || rest.label,
  keyKept: held.kept,
});

const mask = (key: string): string => (key.length >= 20 ? `${key.slice(0, 9)}…${key.slice(-3)}` : 'API key');
