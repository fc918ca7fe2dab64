import { type Context, Hono } from 'hono';
import { DIMENSIONS } from '../analytics/dimensions.ts';
import { OPERATORS } from '../analytics/filters.ts';
import { METRICS } from '../analytics/metrics.ts';
import { Query, runQuery } from '../analytics/query.ts';
import { GRANULARITIES } from '../analytics/time.ts';
import { requireManagement } from '../auth.ts';
import { parseBody } from '../errors.ts';
import { requireOffer } from '../offer.ts';
import type { World } from '../world.ts';

const META = {
  metrics: [...METRICS].map(([name, { label, format }]) => ({
    name,
    display_label: label,
    is_rate: format !== 'number' && format !== 'currency',
    display_format: format,
  })),
  dimensions: [...DIMENSIONS].map(([name, { label }]) => ({ name, display_label: label })),
  operators: OPERATORS,
  granularities: GRANULARITIES.map((name) => ({
    name,
    display_label: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
  })),
};

/** `GET /analytics/meta` and `POST /analytics/query`, for management keys, within the rate limit. */
export function analyticsRoutes({
  account,
  keys,
  offer,
  analyticsLimit,
  analyticsBoundsAge,
  now,
}: World): Hono {
  const admit = (c: Context): void => {
    requireOffer(c, keys, offer.analytics);
    requireManagement(c, keys);
    analyticsLimit.take();
  };

  return new Hono()
    .get('/analytics/meta', (c) => {
      admit(c);
      return c.json({ data: META });
    })
    .post('/analytics/query', async (c) => {
      admit(c);
      const started = performance.now();
      const query = await parseBody(c, Query);
      const { data, truncated, warnings } = runQuery(query, account, { now: now(), age: analyticsBoundsAge });
      const metadata = {
        query_time_ms: Math.round(performance.now() - started),
        row_count: data.length,
        truncated,
      };
      return c.json({ data: { data, metadata, ...(warnings.length > 0 && { warnings }) } });
    });
}
