/** What the figures must be, taken from the API by other means than the app's: JSON, a Map, decimal.js. */
import { parse } from 'csv-parse/sync';
import Decimal from 'decimal.js';
import { expect } from 'playwright/test';
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
async function userTruth(standIn: StandIn): Promise<Map<string | null, UserTruth>> {
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

/** Holds an exported users table against the API, user by user, to the last digit. */
export async function expectUsersCsv(csv: string, standIn: StandIn): Promise<void> {
  const rows = parse(csv, { columns: true }) as Record<string, string>[];
  const told = rows.map((row) => ({
    user: row.user === '' ? null : row.user,
    requests: Number(row.requests),
    spend: new Exact(row.spend_usd ?? '').toString(),
    prompt: Number(row.tokens_prompt || 0),
    completion: Number(row.tokens_completion || 0),
  }));
  const truth = [...(await userTruth(standIn))].map(([user, one]) => ({
    user,
    ...one,
    spend: one.spend.toString(),
  }));
  const byUser = (a: { user?: string | null | undefined }, b: { user?: string | null | undefined }) =>
    (a.user ?? '') < (b.user ?? '') ? -1 : 1;
  expect(told.sort(byUser)).toEqual(truth.sort(byUser));
}
