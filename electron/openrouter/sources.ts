/** What a key can be asked for. */
import { AppFailure } from '../../shared/errors.ts';
import type { Connection } from '../../shared/ipc.ts';
import type { Source } from '../../shared/sync.ts';
import { type Offer, readOffer } from './analytics.ts';
import type { Client } from './client.ts';
import { statusOf } from './failures.ts';
import { knowsIds } from './generation.ts';
import { listGenerations } from './generations.ts';
import { readKey } from './key.ts';
import type { LimitedOptions, Limiter } from './limiter.ts';

type Kind = Connection['kind'];

/** A connection as the API is reached through it. */
export interface Api {
  readonly client: Client;
  /** For `/analytics/*`: one for each key, however often it is used. */
  readonly limiter: Limiter;
  readonly kind: Kind;
}

/** The sources of a key that may list generations; the best first. */
export const withGenerations = (kind: Kind): readonly Source[] =>
  kind === 'management' ? ['generations', 'analytics', 'ids'] : ['generations', 'ids'];

/** What a management key is offered at `/analytics/*`, or null where that is nothing. */
export async function findOffer({ client, limiter }: Api, options: LimitedOptions): Promise<Offer | null> {
  try {
    return await limiter.run(() => readOffer(client, options.signal), options);
  } catch (thrown) {
    if (await isRefusal(thrown, client)) return null;
    throw thrown;
  }
}

/**
 * Finds out what a key can be asked for, the best first.
 * @returns empty where it is good for nothing here
 */
export async function findSources(api: Api): Promise<readonly Source[]> {
  const { client, kind } = api;
  try {
    await listGenerations(client, { limit: 1, offset: 0 });
    return withGenerations(kind);
  } catch (thrown) {
    if (!(await isRefusal(thrown, client))) throw thrown;
  }
  const nobodyWaits = { signal: new AbortController().signal, onWait: () => {} };
  if (kind === 'management' && (await findOffer(api, nobodyWaits))) return ['analytics', 'ids'];
  return (await knowsIds(client)) ? ['ids'] : [];
}

/**
 * Whether a failure says that something is not offered to this key, while the key itself is fine.
 * @throws {AppFailure} `key-refused` where the key is not fine
 */
export async function isRefusal(thrown: unknown, client: Client): Promise<boolean> {
  if (!(thrown instanceof AppFailure)) return false;
  const { code } = thrown.error;
  if (code === 'generations-not-offered' || code === 'key-wrong-kind') return true;
  const status = statusOf(thrown);
  if (status === 404 || status === 405) return true;
  if (status !== 401) return false;
  // The key is gone, or it is refused at this address alone: the address that takes every key knows.
  await readKey(client);
  return true;
}
