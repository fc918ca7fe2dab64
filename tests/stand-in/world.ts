import type { LiveAccount } from './account.ts';
import type { StandInKeys } from './auth.ts';
import type { Ledger } from './ledger.ts';
import type { RateLimit } from './limits.ts';
import type { Offer } from './offer.ts';

/** What the routes share. */
export interface World {
  account: LiveAccount;
  ledger: Ledger;
  keys: StandInKeys;
  offer: Offer;
  /** For `/analytics/*`. */
  analyticsLimit: RateLimit;
  /** Whether analytics limits also bound the age of the data. */
  analyticsBoundsAge: boolean;
  /** UTC milliseconds. */
  now: () => number;
}
