import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createClient } from '../../electron/openrouter/client.ts';
import { ApiFailure, retryAfter } from '../../electron/openrouter/failures.ts';
import { listGenerations } from '../../electron/openrouter/generations.ts';
import { readKey } from '../../electron/openrouter/key.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import type { Fault } from '../stand-in/faults.ts';
import { type StandIn, startStandIn } from '../stand-in/server.ts';

let standIn: StandIn;
beforeAll(async () => {
  standIn = await startStandIn({ rows: 120 });
});
afterEach(() => standIn.faults.clear());
afterAll(() => standIn.close());

const client = (options: { key?: string; baseUrl?: string; timeoutMs?: number } = {}) =>
  createClient({ baseUrl: standIn.baseUrl, key: standIn.managementKey, fetch, ...options });

async function failureOf(promise: Promise<unknown>): Promise<ApiFailure> {
  const thrown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(thrown).toBeInstanceOf(ApiFailure);
  return thrown as ApiFailure;
}

const HTML = { body: '<!DOCTYPE html><title>Sign in to\n  Hotel WLAN</title>', contentType: 'text/html' };

describe('the key', () => {
  it('is known by its kind', async () => {
    expect((await readKey(client())).kind).toBe('management');
    expect((await readKey(client({ key: standIn.inferenceKey }))).kind).toBe('inference');
  });

  it.each([
    [{ is_provisioning_key: true }, 'management'],
    [{ is_management_key: false, is_provisioning_key: true }, 'inference'],
    [{}, 'inference'],
  ])('of a server that says only %j is %s', async (data, kind) => {
    standIn.faults.next({ path: '/key', status: 200, body: { data } });
    expect(await readKey(client())).toEqual({ label: '', kind });
  });
});

describe('a page of generations', () => {
  it('is what was asked for, newest first', async () => {
    const items = await listGenerations(client(), { limit: 20, offset: 110 });
    expect(items).toHaveLength(10);
    expect(await listGenerations(client(), { offset: 120 })).toEqual([]);
  });

  const times = (fault: Partial<Fault>): Fault => ({ path: '/generations', ...fault });

  it.each<[what: string, fault: Fault, code: ErrorCode, retried: boolean]>([
    ['a web page', times({ status: 200, ...HTML }), 'not-openrouter', false],
    ['a web page that refuses', times({ status: 403, ...HTML }), 'not-openrouter', false],
    [
      'a web page without its type',
      times({ status: 200, ...HTML, contentType: 'text/plain' }),
      'not-openrouter',
      false,
    ],
    [
      'a redirect',
      times({ status: 302, headers: { location: 'https://example.com/' } }),
      'not-openrouter',
      false,
    ],
    ['half of the JSON', times({ status: 200, body: '{"data":[{"id":"gen-1"' }), 'bad-answer', false],
    ['nothing at all', times({ status: 200, body: '' }), 'bad-answer', false],
    ['JSON of another form', times({ status: 200, body: { generations: [] } }), 'bad-answer', false],
    ['400', times({ status: 400 }), 'bad-answer', false],
    ['401', times({ status: 401 }), 'key-refused', false],
    ['402', times({ status: 402 }), 'no-credits', false],
    ['403', times({ status: 403 }), 'key-wrong-kind', false],
    ['404', times({ status: 404 }), 'generations-not-offered', false],
    ['404 as a web page', times({ status: 404, ...HTML }), 'generations-not-offered', false],
    ['405', times({ status: 405 }), 'generations-not-offered', false],
    ['429', times({ status: 429 }), 'rate-limited', true],
    ['408', times({ status: 408 }), 'server-error', true],
    ['500', times({ status: 500 }), 'server-error', true],
    ['502 as a web page', times({ status: 502, ...HTML }), 'server-error', true],
    ['503', times({ status: 503 }), 'server-error', true],
    ['524', times({ status: 524 }), 'server-error', true],
    ['529', times({ status: 529 }), 'server-error', true],
    [
      'an error inside of 200',
      times({ status: 200, body: { error: { code: 429, message: 'slow' } } }),
      'rate-limited',
      true,
    ],
    ['a cut connection', times({ drop: 'before' }), 'offline', true],
    ['half of an answer', times({ drop: 'midway', status: 200, body: '{"data":[]}' }), 'offline', true],
    ['no answer in time', times({ hang: true }), 'offline', true],
  ])('with %s', async (_what, fault, code, retried) => {
    standIn.faults.next(fault);
    const failure = await failureOf(listGenerations(client({ timeoutMs: 300 }), { offset: 0 }));
    expect(failure.error.code).toBe(code);
    expect(failure.retry !== null).toBe(retried);
    for (const text of [failure.error.title, failure.error.meaning, failure.error.action])
      expect(text).toMatch(/\.$/);
    expect(JSON.stringify(failure.error)).not.toContain(standIn.managementKey);
  });

  it('shows the title of a web page as one line of text', async () => {
    standIn.faults.next(times({ status: 200, ...HTML }));
    const { error } = await failureOf(listGenerations(client(), { offset: 0 }));
    expect(error.detail).toBe('HTTP 200: Sign in to Hotel WLAN');
  });

  it('never repeats the key that a server repeats', async () => {
    const key = 'company-proxy-key-1234567890';
    standIn.faults.next(
      times({ status: 401, body: { error: { message: `Bad ${key} and sk-or-v1-other, Bearer abc` } } }),
    );
    const { error } = await failureOf(listGenerations(client({ key }), { offset: 0 }));
    expect(error.detail).toBe('HTTP 401: Bad … and sk-or-…, Bearer …');
  });

  it('stops when it is told to', async () => {
    standIn.faults.next(times({ hang: true }));
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 20);
    await expect(listGenerations(client(), { offset: 0 }, abort.signal)).rejects.toMatchObject({
      error: { code: 'stopped' },
    });
  });
});

describe('an address', () => {
  it.each([
    ['nobody listens at', 'http://127.0.0.1:9/api/v1'],
    ['that does not exist', 'https://nowhere.invalid/api/v1'],
  ])('%s is offline', async (_what, baseUrl) => {
    const { error, retry } = await failureOf(readKey(client({ baseUrl })));
    expect(error.code).toBe('offline');
    expect(retry).not.toBeNull();
  });

  it('without the API behind it is not OpenRouter', async () => {
    const { error } = await failureOf(readKey(client({ baseUrl: standIn.baseUrl.replace('/api/v1', '') })));
    expect(error.code).toBe('not-openrouter');
  });

  it.each([
    ['offline', 'net::ERR_INTERNET_DISCONNECTED'],
    ['offline', 'net::ERR_NAME_NOT_RESOLVED'],
    ['offline', 'net::ERR_CONNECTION_REFUSED'],
    ['offline', 'net::ERR_TUNNEL_CONNECTION_FAILED'],
    ['not-openrouter', 'net::ERR_CERT_AUTHORITY_INVALID'],
    ['not-openrouter', 'net::ERR_CERT_DATE_INVALID'],
    ['not-openrouter', 'net::ERR_SSL_PROTOCOL_ERROR'],
    ['not-openrouter', "Attempted to redirect, but redirect policy was 'error'"],
  ])('is %s by Electron’s %s', async (code, message) => {
    const broken = createClient({
      baseUrl: 'https://openrouter.ai/api/v1',
      key: 'k',
      fetch: () => Promise.reject(new Error(message)),
    });
    const { error } = await failureOf(broken.get('/key', { schema: z.unknown() }));
    expect(error).toMatchObject({ code, detail: message });
  });
});

describe('Retry-After', () => {
  const NOW = Date.UTC(2026, 7, 1);
  it.each([
    ['7', 7000],
    ['0', 0],
    ['1.5', 1500],
    ['Sat, 01 Aug 2026 00:01:00 GMT', 60_000],
    ['Fri, 31 Jul 2026 00:00:00 GMT', 0],
    ['soon', null],
    ['', null],
  ])('“%s” is %s ms', (value, ms) => {
    // By the server’s clock, whatever this computer’s says.
    const date = new Date(NOW).toUTCString();
    expect(retryAfter({ headers: new Headers(value ? { 'retry-after': value, date } : { date }) })).toBe(ms);
  });
});
