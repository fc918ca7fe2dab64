import type { Context } from 'hono';
import { authenticate, type KeyKind, type StandInKeys } from './auth.ts';
import { ApiError } from './errors.ts';

/** Whether an endpoint exists for this account: for all, for one kind of key, or not, with the answer to give. */
export type Offered = boolean | KeyKind | 404 | 405;

/** What this account is offered. Can be changed while the server runs. */
export interface Offer {
  /** `GET /generations`, which OpenRouter names in its guides but not in its OpenAPI. */
  generations: Offered;
  /** `/analytics/*`, for management keys. */
  analytics: boolean | 404 | 405;
}

/** Throws 401 without a known key, 404 or 405 when the endpoint is not offered, 403 for the other kind of key. */
export function requireOffer(c: Context, keys: StandInKeys, offered: Offered): void {
  const kind = authenticate(c, keys);
  if (offered === false || offered === 404) throw new ApiError(404, 'Not Found');
  if (offered === 405) throw new ApiError(405, 'Method Not Allowed');
  if (offered !== true && offered !== kind)
    throw new ApiError(403, `Only ${offered} keys can perform this operation`);
}
