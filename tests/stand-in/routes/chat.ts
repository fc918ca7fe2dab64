import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { stream } from 'hono/streaming';
import { z } from 'zod';
import { requireInference } from '../auth.ts';
import {
  answer,
  countPromptTokens,
  type Exchange,
  findModel,
  generationId,
  generationOf,
  usage,
} from '../chat.ts';
import { ApiError, parseBody } from '../errors.ts';
import type { World } from '../world.ts';

const Part = z.looseObject({ type: z.string(), text: z.string().optional() });
const Message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: z.union([z.string(), z.array(Part)]).nullish(),
});
const ChatRequest = z.looseObject({
  model: z.string().min(1),
  messages: z.array(Message).min(1),
  user: z.string().nullish(),
  session_id: z.string().nullish(),
  stream: z.boolean().nullish(),
  max_tokens: z.number().int().min(1).nullish(),
  max_completion_tokens: z.number().int().min(1).nullish(),
  provider: z.looseObject({ only: z.array(z.string()).nullish() }).nullish(),
});

/** `POST /chat/completions`: answers, whole or streamed, and enters the generation at the account's head. */
export function chatRoutes({ account, keys, now }: World): Hono {
  let count = 0;

  const exchangeOf = async (c: Context): Promise<{ exchange: Exchange; messages: unknown[] }> => {
    const body = await parseBody(c, ChatRequest);
    const model = findModel(body.model);
    if (!model || model.kind === 'embedding')
      throw new ApiError(400, `${body.model} is not a valid model ID`);
    const only = body.provider?.only;
    const endpoint = model.endpoints.find(({ provider }) => !only || only.includes(provider));
    if (!endpoint) throw new ApiError(404, 'No endpoints found that match the requested providers');
    const texts = body.messages.map(({ content }) =>
      typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? '').join(''),
    );
    const number = count++;
    const exchange: Exchange = {
      nonce: createHash('sha256').update(`${keys.inference}:${number}`).digest('hex').slice(0, 20),
      at: now(),
      micros: number % 1000,
      model,
      endpoint,
      user: body.user ?? null,
      sessionId: body.session_id ?? null,
      streamed: body.stream === true,
      promptTokens: countPromptTokens(texts),
      ...answer(texts, body.max_tokens ?? body.max_completion_tokens ?? Number.POSITIVE_INFINITY),
      key: keys.inferenceKey,
      referer: c.req.header('http-referer') ?? null,
      title: c.req.header('x-openrouter-title') ?? c.req.header('x-title') ?? null,
      userAgent: c.req.header('user-agent') ?? null,
    };
    return { exchange, messages: body.messages };
  };

  return new Hono().post('/chat/completions', async (c) => {
    requireInference(c, keys);
    const { exchange, messages } = await exchangeOf(c);
    account.add(generationOf(exchange), { messages, completion: exchange.words.join(' ') });
    return exchange.streamed ? streamed(c, exchange) : c.json(whole(exchange));
  });
}

const head = (exchange: Exchange) => ({
  id: generationId(exchange),
  created: Math.floor(exchange.at / 1000),
  model: exchange.model.slug,
  provider: exchange.endpoint.provider,
});

function whole(exchange: Exchange) {
  return {
    ...head(exchange),
    object: 'chat.completion',
    system_fingerprint: null,
    choices: [
      {
        index: 0,
        logprobs: null,
        finish_reason: exchange.finish,
        native_finish_reason: exchange.finish,
        message: { role: 'assistant', content: exchange.words.join(' '), refusal: null, reasoning: null },
      },
    ],
    usage: usage(exchange),
  };
}

/** Server-sent events: a comment while "processing", a chunk for each word, the usage in the last chunk. */
function streamed(c: Context, exchange: Exchange): Response {
  const chunk = (rest: object): string =>
    `data: ${JSON.stringify({ ...head(exchange), object: 'chat.completion.chunk', ...rest })}\n\n`;
  const choice = (content: string, finish: string | null) => ({
    choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason: finish, logprobs: null }],
  });
  c.header('Content-Type', 'text/event-stream');
  c.header('Cache-Control', 'no-cache');
  return stream(c, async (out) => {
    await out.write(': OPENROUTER PROCESSING\n\n');
    for (const [i, word] of exchange.words.entries())
      await out.write(chunk(choice(i === 0 ? word : ` ${word}`, null)));
    await out.write(chunk(choice('', exchange.finish)));
    await out.write(chunk({ choices: [], usage: usage(exchange) }));
    await out.write('data: [DONE]\n\n');
  });
}
