import { Decimal } from 'decimal.js';
import { describe, expect, test } from 'vitest';
import { createAccount } from '../../shared/sample/account.ts';
import { apiModelName, SAMPLE_DAYS, SAMPLE_END_TIME, SAMPLE_MODELS } from '../../shared/sample/catalogue.ts';
import type { SampleRow } from '../../shared/sample/types.ts';

const account = createAccount({ seed: 7, rows: 20_000, users: 300 });
const rows = Array.from({ length: account.length }, (_, i) => account.generation(i));
const share = (passes: (row: SampleRow) => boolean): number => rows.filter(passes).length / rows.length;

describe('determinism', () => {
  test('the same options give the same account, in whatever order it is read', () => {
    const again = createAccount({ seed: 7, rows: 20_000, users: 300 });
    for (const i of [19_999, 0, 4_321, 4_322, 0]) expect(again.generation(i)).toEqual(rows[i]);
    expect(again.keys).toEqual(account.keys);
    expect(again.users).toEqual(account.users);
  });

  test('another seed gives another account', () => {
    const other = createAccount({ seed: 8, rows: 20_000, users: 300 });
    const ids = new Set(rows.map(({ api }) => api.id));
    for (let i = 0; i < 1000; i++) expect(ids.has(other.generation(i).api.id)).toBe(false);
    expect(other.users).not.toEqual(account.users);
  });

  test('a fixed row stays what it was: the sample must not change unnoticed', () => {
    const { api, extra } = createAccount({ rows: 1000, users: 50 }).generation(0);
    expect([
      api.id,
      api.created_at,
      api.model,
      api.external_user,
      api.total_cost,
      extra.api_key_name,
    ]).toMatchInlineSnapshot(`
      [
        "gen-1794819047-tAPlVKb0f1ccREx6nrBH",
        "2026-11-16T08:50:47.197860+00:00",
        "openai/gpt-4.1-2025-04-14",
        "user_20282",
        0.015516,
        "production",
      ]
    `);
  });

  test('impossible options are refused', () => {
    expect(() => createAccount({ rows: -1, users: 1 })).toThrow(RangeError);
    expect(() => createAccount({ rows: 1.5, users: 1 })).toThrow(RangeError);
    expect(() => createAccount({ rows: 1, users: 0 })).toThrow(RangeError);
    expect(() => createAccount({ rows: 1, users: 1, seed: 0.5 })).toThrow(RangeError);
    expect(() => account.generation(account.length)).toThrow(RangeError);
    expect(() => account.generation(-1)).toThrow(RangeError);
  });
});

describe('order and identity', () => {
  test('times fall strictly, within the days before the end', () => {
    for (let i = 1; i < rows.length; i++)
      expect(rows[i]!.extra.created_ms).toBeLessThan(rows[i - 1]!.extra.created_ms);
    expect(rows[0]!.extra.created_ms).toBeLessThan(SAMPLE_END_TIME);
    expect(rows.at(-1)!.extra.created_ms).toBeGreaterThanOrEqual(SAMPLE_END_TIME - SAMPLE_DAYS * 86_400_000);
  });

  test('the time alone is the time of the row', () => {
    for (let i = 0; i < rows.length; i += 97) expect(account.createdMs(i)).toBe(rows[i]!.extra.created_ms);
    for (const { api, extra } of rows.slice(0, 500))
      expect(Date.parse(api.created_at)).toBe(extra.created_ms);
  });

  test('ids are unique and carry the second of their creation', () => {
    expect(new Set(rows.map(({ api }) => api.id)).size).toBe(rows.length);
    for (const { api, extra } of rows) {
      expect(api.id).toMatch(/^gen-\d{10}-[0-9A-Za-z]{20}$/);
      expect(Number(api.id.slice(4, 14))).toBe(Math.floor(extra.created_ms / 1000));
    }
  });

  test('times stay distinct in a busy account', () => {
    const busy = createAccount({ rows: 5_000_000, users: 10 });
    for (let i = 1; i < 5000; i++) expect(busy.createdMs(i)).toBeLessThan(busy.createdMs(i - 1));
  });

  test('the end can be chosen', () => {
    const endTime = Date.UTC(2030, 0, 1);
    const newest = createAccount({ rows: 1000, users: 5, endTime }).createdMs(0);
    expect(newest).toBeLessThan(endTime);
    expect(newest).toBeGreaterThan(endTime - 86_400_000);
  });
});

describe('users', () => {
  test('ids are unique, of mixed looks, with twins that differ only by case', () => {
    const users = createAccount({ rows: 1, users: 20_000 }).users;
    expect(new Set(users).size).toBe(20_000);
    expect(users.some((id) => /^user_\d+$/.test(id))).toBe(true);
    expect(
      users.some((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
    ).toBe(true);
    expect(users.some((id) => /^[0-9a-f]{8}$/.test(id))).toBe(true);
    expect(users).toContain('Acme');
    expect(users).toContain('acme');
    expect(users).not.toContain('user_12345');
  });

  test('about 7 % of requests have no user; the busiest tenth makes most of the rest', () => {
    expect(share(({ api }) => api.external_user === null)).toBeCloseTo(0.07, 1);
    const counts = new Map<string | null, number>();
    for (const { api } of rows) counts.set(api.external_user, (counts.get(api.external_user) ?? 0) + 1);
    counts.delete(null);
    const sorted = [...counts.values()].sort((a, b) => b - a);
    const top = sorted.slice(0, 30).reduce((sum, count) => sum + count, 0);
    expect(top / rows.length).toBeGreaterThan(0.5);
    expect(sorted.length).toBeGreaterThan(250);
  });
});

describe('what a request says', () => {
  test('every kind of request occurs, none too often', () => {
    const between = (value: number, low: number, high: number) => {
      expect(value).toBeGreaterThan(low);
      expect(value).toBeLessThan(high);
    };
    between(
      share(({ extra }) => extra.variant === 'free'),
      0.01,
      0.15,
    );
    between(
      share(({ api }) => api.is_byok),
      0.02,
      0.25,
    );
    between(
      share(({ api }) => api.cache_discount !== null),
      0.05,
      0.5,
    );
    between(
      share(({ api }) => (api.native_tokens_reasoning ?? 0) > 0),
      0.1,
      0.5,
    );
    between(
      share(({ api }) => api.finish_reason === 'error'),
      0.005,
      0.03,
    );
    between(
      share(({ api }) => api.cancelled === true),
      0.005,
      0.04,
    );
    between(
      share(({ api }) => api.provider_name === null),
      0.001,
      0.02,
    );
    between(
      share(({ api }) => String(api.total_cost).length > 16),
      0.01,
      0.08,
    );
    between(
      share(({ extra }) => extra.cost_web_search > 0),
      0.001,
      0.1,
    );
    between(
      share(({ extra }) => extra.cost_file_processing > 0),
      0.001,
      0.1,
    );
    expect(new Set(rows.map(({ api }) => api.model)).size).toBe(SAMPLE_MODELS.length);
  });

  test('the parts agree with the whole', () => {
    for (const { api, extra } of rows) {
      expect(api.usage).toBe(api.total_cost);
      expect(api.native_tokens_prompt).toBe(api.tokens_prompt);
      expect(api.native_tokens_completion).toBe(api.tokens_completion);
      expect(api.native_tokens_reasoning ?? 0).toBeLessThanOrEqual(api.tokens_completion ?? 0);
      expect(api.native_tokens_cached ?? 0).toBeLessThanOrEqual(api.tokens_prompt ?? 0);
      expect(-extra.cost_cache).toBeCloseTo(api.cache_discount ?? 0, 15);
      expect(api.model.endsWith(':free')).toBe(extra.variant === 'free');
      if (extra.variant === 'free') expect(api.total_cost).toBe(0);
      if (api.is_byok) {
        expect(api.total_cost).toBe(0);
        expect(api.upstream_inference_cost).not.toBeNull();
      }
      if (api.provider_name === null) {
        expect([api.tokens_prompt, api.latency, api.generation_time, api.upstream_id]).toEqual([
          null,
          null,
          null,
          null,
        ]);
        expect(api.total_cost).toBe(0);
      }
    }
  });

  test('a request not on the own key may name its upstream cost or leave it unknown', () => {
    const own = rows.filter(({ api }) => !api.is_byok);
    expect(own.some(({ api }) => api.upstream_inference_cost === null)).toBe(true);
    expect(own.some(({ api }) => (api.upstream_inference_cost ?? 0) > 0)).toBe(true);
  });

  test('costs are tokens × prices: exactly, or with no more than a float’s noise', () => {
    let exact = 0;
    for (const { api, extra } of rows) {
      const endpoint = SAMPLE_MODELS.filter((model) => apiModelName(model) === api.model)
        .flatMap((model) => model.endpoints)
        .find(({ id }) => id === extra.endpoint_id)!;
      if (api.finish_reason === 'error' && api.total_cost === 0) continue;
      const prompt = api.tokens_prompt ?? 0;
      const cached = api.native_tokens_cached ?? 0;
      const expected = new Decimal(prompt - cached)
        .times(endpoint.prompt)
        .plus(new Decimal(cached).times(endpoint.cached))
        .plus(new Decimal(api.tokens_completion ?? 0).times(endpoint.completion))
        .div(1e12)
        .plus(extra.cost_web_search)
        .plus(extra.cost_file_processing);
      const cost = new Decimal((api.is_byok ? api.upstream_inference_cost : api.total_cost) ?? 0);
      expect(cost.minus(expected).abs().lte(expected.times(1e-15))).toBe(true);
      if (cost.eq(expected)) exact++;
    }
    expect(exact / rows.length).toBeGreaterThan(0.9);
  });
});

test('the account grows, rests at the weekend and sleeps at night', () => {
  const count = (passes: (date: Date) => boolean): number =>
    rows.filter(({ extra }) => passes(new Date(extra.created_ms))).length;
  const middle = SAMPLE_END_TIME - (SAMPLE_DAYS / 2) * 86_400_000;
  expect(count((date) => date.getTime() >= middle)).toBeGreaterThan(
    1.2 * count((date) => date.getTime() < middle),
  );
  expect(count((date) => date.getUTCDay() === 2)).toBeGreaterThan(
    1.4 * count((date) => date.getUTCDay() === 0),
  );
  expect(count((date) => date.getUTCHours() === 14)).toBeGreaterThan(
    2 * count((date) => date.getUTCHours() === 2),
  );
});
