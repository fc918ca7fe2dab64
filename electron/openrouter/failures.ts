/** The one place where what goes wrong on the way to OpenRouter is turned into words. */
import { type AppError, AppFailure } from '../../shared/errors.ts';
import { isRecord } from './record.ts';
import { type Answer, NoAnswerInTime } from './transport.ts';

/** Whether the same request may succeed later, and when the server says so (ms from now, null: it did not say). */
export type Retry = { readonly afterMs: number | null } | null;

/** An `AppFailure` of a request to OpenRouter. */
export class ApiFailure extends AppFailure {
  readonly retry: Retry;
  /** Of the answer; null where there was none, or none that could be read. */
  readonly status: number | null;

  constructor(error: AppError, retry: Retry = null, status: number | null = null) {
    super(error);
    this.retry = retry;
    this.status = status;
  }
}

/** The status of the answer that something thrown stands for, or null. */
export const statusOf = (thrown: unknown): number | null =>
  thrown instanceof ApiFailure ? thrown.status : null;

const UNCHANGED = 'The data stored here is unchanged.';
const LATER: Retry = { afterMs: null };

/** The reader stopped it. */
export function stopped(): AppFailure {
  return new AppFailure({
    code: 'stopped',
    title: 'Stopped.',
    meaning: 'Everything received so far is stored.',
    action: 'Sync again to go on from here.',
  });
}

/**
 * The failure for what a request threw before there was an answer.
 * @param host whom we asked, for the reader
 */
export function fromThrown(thrown: unknown, host: string): ApiFailure {
  if (thrown instanceof NoAnswerInTime) {
    return new ApiFailure(
      {
        code: 'offline',
        title: `${host} did not answer in time.`,
        meaning: UNCHANGED,
        action: 'Check the connection; Whospent can go on where it stopped.',
        detail: thrown.message,
      },
      LATER,
    );
  }
  const detail = describe(thrown);
  if (/redirect/i.test(detail)) {
    return new ApiFailure({
      code: 'not-openrouter',
      title: `${host} sent the request on to another address.`,
      meaning: `Whospent did not follow, so that your key goes nowhere else. ${UNCHANGED}`,
      action:
        'A proxy or a sign-in page may stand in between: open a web page in your browser first, or check the base URL.',
      detail,
    });
  }
  if (/CERT|SSL|TLS|self.signed|unable to verify|EPROTO/i.test(detail)) {
    return new ApiFailure({
      code: 'not-openrouter',
      title: `The connection to ${host} is not secure.`,
      meaning: `The other side could not prove who it is, so your key was not sent. ${UNCHANGED}`,
      action:
        'Check this computer’s clock. Behind a company proxy, its certificate must be trusted by the system; ask whoever runs it.',
      detail,
    });
  }
  const proxy = /PROXY|TUNNEL/i.test(detail);
  const brokeOff =
    /RESET|MISMATCH|INCOMPLETE|EMPTY_RESPONSE|CONNECTION_CLOSED|terminated|hang up|other side closed/i;
  const title = brokeOff.test(detail) ? `The connection to ${host} broke off.` : `${host} cannot be reached.`;
  return new ApiFailure(
    {
      code: 'offline',
      title: proxy ? 'The proxy let nothing through.' : title,
      meaning: 'Everything stored here stays usable without a connection.',
      action: proxy
        ? 'Check the system’s proxy settings, then try again.'
        : 'Check the internet connection and the base URL, then try again.',
      detail,
    },
    LATER,
  );
}

/**
 * The failure an answer stands for, or undefined when its status and its form are those of a result.
 * @param absent what a 404 or 405 means at this address
 */
export function fromAnswer(
  answer: Answer,
  host: string,
  absent: 'generations-not-offered' | 'not-openrouter',
): ApiFailure | undefined {
  const failure = readFailure(answer, host, absent);
  return failure && new ApiFailure(failure.error, failure.retry, answer.status);
}

function readFailure(
  answer: Answer,
  host: string,
  absent: 'generations-not-offered' | 'not-openrouter',
): ApiFailure | undefined {
  const { status } = answer;
  if (status === 404 || status === 405) {
    if (absent === 'generations-not-offered') return notOffered(detailOf(answer));
    return notOpenRouter(answer, host);
  }
  // Proxies and Cloudflare explain server errors with web pages; they are server errors all the same.
  if (isServerError(status)) return serverError(answer, host);
  if (status === 429) return rateLimited(answer, host);
  if (status === 407 || isWebPage(answer)) return notOpenRouter(answer, host);
  if (status >= 200 && status < 300) return undefined;
  return fromStatus(answer, host);
}

function fromStatus(answer: Answer, host: string): ApiFailure {
  const detail = detailOf(answer);
  switch (answer.status) {
    case 401:
      return new ApiFailure({
        code: 'key-refused',
        title: `${host} does not accept this key.`,
        meaning: `It may be mistyped, disabled, expired or deleted. ${UNCHANGED}`,
        action: 'Copy the key again from openrouter.ai → Settings → Keys, or create a new one.',
        detail,
      });
    case 402:
      return new ApiFailure({
        code: 'no-credits',
        title: 'The OpenRouter account has no credits left.',
        meaning: UNCHANGED,
        action: 'Add credits at openrouter.ai, then try again.',
        detail,
      });
    case 403:
      return new ApiFailure({
        code: 'key-wrong-kind',
        title: 'This key may not list generations.',
        meaning: UNCHANGED,
        action: 'Connect with another key, or drop the activity CSV from openrouter.ai → Activity here.',
        detail,
      });
    default:
      return badAnswer(`${host} did not accept the request.`, detail);
  }
}

/** What answered is no JSON, or not the JSON that was asked for. */
export function badAnswer(title: string, detail: string): ApiFailure {
  return new ApiFailure({
    code: 'bad-answer',
    title,
    meaning: `Whospent stores nothing it cannot read. ${UNCHANGED}`,
    action: 'Try again; if it stays so, look for a newer Whospent, or import the activity CSV meanwhile.',
    detail,
  });
}

function notOffered(detail: string): ApiFailure {
  return new ApiFailure({
    code: 'generations-not-offered',
    title: 'OpenRouter does not offer the list of generations to this account.',
    meaning: `The key is fine, but its history cannot be pulled. ${UNCHANGED}`,
    action:
      'Download the activity CSV at openrouter.ai → Activity and drop it here. Try the key again another day.',
    detail,
  });
}

function notOpenRouter(answer: Answer, host: string): ApiFailure {
  return new ApiFailure({
    code: 'not-openrouter',
    title: `What answered at ${host} is not OpenRouter’s API.`,
    meaning: `${isWebPage(answer) ? 'It is a web page, perhaps of a proxy or a sign-in. ' : ''}${UNCHANGED}`,
    action:
      'Check the base URL (OpenRouter’s ends in /api/v1). On a hotel’s or a company’s network, open a web page in your browser first.',
    detail: detailOf(answer),
  });
}

function serverError(answer: Answer, host: string): ApiFailure {
  return new ApiFailure(
    {
      code: 'server-error',
      title: `${host} has a problem at the moment.`,
      meaning: UNCHANGED,
      action: 'Nothing on your side: try again in some minutes.',
      detail: detailOf(answer),
    },
    { afterMs: retryAfter(answer) },
  );
}

function rateLimited(answer: Answer, host: string): ApiFailure {
  return new ApiFailure(
    {
      code: 'rate-limited',
      title: `${host} asks for a pause.`,
      meaning: `Too many requests in a short time. ${UNCHANGED}`,
      action: 'Wait a little, then try again.',
      detail: detailOf(answer),
    },
    { afterMs: retryAfter(answer) },
  );
}

const isServerError = (status: number): boolean => status === 408 || (status >= 500 && status <= 599);

const isWebPage = ({ headers, text }: Answer): boolean =>
  /\bx?html\b/i.test(headers.get('content-type') ?? '') ||
  /^\s*<(?:!doctype|html|\?xml|head|body)/i.test(text);

/**
 * Reads `Retry-After`: seconds, or a date.
 * @returns ms from now, never negative; null where the header is absent or unreadable
 */
export function retryAfter({ headers }: Pick<Answer, 'headers'>): number | null {
  const value = headers.get('retry-after')?.trim();
  if (!value) return null;
  // A date is one by the server's clock, which need not be this computer's.
  const served = Date.parse(headers.get('date') ?? '');
  const now = Number.isNaN(served) ? Date.now() : served;
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

/** The other side's own words: the message of its error, or the title of its page. Plain text, short. */
function detailOf(answer: Answer): string {
  const words = isWebPage(answer) ? pageTitle(answer.text) : errorMessage(answer.text);
  return `HTTP ${answer.status}${words ? `: ${clip(words)}` : ''}`;
}

const pageTitle = (html: string): string => /<title[^>]*>([^<]*)/i.exec(html.slice(0, 100_000))?.[1] ?? '';

function errorMessage(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    const error = isRecord(body) && isRecord(body.error) ? body.error : body;
    return isRecord(error) && typeof error.message === 'string' ? error.message : '';
  } catch {
    return text.slice(0, 1000);
  }
}

/** One line of at most 200 characters. */
export const clip = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
};

/** An error and its causes in one line: Node hides the interesting part in `cause`. */
function describe(thrown: unknown): string {
  const parts: string[] = [];
  for (let error = thrown; error instanceof Error && parts.length < 5; error = error.cause) {
    const code = 'code' in error && typeof error.code === 'string' ? `${error.code} ` : '';
    parts.push(`${code}${error.message}`.trim());
  }
  return clip(parts.length > 0 ? parts.filter(Boolean).join(': ') : String(thrown));
}
