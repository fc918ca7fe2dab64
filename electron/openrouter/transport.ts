/** The part of `fetch` that both Node and Electron's sessions have. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const TIMEOUT_MS = 60_000;

/** The server did not answer in time. */
export class NoAnswerInTime extends Error {
  constructor(ms: number) {
    super(`No answer within ${ms / 1000} s`);
    this.name = 'NoAnswerInTime';
  }
}

export interface Question {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON to be posted; absent: `GET`. */
  readonly body?: string | undefined;
}

/** An answer read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * Sends one request and reads the answer to its end, both within the time given: a server that drips is as good
 * as silent. Redirects are refused, since they would carry the key to another place, and no cookies are sent.
 * @throws the signal's reason when it is aborted, {@link NoAnswerInTime}, or what `fetch` throws
 */
export async function send(
  fetch: Fetch,
  { url, headers, body }: Question,
  signal?: AbortSignal,
  timeoutMs = TIMEOUT_MS,
): Promise<Answer> {
  signal?.throwIfAborted();
  const late = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...headers, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
      ...(body !== undefined && { body }),
      redirect: 'error',
      credentials: 'omit',
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  } catch (thrown) {
    signal?.throwIfAborted();
    throw late.aborted ? new NoAnswerInTime(timeoutMs) : thrown;
  }
}
