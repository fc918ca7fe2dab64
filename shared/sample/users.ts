/** The sample's end users. */
import { COUNTRIES, TRAFFIC } from './catalogue.ts';
import { cumulative, lastOf, leaning, pick, type Random, randomOf, textHash, uuid } from './random.ts';

export interface User {
  id: string;
  traffic: number;
  favourite: number;
  country: string | null;
  /** Share of the account's time that had passed when this user came. */
  since: number;
}

/** Ids that break careless code: case-sensitive twins, separators, quotes, letters beyond ASCII, only digits. */
const ODD_IDS = [
  'Acme',
  'acme',
  'tenant-7,eu',
  'Größe-9',
  '0042',
  'o\'neil "beta"',
  'globex:EU',
  'globex:eu',
];
/** Where they stand: spread among the busy, starting after the busiest few. */
const oddIdAt = (rank: number): string | undefined => (rank % 5 === 3 ? ODD_IDS[(rank - 3) / 5] : undefined);

export function createUsers(seed: number, count: number): User[] {
  const random = randomOf(seed, textHash('users'));
  return Array.from({ length: count }, (_, rank) => {
    const look = random.unit();
    // No two users share an id: numbers rise with the rank, an odd factor permutes the 32-bit hashes.
    const plain =
      look < 0.55
        ? `user_${20_000 + rank * 7 + random.below(7)}`
        : look < 0.8
          ? uuid(random)
          : (Math.imul(rank + 1, 0x9e37_79b1) >>> 0).toString(16).padStart(8, '0');
    const traffic = pick(TRAFFIC_SHARES, random.unit() * lastOf(TRAFFIC_SHARES));
    return {
      id: oddIdAt(rank) ?? plain,
      traffic,
      favourite: pickModel(traffic, random),
      country: random.unit() < 0.08 ? null : (COUNTRIES[leaning(random, COUNTRIES.length)] ?? null),
      since: random.unit() < 0.55 ? 0 : random.unit() * 0.95,
    };
  });
}

/** Among requests of end users: help desk, drafts, research, and hardly any batch or staging. */
const TRAFFIC_SHARES = cumulative([52, 30, 16, 1, 1]);
const MODEL_SHARES = TRAFFIC.map((traffic) => cumulative(traffic.models));

export function pickModel(traffic: number, random: Random): number {
  const shares = MODEL_SHARES[traffic]!;
  return pick(shares, random.unit() * lastOf(shares));
}
