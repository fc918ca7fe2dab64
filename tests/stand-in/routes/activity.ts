import { Hono } from 'hono';
import { z } from 'zod';
import { SAMPLE_WORKSPACE } from '../../../shared/sample/catalogue.ts';
import { requireManagement } from '../auth.ts';
import { ApiError, parse } from '../errors.ts';
import { ExactSum } from '../exact-sum.ts';
import { DAY, type LedgerEntry } from '../ledger.ts';
import type { World } from '../world.ts';

const DAYS = 30;
const Query = z.object({
  date: z.iso.date().optional(),
  api_key_hash: z.string().optional(),
  user_id: z.string().optional(),
  group_by: z.literal('workspace').optional(),
  workspace_id: z.string().optional(),
});

/** `GET /activity`: the last 30 completed UTC days by date, model and endpoint; the latest day first. */
export function activityRoutes({ ledger, keys, now }: World): Hono {
  return new Hono().get('/activity', (c) => {
    requireManagement(c, keys);
    const query = parse(Query, c.req.query());
    const today = Math.floor(now() / DAY) * DAY;
    const first = today - DAYS * DAY;
    const day = query.date === undefined ? undefined : Date.parse(query.date);
    if (day !== undefined && !(day >= first && day < today))
      throw new ApiError(400, 'Date must be within the last 30 (completed) UTC days');

    const groups = new Map<string, LedgerEntry[]>();
    for (const entry of ledger.entries()) {
      const passes =
        (day === undefined ? entry.day >= first && entry.day < today : entry.day === day) &&
        (query.api_key_hash ?? entry.keyHash) === entry.keyHash &&
        (query.user_id ?? entry.memberId) === entry.memberId &&
        (query.workspace_id ?? SAMPLE_WORKSPACE.id) === SAMPLE_WORKSPACE.id;
      if (!passes) continue;
      const key = `${entry.day} ${entry.endpointId}`;
      const group = groups.get(key);
      if (group) group.push(entry);
      else groups.set(key, [entry]);
    }
    const data = [...groups.values()].sort(([a], [b]) => b!.day - a!.day).map(item);
    return c.json({
      data: query.group_by ? data.map((row) => ({ ...row, workspace_id: SAMPLE_WORKSPACE.id })) : data,
    });
  });
}

function item(entries: LedgerEntry[]) {
  const first = entries[0]!;
  const total = (field: 'requests' | 'promptTokens' | 'completionTokens' | 'reasoningTokens'): number =>
    entries.reduce((sum, entry) => sum + entry[field], 0);
  const money = (field: 'credits' | 'byok'): number => {
    const sum = new ExactSum();
    for (const entry of entries) sum.addSum(entry[field]);
    return sum.value;
  };
  return {
    date: new Date(first.day).toISOString().slice(0, 10),
    model: first.model,
    model_permaslug: first.modelPermaslug,
    endpoint_id: first.endpointId,
    provider_name: first.endpointProvider,
    usage: money('credits'),
    byok_usage_inference: money('byok'),
    requests: total('requests'),
    prompt_tokens: total('promptTokens'),
    completion_tokens: total('completionTokens'),
    reasoning_tokens: total('reasoningTokens'),
  };
}
