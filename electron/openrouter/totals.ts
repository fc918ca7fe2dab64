import { z } from 'zod';
import { AppFailure } from '../../shared/errors.ts';
import type { AccountTotals } from '../../shared/ipc.ts';
import { type Money, parseMoney, toDecimal } from '../../shared/money.ts';
import type { Client } from './client.ts';
import { statusOf } from './failures.ts';

const activitySchema = z.object({
  data: z.array(
    z.object({
      date: z.string(),
      model: z.string(),
      model_permaslug: z.string().nullish(),
      requests: z.number(),
      /** Credits. */
      usage: z.number(),
      byok_usage_inference: z.number().nullish(),
    }),
  ),
});

const creditsSchema = z.object({ data: z.object({ total_credits: z.number(), total_usage: z.number() }) });

/**
 * What OpenRouter itself adds up (`GET /activity`, `GET /credits`).
 * @throws {AppFailure} `key-wrong-kind` for a key that may not see it
 */
export async function readTotals(client: Client): Promise<AccountTotals> {
  const [activity, credits] = await Promise.all([readActivity(client), readCredits(client)]);
  return { activity, credits };
}

/** By day and model: the API splits it further, by endpoint. */
async function readActivity(client: Client): Promise<AccountTotals['activity']> {
  const { data } = await client
    .call((sdk) => sdk.CALLS.activity, { schema: activitySchema })
    .catch((thrown: unknown) => Promise.reject(statusOf(thrown) === 403 ? refused() : thrown));

  const sums = new Map<
    string,
    { day: string; model: string; requests: number; credits: Money; byok: Money }
  >();
  for (const item of data) {
    // A time may stand behind the day.
    const day = item.date.slice(0, 10);
    const model = item.model_permaslug ?? item.model;
    const key = `${day} ${model}`;
    const sum = sums.get(key) ?? { day, model, requests: 0, credits: 0n, byok: 0n };
    sums.set(key, {
      ...sum,
      requests: sum.requests + item.requests,
      credits: sum.credits + (parseMoney(item.usage) ?? 0n),
      byok: sum.byok + (parseMoney(item.byok_usage_inference ?? 0) ?? 0n),
    });
  }
  return [...sums.values()].map(({ credits, byok, ...rest }) => ({
    ...rest,
    credits: dollars(credits),
    byok: dollars(byok),
  }));
}

const dollars = (amount: Money): number => Number(toDecimal(amount));

async function readCredits(client: Client): Promise<AccountTotals['credits']> {
  try {
    const { data } = await client.call((sdk) => sdk.CALLS.credits, { schema: creditsSchema });
    return { bought: data.total_credits, used: data.total_usage };
  } catch (thrown) {
    if (statusOf(thrown) === 403) return null;
    throw thrown;
  }
}

const refused = (): AppFailure =>
  new AppFailure({
    code: 'key-wrong-kind',
    title: 'This key may not see OpenRouter’s own totals.',
    meaning:
      'Only management keys may. The data stored here is unchanged, and cannot be checked with this key.',
    action:
      'Create a management key at openrouter.ai → Settings → Management keys and add it as a connection.',
  });
