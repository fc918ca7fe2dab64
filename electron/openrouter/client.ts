import type { z } from 'zod';
import { type AppError, AppFailure } from '../../shared/errors.ts';
import { redact } from '../log.ts';
import { ApiFailure, badAnswer, clip, fromAnswer, fromThrown, stopped } from './failures.ts';
import { isRecord } from './record.ts';
import type { SdkCall } from './sdk.ts';
import { type Answer, type Fetch, send } from './transport.ts';

export interface ClientOptions {
  /** Checked, without a slash at its end. */
  readonly baseUrl: string;
  readonly key: string;
  readonly fetch: Fetch;
  readonly timeoutMs?: number;
}

export interface AskOptions<T> {
  readonly schema: z.ZodType<T>;
  readonly signal?: AbortSignal | undefined;
  /** What 404 and 405 mean at this path. */
  readonly absent?: 'generations-not-offered' | 'not-openrouter';
}

export interface GetOptions<T> extends AskOptions<T> {
  readonly query?: Readonly<Record<string, string | number>>;
}

type Path = `/${string}`;

/**
 * OpenRouter's API with one key: the one place where requests are sent and answers are read. All of it throws
 * {@link AppFailure} with a code of the way to OpenRouter, an {@link ApiFailure} where there was a request.
 */
export interface Client {
  /** `GET` below the base URL, parsed by the schema: for what the SDK does not have. */
  get<T>(path: Path, options: GetOptions<T>): Promise<T>;
  /** `POST` of JSON below the base URL, parsed by the schema. */
  post<T>(path: Path, body: unknown, options: AskOptions<T>): Promise<T>;
  /**
   * A call of the official SDK, parsed by the schema. The SDK makes the request, but the answer is read by us:
   * its schemas refuse a good answer that lacks a single field or has a new word in an enumeration, and they
   * rename fields that the catalogue knows by the API's names.
   */
  call<T>(choose: (sdk: typeof import('./sdk.ts')) => SdkCall, options: AskOptions<T>): Promise<T>;
  /**
   * UTC ms by the server's clock, as the `Date` of its last answer told it; by this computer's before that.
   * @param at a moment of `performance.now()`; default now
   */
  now(at?: number): number;
}

export function createClient({ baseUrl, key, fetch, timeoutMs }: ClientOptions): Client {
  const host = new URL(baseUrl).host;
  const headers = { Accept: 'application/json', Authorization: `Bearer ${key}` };
  /** UTC ms by the server's clock when `performance.now()` was 0. */
  let serverOrigin: number | null = null;

  /** @returns an answer whose status is that of a result */
  async function ask(url: string, body: string | undefined, options: AskOptions<unknown>): Promise<Answer> {
    const { signal, absent = 'not-openrouter' } = options;
    let answer: Answer;
    try {
      answer = await send(fetch, { url, headers, body }, signal, timeoutMs);
    } catch (thrown) {
      throw signal?.aborted ? stopped() : fromThrown(thrown, host);
    }
    const date = Date.parse(answer.headers.get('date') ?? '');
    if (!Number.isNaN(date)) serverOrigin = date - performance.now();
    const failure = fromAnswer(answer, host, absent);
    if (failure) throw failure;
    return answer;
  }

  function read<T>(answer: Answer, { schema, absent = 'not-openrouter' }: AskOptions<T>): T {
    const body = parseJson(answer, host);
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    // Some gateways answer 200 and put the failure into the body.
    const status = statusInside(body);
    const failure = status === undefined ? undefined : fromAnswer({ ...answer, status }, host, absent);
    throw failure ?? unexpected(parsed.error);
  }

  async function call<T>(
    choose: (sdk: typeof import('./sdk.ts')) => SdkCall,
    options: AskOptions<T>,
  ): Promise<T> {
    const sdk = await import('./sdk.ts');
    let asked: Promise<Answer> | undefined;
    const core = sdk.createSdk(baseUrl, async (url) => {
      asked = ask(url, undefined, options);
      return (await asked).text;
    });
    const verdict = await Promise.resolve(choose(sdk)(core)).catch((thrown: unknown) => thrown);
    // Without a request there is only the SDK's word on why.
    if (!asked) throw new Error('The SDK made no request', { cause: verdict });
    return read(await asked, options);
  }

  const unexpected = (error: z.ZodError): ApiFailure =>
    badAnswer(`${host} answered in a form Whospent does not know.`, clip(error.issues.map(where).join('; ')));

  const guarded = <T>(promise: Promise<T>): Promise<T> =>
    promise.catch((thrown: unknown) => Promise.reject(withoutKey(thrown, key)));

  return {
    get: (path, { query = {}, ...options }) => {
      const url = new URL(baseUrl + path);
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
      return guarded(ask(url.href, undefined, options).then((answer) => read(answer, options)));
    },
    post: (path, body, options) =>
      guarded(ask(baseUrl + path, JSON.stringify(body), options).then((answer) => read(answer, options))),
    call: (choose, options) => guarded(call(choose, options)),
    now: (at = performance.now()) =>
      Math.round(serverOrigin === null ? Date.now() - (performance.now() - at) : serverOrigin + at),
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
  if (!isRecord(body) || !isRecord(body.error)) return undefined;
  const code = Number(body.error.code);
  return code >= 400 && code <= 599 ? code : undefined;
}

const where = ({ path, message }: z.core.$ZodIssue): string => `${path.join('.') || 'answer'}: ${message}`;

/** Servers like to repeat the key they refuse; it must not reach a screen or a report. */
function withoutKey(thrown: unknown, key: string): unknown {
  if (!(thrown instanceof AppFailure) || thrown.error.detail === undefined) return thrown;
  const error: AppError = { ...thrown.error, detail: redact(thrown.error.detail.replaceAll(key, '…')) };
  return thrown instanceof ApiFailure
    ? new ApiFailure(error, thrown.retry, thrown.status)
    : new AppFailure(error);
}
