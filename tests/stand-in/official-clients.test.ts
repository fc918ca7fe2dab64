import { OpenRouter } from '@openrouter/sdk';
import { ForbiddenResponseError } from '@openrouter/sdk/models/errors';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SampleGeneration } from '../../shared/sample/types.ts';
import { call } from './http.ts';
import { type StandIn, startStandIn } from './server.ts';

const DAY = 86_400_000;
let time = Date.UTC(2026, 10, 16, 9);
let standIn: StandIn;
let inference: OpenRouter;
let management: OpenRouter;
let openai: OpenAI;

beforeAll(async () => {
  standIn = await startStandIn({ rows: 3000, users: 80, seed: 3, endTime: time, now: () => time });
  const connect = (apiKey: string) =>
    new OpenRouter({ apiKey, serverURL: standIn.baseUrl, retryConfig: { strategy: 'none' } });
  inference = connect(standIn.inferenceKey);
  management = connect(standIn.managementKey);
  openai = new OpenAI({ apiKey: standIn.inferenceKey, baseURL: standIn.baseUrl, maxRetries: 0 });
});
afterAll(() => standIn.close());

/** Names as the SDK has them: what it returns must be the raw answer, no more and no less. */
function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel);
  if (typeof value !== 'object' || value === null) return value;
  const name = (key: string): string =>
    key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [name(key), camel(inner)]));
}

/** The same answer without the SDK. */
async function raw(path: string, key = standIn.managementKey, body?: unknown): Promise<unknown> {
  return (await call(standIn, path, { key, body })).body;
}

/** What the account says of a generation: by itself, and first in the list. */
async function expectGeneration(id: string, expected: Partial<SampleGeneration>): Promise<void> {
  const one = (await raw(`/generation?id=${id}`, standIn.inferenceKey)) as { data: SampleGeneration };
  const list = (await raw('/generations?limit=1')) as { data: SampleGeneration[] };
  expect(one.data).toMatchObject({ id, ...expected });
  expect(list.data).toEqual([one.data]);
}

describe('@openrouter/sdk reads', () => {
  test('the current key, of both kinds', async () => {
    for (const [client, key, isManagement] of [
      [inference, standIn.inferenceKey, false],
      [management, standIn.managementKey, true],
    ] as const) {
      const answer = await client.apiKeys.getCurrentKeyMetadata();
      expect(answer).toEqual(camel(await raw('/key', key)));
      expect(answer.data).toMatchObject({ isManagementKey: isManagement, isProvisioningKey: isManagement });
    }
  });

  test('the list of keys, and the credits', async () => {
    expect(await management.apiKeys.list()).toEqual(camel(await raw('/keys')));
    const all = await management.apiKeys.list({ includeDisabled: true });
    expect(all.data.some(({ disabled }) => disabled)).toBe(true);
    expect(await management.credits.getCredits()).toEqual(camel(await raw('/credits')));
  });

  test('generations of every kind, and their content', async () => {
    const seen = new Set<string>();
    for (let i = 0; i < standIn.account.length; i++) {
      const { api } = standIn.account.generation(i);
      const kind = [
        api.is_byok,
        api.api_type,
        api.finish_reason,
        api.cancelled,
        api.provider_name === null,
      ].join();
      if (seen.has(kind)) continue;
      seen.add(kind);
      expect(await inference.generations.getGeneration({ id: api.id })).toEqual(camel({ data: api }));
      const content = await management.generations.listGenerationContent({ id: api.id });
      expect(content).toEqual(camel(await raw(`/generation/content?id=${api.id}`)));
      expect(content.data.error === null).toBe(api.finish_reason !== 'error');
    }
    expect(seen.size).toBeGreaterThan(8);
  });

  test('the analytics: what there is, and an answer', async () => {
    const meta = await management.analytics.getAnalyticsMeta();
    expect(meta).toEqual(camel(await raw('/analytics/meta')));
    const start = new Date(time - 7 * DAY);
    const end = new Date(time);
    const answer = await management.analytics.queryAnalytics({
      requestBody: {
        metrics: ['request_count'],
        dimensions: ['model'],
        granularity: 'day',
        timeRange: { start, end },
      },
    });
    const same = (await raw('/analytics/query', standIn.managementKey, {
      metrics: ['request_count'],
      dimensions: ['model'],
      granularity: 'day',
      time_range: { start: start.toISOString(), end: end.toISOString() },
    })) as { data: { data: unknown[] } };
    // The SDK's schema for a row is an object without fields: it keeps the rows and drops what is in them.
    expect(answer.data.metadata).toMatchObject({ rowCount: same.data.data.length, truncated: false });
    expect(answer.data.data).toHaveLength(same.data.data.length);
  });

  test('the activity', async () => {
    const answer = await management.analytics.getUserActivity();
    expect(answer).toEqual(camel(await raw('/activity')));
    expect(answer.data.length).toBeGreaterThan(100);
  });

  test('errors as its own error classes', async () => {
    await expect(inference.credits.getCredits()).rejects.toBeInstanceOf(ForbiddenResponseError);
    await expect(inference.credits.getCredits()).rejects.toThrow(
      'Only management keys can perform this operation',
    );
    standIn.analyticsLimit.perMinute = standIn.analyticsLimit.used;
    // The SDK declares no 429 for the analytics: it comes as the SDK's general error.
    await expect(management.analytics.getAnalyticsMeta()).rejects.toMatchObject({ statusCode: 429 });
    standIn.analyticsLimit.perMinute = 64;
  });
});

describe('chats become generations', () => {
  const messages = [{ role: 'user' as const, content: 'What is the meaning of life?' }];
  const model = 'openai/gpt-4o-mini';
  const told = {
    external_user: 'user_12345',
    model: 'openai/gpt-4o-mini-2024-07-18',
    is_byok: false,
    finish_reason: 'stop',
  };

  test('@openrouter/sdk, whole', async () => {
    time += 1000;
    const answer = await inference.chat.send({ chatRequest: { model, messages, user: 'user_12345' } });
    if (!('choices' in answer)) throw new Error('a stream where none was asked for');
    expect(answer.choices[0]?.message.content).toContain('28 characters');
    const { cost, promptTokens = 0, completionTokens = 0 } = answer.usage ?? {};
    expect(cost).toBe((promptTokens * 150_000 + completionTokens * 600_000) / 1e12);
    await expectGeneration(answer.id, {
      ...told,
      streamed: false,
      total_cost: cost ?? Number.NaN,
      tokens_prompt: promptTokens,
      tokens_completion: completionTokens,
      created_at: `${new Date(time).toISOString().slice(0, -1)}000+00:00`,
    });
    const content = await inference.generations.listGenerationContent({ id: answer.id });
    expect(content.data).toEqual({
      input: { messages },
      output: { completion: answer.choices[0]?.message.content, reasoning: null },
      error: null,
    });
  });

  test('@openrouter/sdk, streamed', async () => {
    time += 1000;
    const stream = await inference.chat.send({
      chatRequest: { model, messages, user: 'user_12345', stream: true },
    });
    if ('choices' in stream) throw new Error('no stream where one was asked for');
    let text = '';
    let last: { id: string; usage?: { cost?: number | null | undefined } | undefined } | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      expect(last?.usage).toBeUndefined();
      last = chunk;
    }
    expect(text).toContain('28 characters');
    await expectGeneration(last!.id, { ...told, streamed: true, total_cost: last!.usage!.cost! });
  });

  test('openai, whole', async () => {
    time += 1000;
    const answer = await openai.chat.completions.create({ model, messages, user: 'user_12345' });
    expect(answer.choices[0]?.message.content).toContain('28 characters');
    expect(answer.usage?.total_tokens).toBe(answer.usage!.prompt_tokens + answer.usage!.completion_tokens);
    await expectGeneration(answer.id, {
      ...told,
      streamed: false,
      tokens_prompt: answer.usage!.prompt_tokens,
      tokens_completion: answer.usage!.completion_tokens,
    });
  });

  test('openai, streamed and cut at max_tokens', async () => {
    time += 1000;
    const stream = await openai.chat.completions.create({
      model,
      messages,
      user: 'user_12345',
      max_tokens: 3,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe('You wrote 28');
    expect(chunks.at(-1)?.usage?.completion_tokens).toBe(3);
    await expectGeneration(chunks[0]!.id, {
      ...told,
      streamed: true,
      finish_reason: 'length',
      tokens_completion: 3,
    });
  });

  test('without a user, and on the own provider key', async () => {
    time += 1000;
    const plain = await openai.chat.completions.create({ model: 'openai/gpt-5', messages });
    await expectGeneration(plain.id, { external_user: null, is_byok: false });
    time += 1000;
    const azure = { model, messages, user: 'acme', provider: { only: ['Azure'] } };
    const byok = await openai.chat.completions.create(azure);
    const cost = (byok.usage!.prompt_tokens * 150_000 + byok.usage!.completion_tokens * 600_000) / 1e12;
    await expectGeneration(byok.id, {
      external_user: 'acme',
      is_byok: true,
      total_cost: 0,
      usage: 0,
      upstream_inference_cost: cost,
    });
  });

  test('free variants cost nothing', async () => {
    time += 1000;
    const free = await openai.chat.completions.create({ model: 'deepseek/deepseek-r1-0528:free', messages });
    await expectGeneration(free.id, { model: 'deepseek/deepseek-r1-0528:free', total_cost: 0 });
  });

  test('what cannot be sent is refused and leaves no generation', async () => {
    const before = standIn.account.length;
    await expect(openai.chat.completions.create({ model: 'no/such', messages })).rejects.toMatchObject({
      status: 400,
    });
    await expect(openai.chat.completions.create({ model, messages: [] })).rejects.toMatchObject({
      status: 400,
    });
    await expect(management.chat.send({ chatRequest: { model, messages } })).rejects.toBeInstanceOf(
      ForbiddenResponseError,
    );
    expect(standIn.account.length).toBe(before);
  });
});
