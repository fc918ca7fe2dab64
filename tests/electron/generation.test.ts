import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../electron/openrouter/client.ts';
import { readContent, readDetails } from '../../electron/openrouter/generation.ts';
import { lookUp } from '../../electron/openrouter/ids.ts';
import { readTotals } from '../../electron/openrouter/totals.ts';
import { parseMoney } from '../../shared/money.ts';
import { DAY_MS, formatDay } from '../../shared/time.ts';
import { type StandIn, startStandIn } from '../stand-in/server.ts';

let standIn: StandIn;
beforeAll(async () => {
  standIn = await startStandIn({ rows: 300 });
});
afterEach(() => standIn.faults.clear());
afterAll(() => standIn.close());

const client = (kind: 'inference' | 'management' = 'inference') =>
  createClient({
    baseUrl: standIn.baseUrl,
    key: kind === 'inference' ? standIn.inferenceKey : standIn.managementKey,
    fetch,
  });
const patiently = (signal = new AbortController().signal) => ({ signal, onWait: () => {}, firstPauseMs: 1 });
const idOf = (index: number) => standIn.account.generation(index).api.id;
const counted = (from: number) => standIn.requests.slice(from).length;

describe('looking ids up', () => {
  it('finds each once, in the order asked for, and names the others', async () => {
    const before = standIn.requests.length;
    const ids = [idOf(5), 'gen-1700000000-nothing', idOf(3), idOf(5), 'not an id at all'];
    const { batch, missing } = await lookUp(client(), ids, patiently());
    expect(batch.columns.generation_id).toEqual([idOf(5), idOf(3)]);
    expect(batch.columns.user).toEqual([5, 3].map((i) => standIn.account.generation(i).api.external_user));
    expect(missing).toEqual(['gen-1700000000-nothing', 'not an id at all']);
    expect(counted(before)).toBe(4);
  });

  it('asks for a few at a time', async () => {
    standIn.faults.next({ path: '/generation', hang: true, times: Number.POSITIVE_INFINITY });
    const abort = new AbortController();
    const before = standIn.requests.length;
    const ids = Array.from({ length: 20 }, (_, i) => idOf(i));
    const looking = lookUp(client(), ids, patiently(abort.signal));
    while (standIn.faults.hanging < 4) await new Promise(setImmediate);
    abort.abort();
    await expect(looking).rejects.toMatchObject({ error: { code: 'stopped' } });
    expect(counted(before)).toBe(4);
  });

  it('waits for one that was made just now, but not for ever', async () => {
    const seconds = Math.floor(Date.now() / 1000);
    const young = `gen-${seconds}-young`;
    const before = standIn.requests.length;
    expect((await lookUp(client(), [young], patiently())).missing).toEqual([young]);
    expect(counted(before)).toBe(5);

    const row = standIn.account.generation(0);
    standIn.account.add({
      api: { ...row.api, id: young },
      extra: { ...row.extra, created_ms: seconds * 1000 },
    });
    standIn.faults.next({ path: '/generation', status: 404, times: 2 });
    expect((await lookUp(client(), [young], patiently())).missing).toEqual([]);
  });
});

describe('the details of a generation', () => {
  it('are every field that has a value, and what the store can take', async () => {
    const { api } = standIn.account.generation(7);
    const { batch, fields } = await readDetails(client(), api.id);
    expect(batch.rows).toBe(1);
    expect(batch.columns.generation_time_ms).toEqual([api.generation_time]);
    const known = Object.entries(api).filter(([, value]) => value !== null && value !== '');
    expect(fields.map(([name]) => name)).toEqual(known.map(([name]) => name));
    expect(Object.fromEntries(fields)).toMatchObject({ id: api.id, total_cost: String(api.total_cost) });
  });

  it('of an answer that the SDK would refuse are read all the same', async () => {
    const data = { id: 'gen-x', data_region: 'moon', new_field: { a: [1] }, total_cost: 0.1 };
    standIn.faults.next({ path: '/generation', status: 200, body: { data } });
    expect((await readDetails(client(), 'gen-x')).fields).toEqual([
      ['id', 'gen-x'],
      ['data_region', 'moon'],
      ['new_field', '{"a":[1]}'],
      ['total_cost', '0.1'],
    ]);
  });

  it('of an unknown one are an error in words', async () => {
    await expect(readDetails(client(), 'gen-0')).rejects.toMatchObject({
      error: { title: 'OpenRouter does not know this generation.' },
    });
  });
});

describe('what was said', () => {
  const said = (data: unknown) => {
    standIn.faults.next({ path: '/generation/content', status: 200, body: { data } });
    return readContent(client(), 'gen-x');
  };

  it('is shown as text', async () => {
    const index = [...standIn.account.all()].findIndex(({ api }) => api.finish_reason === 'stop');
    expect(await readContent(client(), idOf(index))).toMatchObject({
      prompt: expect.stringMatching(/^user: Please help me/),
      completion: expect.stringMatching(/\.$/),
      failure: null,
    });
  });

  it('may be a plain prompt, parts of many kinds, or nothing', async () => {
    expect(await said({ input: { prompt: 'Hello' }, output: null })).toEqual({
      prompt: 'Hello',
      completion: null,
      reasoning: null,
      failure: null,
    });
    const messages = [
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: [{ type: 'text', text: 'Look:' }, { type: 'image_url', image_url: {} }, 7] },
      { role: 'assistant', content: null, tool_calls: [{ id: 'x' }] },
      'odd',
    ];
    const { prompt } = await said({ input: { messages }, output: { completion: 'ok', reasoning: 'why' } });
    expect(prompt).toBe(
      'system: Be kind.\n\nuser: Look:\n[image_url]\n[no text]\n\nassistant: [{"id":"x"}]\n\nodd',
    );
  });

  it('may be a failure', async () => {
    const previous = { code: 429, message: 'Resource exhausted', provider_name: 'Google', raw: null };
    const error = {
      status: 504,
      message: 'Timed out',
      provider_name: 'Vertex',
      raw: null,
      previous_errors: [previous],
    };
    expect((await said({ input: null, output: null, error })).failure).toBe(
      '504 Vertex: Timed out\n429 Google: Resource exhausted',
    );
  });

  it.each([
    [404, 'bad-answer', /keeps no prompt/],
    [403, 'key-wrong-kind', /may not see prompts/],
  ] as const)('with %i is explained', async (status, code, words) => {
    standIn.faults.next({ path: '/generation/content', status });
    await expect(readContent(client(), 'gen-x')).rejects.toMatchObject({
      error: { code, title: expect.stringMatching(words) },
    });
  });
});

describe('OpenRouter’s own totals', () => {
  it('are by day and model, to the last digit', async () => {
    const { activity, credits } = await readTotals(client('management'));
    const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    const truth = new Map<string, { requests: number; credits: bigint; byok: bigint }>();
    for (const { api, extra } of standIn.account.between(today - 30 * DAY_MS, today)) {
      const key = `${formatDay(extra.created_ms)} ${extra.model_permaslug}`;
      const sum = truth.get(key) ?? { requests: 0, credits: 0n, byok: 0n };
      truth.set(key, {
        requests: sum.requests + 1,
        credits: sum.credits + (parseMoney(api.usage) ?? 0n),
        byok: sum.byok + (api.is_byok ? (parseMoney(api.upstream_inference_cost ?? 0) ?? 0n) : 0n),
      });
    }
    expect(activity).toHaveLength(truth.size);
    for (const { day, model, requests, credits, byok } of activity) {
      const sum = truth.get(`${day} ${model}`);
      expect(requests).toBe(sum?.requests);
      // Each of the API’s numbers is the nearest float.
      expect(Math.abs(Number((parseMoney(credits) ?? 0n) - (sum?.credits ?? 0n)))).toBeLessThan(1e9);
      expect(Math.abs(Number((parseMoney(byok) ?? 0n) - (sum?.byok ?? 0n)))).toBeLessThan(1e9);
    }
    expect(credits?.used).toBeGreaterThan(0);
  });

  it('are without credits where the key may not see them', async () => {
    standIn.faults.next({ path: '/credits', status: 403 });
    expect((await readTotals(client('management'))).credits).toBeNull();
  });

  it('are not for inference keys', async () => {
    await expect(readTotals(client())).rejects.toMatchObject({
      error: { code: 'key-wrong-kind', action: expect.stringMatching(/management key/) },
    });
  });
});
