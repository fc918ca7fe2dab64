/** One generation by its id: any key may ask for those of its account. */
import { z } from 'zod';
import { batchFromApi } from '../../shared/batch.ts';
import { AppFailure } from '../../shared/errors.ts';
import type { GenerationContent, GenerationDetails } from '../../shared/ipc.ts';
import type { Client } from './client.ts';
import { statusOf } from './failures.ts';
import { isRecord } from './record.ts';

const generationSchema = z.object({ data: z.record(z.string(), z.unknown()) });

/**
 * `GET /generation?id=`.
 * @returns its fields as they came, or null where OpenRouter knows no such generation of this account
 */
export async function findGeneration(
  client: Client,
  id: string,
  signal?: AbortSignal,
): Promise<Readonly<Record<string, unknown>> | null> {
  try {
    const options = { schema: generationSchema, signal };
    return (await client.call((sdk) => sdk.CALLS_BY_ID.generation(id), options)).data;
  } catch (thrown) {
    // 400: no id that could be; 403: a generation of somebody else.
    if ([400, 403, 404].includes(statusOf(thrown) ?? 0)) return null;
    throw thrown;
  }
}

/** Whether this key may look generations up at all: asks for one that cannot be. */
export async function knowsIds(client: Client): Promise<boolean> {
  try {
    await client.call((sdk) => sdk.CALLS_BY_ID.generation('gen-0'), { schema: z.unknown() });
    return true;
  } catch (thrown) {
    const status = statusOf(thrown) ?? 0;
    if ([400, 404].includes(status)) return true;
    if ([401, 403, 405].includes(status)) return false;
    throw thrown;
  }
}

/** Everything the API knows about one generation. */
export async function readDetails(client: Client, id: string): Promise<GenerationDetails> {
  const generation = await findGeneration(client, id);
  if (!generation) throw unknownGeneration();
  const fields = Object.entries(generation).filter(([, value]) => value !== null && value !== '');
  return {
    batch: batchFromApi([generation]),
    fields: fields.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  };
}

const text = z.string().nullish().catch(null);
const attemptSchema = z.object({
  code: z.number().nullish().catch(null),
  status: z.number().nullish().catch(null),
  message: text,
  provider_name: text,
});
const contentSchema = z.object({
  data: z.object({
    input: z.object({ prompt: text, messages: z.array(z.unknown()).nullish().catch(null) }).nullish(),
    output: z.object({ completion: text, reasoning: text }).nullish(),
    error: attemptSchema
      .extend({ previous_errors: z.array(attemptSchema).nullish().catch(null) })
      .nullish()
      .catch(null),
  }),
});

/** What was said in a generation (`GET /generation/content`), where OpenRouter keeps it. */
export async function readContent(client: Client, id: string): Promise<GenerationContent> {
  try {
    const { data } = await client.call((sdk) => sdk.CALLS_BY_ID.content(id), { schema: contentSchema });
    const { input, output, error } = data;
    return {
      prompt: input?.prompt ?? (input?.messages ? input.messages.map(messageText).join('\n\n') : null),
      completion: output?.completion ?? null,
      reasoning: output?.reasoning ?? null,
      failure: error ? [error, ...(error.previous_errors ?? [])].map(attemptText).join('\n') : null,
    };
  } catch (thrown) {
    const status = statusOf(thrown);
    if (status === 404) throw noContent();
    if (status === 403) throw contentRefused();
    throw thrown;
  }
}

/** `role: what was said`, with a mark for what is no text. */
function messageText(message: unknown): string {
  if (!isRecord(message)) return String(message);
  const { role, content } = message;
  const parts = Array.isArray(content) ? content : [content];
  const said = parts.filter((part) => part !== null && part !== undefined).map(partText);
  if (message.tool_calls) said.push(JSON.stringify(message.tool_calls));
  return `${typeof role === 'string' ? role : 'message'}: ${said.join('\n')}`;
}

function partText(part: unknown): string {
  if (typeof part === 'string') return part;
  if (isRecord(part) && typeof part.text === 'string') return part.text;
  return `[${isRecord(part) && typeof part.type === 'string' ? part.type : 'no text'}]`;
}

function attemptText({ code, status, message, provider_name }: z.infer<typeof attemptSchema>): string {
  const where = [code ?? status, provider_name].filter((part) => part !== null && part !== undefined);
  return [where.join(' '), message].filter(Boolean).join(': ');
}

const ELSEWHERE = 'What is stored here about this generation stays as it is.';

const unknownGeneration = (): AppFailure =>
  new AppFailure({
    code: 'bad-answer',
    title: 'OpenRouter does not know this generation.',
    meaning: `It may belong to another account, or be too old or too new. ${ELSEWHERE}`,
    action: 'If the request was made just now, try again in a few seconds.',
  });

const noContent = (): AppFailure =>
  new AppFailure({
    code: 'bad-answer',
    title: 'OpenRouter keeps no prompt and completion of this generation.',
    meaning: `They are kept only where the account’s privacy settings say so. ${ELSEWHERE}`,
    action: 'Look for it in your own logs.',
  });

const contentRefused = (): AppFailure =>
  new AppFailure({
    code: 'key-wrong-kind',
    title: 'This key may not see prompts and completions.',
    meaning: ELSEWHERE,
    action: 'Connect with another key of the account that made the request.',
  });
