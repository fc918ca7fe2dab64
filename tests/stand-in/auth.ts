import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import type { SampleKey } from '../../shared/sample/types.ts';
import { ApiError } from './errors.ts';

export type KeyKind = 'inference' | 'management';

/** The two keys a stand-in accepts. The texts say what they are; no real key looks like them. */
export interface StandInKeys {
  inference: string;
  management: string;
  /** The account's key that the inference key is. */
  inferenceKey: SampleKey;
}

/** Keys that depend on nothing but the seed. */
export function createKeys(seed: number, inferenceKey: SampleKey): StandInKeys {
  const text = (kind: KeyKind): string =>
    `sk-or-v1-standin-${kind}-${createHash('sha256').update(`${kind}:${seed}`).digest('hex').slice(0, 32)}`;
  return { inference: text('inference'), management: text('management'), inferenceKey };
}

/** How OpenRouter shows a key that it does not reveal. */
export const keyLabel = (key: string): string => `${key.slice(0, 12)}...${key.slice(-3)}`;

/** Which key the request carries: null without one, 'unknown' for one that is not ours. */
export function keyKindOf(c: Context, keys: StandInKeys): KeyKind | 'unknown' | null {
  const token = /^Bearer\s+(.+)$/i.exec(c.req.header('authorization') ?? '')?.[1]?.trim();
  if (!token) return null;
  if (token === keys.inference) return 'inference';
  return token === keys.management ? 'management' : 'unknown';
}

/** The kind of the request's key. Throws 401 without a known key. */
export function authenticate(c: Context, keys: StandInKeys): KeyKind {
  const kind = keyKindOf(c, keys);
  if (kind === null) throw new ApiError(401, 'Missing Authentication header');
  if (kind === 'unknown') throw new ApiError(401, 'User not found.');
  return kind;
}

/** Throws 401 without a known key, 403 for an inference key. */
export function requireManagement(c: Context, keys: StandInKeys): void {
  if (authenticate(c, keys) !== 'management')
    throw new ApiError(403, 'Only management keys can perform this operation');
}

/** Throws 401 without a known key, 403 for a management key. */
export function requireInference(c: Context, keys: StandInKeys): void {
  if (authenticate(c, keys) !== 'inference')
    throw new ApiError(403, 'Management keys cannot be used to send requests');
}
