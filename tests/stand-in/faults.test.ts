import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { call } from './http.ts';
import { type StandIn, startStandIn } from './server.ts';

let standIn: StandIn;
beforeEach(async () => {
  standIn = await startStandIn({ rows: 100, users: 5 });
});
afterEach(() => standIn.close());

const get = (path: string, init: RequestInit = {}) =>
  fetch(`${standIn.baseUrl}${path}`, {
    ...init,
    headers: { Authorization: `Bearer ${standIn.inferenceKey}` },
  });

test('a status, with OpenRouter’s error body, once', async () => {
  standIn.faults.next({ path: '/generations', status: 429, headers: { 'Retry-After': '7' } });
  expect((await get('/key')).status).toBe(200);
  const refused = await get('/generations?limit=5');
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('7');
  expect(await refused.json()).toMatchObject({ error: { code: 429 } });
  expect(standIn.faults.pending).toBe(0);
  expect((await get('/generations')).status).toBe(200);
  expect(standIn.requests.map(({ status }) => status)).toEqual([200, 429, 200]);
});

test('several in a row, in order, and some many times', async () => {
  standIn.faults.next({ path: /^\/gen/, status: 500, times: 2 });
  standIn.faults.next({ path: '/generations', status: 401 });
  const statuses: number[] = [];
  for (let i = 0; i < 4; i++) statuses.push((await get('/generations')).status);
  expect(statuses).toEqual([500, 500, 401, 200]);
  standIn.faults.next({ path: '/key', times: Number.POSITIVE_INFINITY });
  for (let i = 0; i < 5; i++) expect((await get('/key')).status).toBe(500);
  standIn.faults.clear();
  expect((await get('/key')).status).toBe(200);
});

test('HTML pages, cut JSON, and other bodies', async () => {
  standIn.faults.html('/key');
  const page = await get('/key');
  expect(page.status).toBe(502);
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(await page.text()).toContain('<!DOCTYPE html>');
  standIn.faults.next({ path: '/key', status: 200, body: '{"data":{"label":"sk-' });
  await expect((await get('/key')).json()).rejects.toThrow(SyntaxError);
  standIn.faults.next({ path: '/key', status: 200, body: { data: null } });
  expect(await (await get('/key')).json()).toEqual({ data: null });
});

test('one page only, and one method only', async () => {
  standIn.faults.next({
    path: '/generations',
    when: (url) => url.searchParams.get('offset') === '50',
    status: 503,
  });
  expect((await get('/generations?offset=0')).status).toBe(200);
  expect((await get('/generations?offset=50')).status).toBe(503);
  standIn.faults.next({ path: '/analytics/query', method: 'POST', status: 408 });
  expect((await call(standIn, '/analytics/query')).status).toBe(404);
  expect((await call(standIn, '/analytics/query', { body: {} })).status).toBe(408);
});

test('a request hangs until the client gives up', async () => {
  standIn.faults.next({ path: '/key', hang: true });
  const client = new AbortController();
  const waiting = get('/key', { signal: client.signal });
  while (standIn.faults.hanging === 0) await new Promise(setImmediate);
  client.abort();
  await expect(waiting).rejects.toThrow();
  while (standIn.faults.hanging > 0) await new Promise(setImmediate);
  expect((await get('/key')).status).toBe(200);
});

test('a request hangs until it is let go, and closing does not wait for it', async () => {
  standIn.faults.next({ path: '/key', hang: true, times: 2 });
  const first = get('/key');
  while (standIn.faults.hanging === 0) await new Promise(setImmediate);
  standIn.faults.clear();
  expect((await first).status).toBe(503);
  standIn.faults.next({ path: '/key', hang: true });
  const second = get('/key').then(
    () => 'answered',
    () => 'cut',
  );
  while (standIn.faults.hanging === 0) await new Promise(setImmediate);
  await standIn.close();
  expect(await second).toMatch(/answered|cut/);
});

test('the connection breaks, before the answer or halfway', async () => {
  standIn.faults.next({ path: '/key', drop: 'before' });
  await expect(get('/key')).rejects.toThrow();
  standIn.faults.next({ path: '/key', status: 200, drop: 'midway', body: { data: 'x'.repeat(1000) } });
  const broken = await get('/key');
  expect(broken.status).toBe(200);
  await expect(broken.text()).rejects.toThrow();
  expect((await get('/key')).status).toBe(200);
});

test('the connection is reset, or drips for as long as anybody listens', async () => {
  standIn.faults.next({ path: '/key', drop: 'reset' });
  await expect(get('/key')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  standIn.faults.next({ path: '/key', status: 200, dripMs: 1 });
  const client = new AbortController();
  const dripping = await get('/key', { signal: client.signal });
  const reader = dripping.body!.getReader();
  for (let i = 0; i < 3; i++) expect((await reader.read()).value?.length).toBeGreaterThan(0);
  client.abort();
  await expect(reader.read()).rejects.toThrow();
});

test('its answers tell its clock', async () => {
  const now = Date.UTC(2030, 0, 1);
  const other = await startStandIn({ rows: 1, now: () => now });
  const { headers } = await call(other, '/key');
  await other.close();
  expect(headers.get('date')).toBe(new Date(now).toUTCString());
});

test('it listens on loopback only, and is gone once closed', async () => {
  const { hostname, port } = new URL(standIn.baseUrl);
  expect(hostname).toBe('127.0.0.1');
  await standIn.close();
  const socket = connect(Number(port), hostname);
  await expect(once(socket, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a port that is taken is an error', async () => {
  const port = Number(new URL(standIn.baseUrl).port);
  await expect(startStandIn({ port, rows: 1 })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
