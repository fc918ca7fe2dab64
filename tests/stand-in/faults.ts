import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { MiddlewareHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { errorBody } from './errors.ts';

/** What the next matching request meets instead of its answer. */
export interface Fault {
  /** Path below `/api/v1`, such as `/generations`: exactly, or by pattern. */
  path: string | RegExp;
  method?: 'GET' | 'POST';
  /** Narrows it further, for instance to a page: `({ searchParams }) => searchParams.get('offset') === '50'`. */
  when?: (url: URL) => boolean;
  /** How many requests meet it; Infinity for all. Default 1. */
  times?: number;
  /** Default 500. */
  status?: number;
  /** A string is sent as it is, anything else as JSON; default is OpenRouter's error body for the status. */
  body?: unknown;
  contentType?: string;
  headers?: Record<string, string>;
  /** Never answers, until the client gives up or the server closes. */
  hang?: boolean;
  /** Answered as ever, but not before the faults are cleared. */
  late?: boolean;
  /** Cuts the connection: before any answer, halfway through the body, or by a TCP reset. */
  drop?: 'before' | 'midway' | 'reset';
  /** Sends the body a byte every so many milliseconds, for as long as anybody listens. */
  dripMs?: number;
}

const HTML = `<!DOCTYPE html>
<html lang="en"><head><title>502 Bad Gateway</title></head>
<body><h1>Bad Gateway</h1><p>The web server reported a bad gateway error.</p></body></html>
`;

/** Faults on demand: a queue that the middleware consults before anything else answers. */
export class Faults {
  #waiting: { fault: Fault; left: number }[] = [];
  readonly #hanging = new Set<() => void>();

  /** The next request that matches meets this fault; faults for the same request are met in the order given. */
  next(fault: Fault): void {
    this.#waiting.push({ fault, left: fault.times ?? 1 });
  }

  /** The next request to `path` gets an HTML page, as gateways send. */
  html(path: Fault['path'], status = 502): void {
    this.next({ path, status, body: HTML, contentType: 'text/html; charset=utf-8' });
  }

  /** How many requests are hanging now. */
  get hanging(): number {
    return this.#hanging.size;
  }

  /** How many faults have not been met yet. */
  get pending(): number {
    return this.#waiting.length;
  }

  /** Forgets the faults not yet met and lets hanging requests go (with 503; late ones with their answer). */
  clear(): void {
    this.#waiting = [];
    for (const release of this.#hanging) release();
  }

  /** @param base the path that every fault's path is below, such as `/api/v1` */
  middleware(base: string): MiddlewareHandler<{ Bindings: HttpBindings }> {
    return async (c, next) => {
      const fault = this.#take(c.req.method, new URL(c.req.url), base);
      if (!fault) return next();
      if (fault.late) {
        await this.#hang(c.req.raw.signal);
        return next();
      }
      if (fault.hang) {
        await this.#hang(c.req.raw.signal);
        return c.json(errorBody(503, 'The request was left hanging'), 503);
      }
      const status = (fault.status ?? 500) as ContentfulStatusCode;
      const body = fault.body === undefined ? errorBody(status, 'A fault on demand') : fault.body;
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const { outgoing } = c.env;
      if (fault.dripMs !== undefined) {
        outgoing.writeHead(status, { 'content-type': fault.contentType ?? 'application/json' });
        const drip = setInterval(() => outgoing.write(' '), fault.dripMs);
        outgoing.on('close', () => clearInterval(drip));
        return RESPONSE_ALREADY_SENT;
      }
      if (fault.drop === 'reset' && 'resetAndDestroy' in (outgoing.socket ?? {})) {
        outgoing.socket?.resetAndDestroy();
        return RESPONSE_ALREADY_SENT;
      }
      if (fault.drop) {
        if (fault.drop === 'midway') {
          const type = fault.contentType ?? 'application/json';
          outgoing.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) + 1 });
          await new Promise((sent) => outgoing.write(text.slice(0, text.length / 2), sent));
        }
        outgoing.destroy();
        return RESPONSE_ALREADY_SENT;
      }
      return c.body(text, status, {
        'content-type': fault.contentType ?? 'application/json',
        ...fault.headers,
      });
    };
  }

  #take(method: string, url: URL, base: string): Fault | undefined {
    if (!url.pathname.startsWith(base)) return undefined;
    const path = url.pathname.slice(base.length);
    const index = this.#waiting.findIndex(
      ({ fault }) =>
        (fault.method ?? method) === method &&
        (typeof fault.path === 'string' ? fault.path === path : fault.path.test(path)) &&
        (fault.when?.(url) ?? true),
    );
    const found = this.#waiting[index];
    if (!found) return undefined;
    if (--found.left <= 0) this.#waiting.splice(index, 1);
    return found.fault;
  }

  #hang(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const release = (): void => {
        this.#hanging.delete(release);
        resolve();
      };
      this.#hanging.add(release);
      signal.addEventListener('abort', release);
    });
  }
}
