import type { z } from 'zod';
import { type AppError, AppFailure } from '../../shared/errors.ts';
import { redact } from '../log.ts';
import { ApiFailure, badAnswer, clip, fromAnswer, fromThrown, stopped } from './failures.ts';
import { type Answer, type Fetch, send } from './transport.ts';

export interface ClientOptions {
  /** Checked, without a slash at its end. */
  readonly baseUrl: string;
  readonly key: string;
  readonly fetch: Fetch;
  readonly timeoutMs?: number;
}

export interface GetOptions<T> {
  readonly query?: Readonly<Record<string, string | number>>;
  readonly schema: z.ZodType<T>;
  readonly signal?: AbortSignal | undefined;
  /** What 404 and 405 mean at this path. */
  readonly absent?: 'generations-not-offered' | 'not-openrouter';
}

/** OpenRouter's API with one key. */
export interface Client {
  /**
   * `GET` below the base URL, parsed by the schema.
   * @throws {AppFailure} with a code of the way to OpenRouter; an {@link ApiFailure} where trying again may help
   */
  get<T>(path: `/${string}`, options: GetOptions<T>): Promise<T>;
}

export function createClient({ baseUrl, key, fetch, timeoutMs }: ClientOptions): Client {
  const host = new URL(baseUrl).host;
  const headers = { Accept: 'application/json', Authorization: `Bearer ${key}` };

  async function ask(url: string, signal: AbortSignal | undefined): Promise<Answer> {
    try {
      return await send(fetch, url, headers, signal, timeoutMs);
    } catch (thrown) {
      throw signal?.aborted ? stopped() : fromThrown(thrown, host);
    }
  }

  async function get<T>(path: `/${string}`, options: GetOptions<T>): Promise<T> {
    const { query = {}, schema, signal, absent = 'not-openrouter' } = options;
    const url = new URL(baseUrl + path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    const answer = await ask(url.href, signal);
    const failure = fromAnswer(answer, host, absent);
    if (failure) throw failure;

    const body = parseJson(answer, host);
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    // Some gateways answer 200 and put the failure into the body.
    const status = statusInside(body);
    if (status !== undefined)
      throw fromAnswer({ ...answer, status }, host, absent) ?? unexpected(parsed.error);
    throw unexpected(parsed.error);
  }

  const unexpected = (error: z.ZodError): ApiFailure =>
    badAnswer(`${host} answered in a form Whospent does not know.`, clip(error.issues.map(where).join('; ')));

  return {
    get: (path, options) =>
      get(path, options).catch((thrown: unknown) => Promise.reject(withoutKey(thrown, key))),
  };
}

function parseJson({ text }: Answer, host: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badAnswer(
      `${host} sent an answer that is cut off or no JSON.`,
      `${text.length} characters, beginning with: ${clip(text.slice(0, 80))}`,
    );
  }
}

function statusInside(body: unknown): number | undefined {
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined;
  const { error } = body;
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  const code = Number(error.code);
  return code >= 400 && code <= 599 ? code : undefined;
}

const where = ({ path, message }: z.core.$ZodIssue): string => `${path.join('.') || 'answer'}: ${message}`;

/** Servers like to repeat the key they refuse; it must not reach a screen or a report. */
function withoutKey(thrown: unknown, key: string): unknown {
  if (!(thrown instanceof AppFailure) || thrown.error.detail === undefined) return thrown;
  const error: AppError = { ...thrown.error, detail: redact(thrown.error.detail.replaceAll(key, '…')) };
  return thrown instanceof ApiFailure ? new ApiFailure(error, thrown.retry) : new AppFailure(error);
}
