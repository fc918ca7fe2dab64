import { type HttpBindings, serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createAccount } from '../../shared/sample/account.ts';
import { LiveAccount } from './account.ts';
import { createKeys } from './auth.ts';
import { ApiError, errorBody } from './errors.ts';
import { Faults } from './faults.ts';
import { DAY, Ledger } from './ledger.ts';
import { RateLimit } from './limits.ts';
import type { Offer } from './offer.ts';
import { type LoggedRequest, logRequests } from './requests.ts';
import { activityRoutes } from './routes/activity.ts';
import { analyticsRoutes } from './routes/analytics.ts';
import { chatRoutes } from './routes/chat.ts';
import { generationRoutes } from './routes/generations.ts';
import { keyRoutes } from './routes/keys.ts';
import type { World } from './world.ts';

const HOST = '127.0.0.1';
const BASE = '/api/v1';

export interface StandInOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  /** Generations in the account. Default 2,000. */
  rows?: number;
  /** End users. Default 60. */
  users?: number;
  /** Default 1. */
  seed?: number;
  /** UTC milliseconds just after the newest seeded generation. Default: the last UTC midnight by `now`. */
  endTime?: number;
  /** The server's clock, UTC milliseconds. Default `Date.now`. */
  now?: () => number;
  /** What this account is offered; default everything. */
  offer?: Partial<Offer>;
  /** Requests a minute to `/analytics/*`. Default 64. */
  analyticsPerMinute?: number;
  /**
   * Whether the analytics' 31 and 365 days also bound how old data may be, besides how long a query may reach.
   * OpenRouter's documentation leaves that open. Default false.
   */
  analyticsBoundsAge?: boolean;
}

export interface StandIn {
  /** With `/api/v1`: what the official clients take as `serverURL` or `baseURL`. */
  readonly baseUrl: string;
  readonly inferenceKey: string;
  readonly managementKey: string;
  readonly account: LiveAccount;
  /** Can be changed while the server runs. */
  readonly offer: Offer;
  readonly faults: Faults;
  /** Every request so far, the oldest first. */
  readonly requests: readonly LoggedRequest[];
  readonly analyticsLimit: RateLimit;
  /** Adds up the books now, so that the first `/key` of a large account need not. */
  warm(): void;
  /** Cuts all connections and frees the port. */
  close(): Promise<void>;
}

/** Starts a stand-in on 127.0.0.1. Rejects when the port is taken; throws RangeError for impossible options. */
export async function startStandIn(options: StandInOptions = {}): Promise<StandIn> {
  const { port = 0, rows = 2000, users = 60, seed = 1, now = Date.now, analyticsPerMinute = 64 } = options;
  const endTime = options.endTime ?? Math.floor(now() / DAY) * DAY;
  const account = new LiveAccount(createAccount({ seed, rows, users, endTime }));
  const keys = createKeys(seed, account.keys[0]!);
  const world: World = {
    account,
    ledger: new Ledger(account),
    keys,
    offer: { generations: true, analytics: true, ...options.offer },
    analyticsLimit: new RateLimit(analyticsPerMinute, now),
    analyticsBoundsAge: options.analyticsBoundsAge ?? false,
    now,
  };
  const faults = new Faults();
  const requests: LoggedRequest[] = [];

  const app = new Hono<{ Bindings: HttpBindings }>();
  // The server’s clock is also the one that its answers tell.
  app.use(async (c, next) => {
    await next();
    c.res.headers.set('date', new Date(now()).toUTCString());
  });
  app.use(logRequests(requests, keys, now));
  app.use(faults.middleware(BASE));
  for (const routes of [keyRoutes, generationRoutes, analyticsRoutes, activityRoutes, chatRoutes])
    app.route(BASE, routes(world));
  app.notFound((c) => c.json(errorBody(404, 'Not Found'), 404));
  app.onError((error, c) => {
    if (error instanceof ApiError) return error.respond(c);
    console.error(error);
    return c.json(errorBody(500, 'Internal Server Error'), 500);
  });

  // The clients under test live in the same process: their global Request and Response must stay their own.
  const server = serve({ fetch: app.fetch, port, hostname: HOST, overrideGlobalObjects: false });
  const address = await new Promise<{ port: number }>((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => resolve(server.address() as { port: number }));
  });

  return {
    baseUrl: `http://${HOST}:${address.port}${BASE}`,
    inferenceKey: keys.inference,
    managementKey: keys.management,
    account,
    offer: world.offer,
    faults,
    requests,
    analyticsLimit: world.analyticsLimit,
    warm: () => void world.ledger.entries(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        faults.clear();
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
