/** What the figures must be, taken from the API by other means than the app's: JSON, a Map, decimal.js. */
import Decimal from 'decimal.js';
import { everyGeneration } from '../stand-in/http.ts';
import type { StandIn } from '../stand-in/server.ts';

const Exact = Decimal.clone({ precision: 100, toExpNeg: -100, toExpPos: 100 });

export interface UserTruth {
  readonly requests: number;
  /** Dollars. */
  readonly spend: Decimal;
  readonly prompt: number;
  readonly completion: number;
}

/** Spend of one generation: credits, and what the provider charged the customer's own key. */
function spendOf(generation: Record<string, unknown>): Decimal {
  const credits = new Exact(String(generation.total_cost));
  return generation.is_byok === true
    ? credits.plus(String(generation.upstream_inference_cost ?? 0))
    : credits;
}

/** Per user (null: requests without one), from every page of `/generations`. */
export async function userTruth(standIn: StandIn): Promise<Map<string | null, UserTruth>> {
  const truth = new Map<string | null, UserTruth>();
  for (const one of (await everyGeneration(standIn, 500)) as unknown as Record<string, unknown>[]) {
    const user = (one.external_user as string | null) ?? null;
    const before = truth.get(user) ?? { requests: 0, spend: new Exact(0), prompt: 0, completion: 0 };
    truth.set(user, {
      requests: before.requests + 1,
      spend: before.spend.plus(spendOf(one)),
      prompt: before.prompt + Number(one.tokens_prompt ?? 0),
      completion: before.completion + Number(one.tokens_completion ?? 0),
    });
  }
  return truth;
}
