import type { MiddlewareHandler } from 'hono';
import { type KeyKind, keyKindOf, type StandInKeys } from './auth.ts';

/** A request as the server saw it. Key texts are never kept: one in a URL is replaced by its kind. */
export interface LoggedRequest {
  method: string;
  /** Path and query. */
  url: string;
  /** UTC milliseconds, by the server's clock. */
  at: number;
  key: KeyKind | 'unknown' | null;
  /** The answer's status; null until it is there. */
  status: number | null;
}

/** Writes every request into `log`, the oldest first. */
export function logRequests(log: LoggedRequest[], keys: StandInKeys, now: () => number): MiddlewareHandler {
  return async (c, next) => {
    const { pathname, search } = new URL(c.req.url);
    const url = `${pathname}${search}`
      .replaceAll(keys.inference, '[inference key]')
      .replaceAll(keys.management, '[management key]');
    const entry: LoggedRequest = {
      method: c.req.method,
      url,
      at: now(),
      key: keyKindOf(c, keys),
      status: null,
    };
    log.push(entry);
    await next();
    entry.status = c.res.status;
  };
}
