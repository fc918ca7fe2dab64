import { Hono } from 'hono';
import { z } from 'zod';
import { SAMPLE_WORKSPACE } from '../../../shared/sample/catalogue.ts';
import type { SampleKey } from '../../../shared/sample/types.ts';
import { authenticate, keyLabel, requireManagement } from '../auth.ts';
import { parse } from '../errors.ts';
import { DAY } from '../ledger.ts';
import type { World } from '../world.ts';

const KeysQuery = z.object({
  include_disabled: z.enum(['true', 'false']).default('false'),
  offset: z.coerce.number().int().min(0).default(0),
  workspace_id: z.string().default(SAMPLE_WORKSPACE.id),
});
const KEYS_PER_PAGE = 100;

/** `GET /key`, `GET /keys`, `GET /credits`. */
export function keyRoutes({ account, ledger, keys, now }: World): Hono {
  /** Spent on one key, by the UTC day, week (from Monday) and month of the server's clock. USD. */
  const usageOf = (hash: string) => {
    const today = Math.floor(now() / DAY) * DAY;
    const date = new Date(today);
    const since = (start: number) => ledger.spend((entry) => entry.keyHash === hash && entry.day >= start);
    const total = since(Number.NEGATIVE_INFINITY);
    const daily = since(today);
    const weekly = since(today - ((date.getUTCDay() + 6) % 7) * DAY);
    const monthly = since(today - (date.getUTCDate() - 1) * DAY);
    return {
      usage: total.credits,
      usage_daily: daily.credits,
      usage_weekly: weekly.credits,
      usage_monthly: monthly.credits,
      byok_usage: total.byok,
      byok_usage_daily: daily.byok,
      byok_usage_weekly: weekly.byok,
      byok_usage_monthly: monthly.byok,
    };
  };
  const unlimited = { limit: null, limit_remaining: null, limit_reset: null, include_byok_in_limit: false };
  const describe = (key: SampleKey) => ({
    hash: key.hash,
    name: key.name,
    label: key === keys.inferenceKey ? keyLabel(keys.inference) : keyLabel(`sk-or-v1-${key.hash}`),
    disabled: key.disabled,
    ...unlimited,
    ...usageOf(key.hash),
    created_at: '2026-01-12T10:30:00.000Z',
    updated_at: null,
    expires_at: null,
    creator_user_id: key.member_id,
    external_user: null,
    workspace_id: SAMPLE_WORKSPACE.id,
  });

  return new Hono()
    .get('/key', (c) => {
      const kind = authenticate(c, keys);
      const management = kind === 'management';
      return c.json({
        data: {
          label: keyLabel(keys[kind]),
          ...unlimited,
          ...usageOf(management ? '' : keys.inferenceKey.hash),
          is_free_tier: false,
          is_management_key: management,
          is_provisioning_key: management,
          expires_at: null,
          creator_user_id: keys.inferenceKey.member_id,
          organization_id: null,
          workspace_id: SAMPLE_WORKSPACE.id,
          allowed_data_regions: ['global'],
          free_model_daily_requests: { limit: 1000, used: 0, remaining: 1000 },
          rate_limit: { requests: -1, interval: '10s', note: 'This field is deprecated and safe to ignore.' },
        },
      });
    })
    .get('/keys', (c) => {
      requireManagement(c, keys);
      const query = parse(KeysQuery, c.req.query());
      const listed = account.keys.filter((key) => query.include_disabled === 'true' || !key.disabled);
      const own = query.workspace_id === SAMPLE_WORKSPACE.id ? listed : [];
      return c.json({ data: own.slice(query.offset, query.offset + KEYS_PER_PAGE).map(describe) });
    })
    .get('/credits', (c) => {
      requireManagement(c, keys);
      const { credits } = ledger.spend(() => true);
      // Bought in hundreds, and never quite used up.
      return c.json({ data: { total_credits: (Math.floor(credits / 100) + 1) * 100, total_usage: credits } });
    });
}
