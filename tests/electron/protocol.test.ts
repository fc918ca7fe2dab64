import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPage } from '../../electron/page.ts';
import { resolveFile, serveFiles } from '../../electron/protocol.ts';

const ROOT = join('/', 'app', 'out', 'renderer');

describe('a file of the page', () => {
  it.each([
    ['app://whospent/', 'index.html'],
    ['app://whospent/index.html', 'index.html'],
    ['app://whospent/assets/a.js?x#y', 'assets/a.js'],
    ['app://whospent/assets/with%20space.js', 'assets/with space.js'],
    ['app://whospent/assets/../index.html', 'index.html'],
    ['app://whospent/../../index.html', 'index.html'],
  ])('%s is %s', (url, file) => {
    expect(resolveFile(ROOT, url)).toBe(join(ROOT, file));
  });

  it.each([
    'app://whospent/%2e%2e%2fmain/main.js',
    'app://whospent/..%2f..%2fpackage.json',
    'app://whospent/assets/..%2f..%2f..%2fpackage.json',
    'app://whospent/..%2frenderer-other/secret',
    'app://whospent/..%5c..%5cpackage.json',
    'app://whospent/%00',
    'app://whospent/%ff',
    'app://other/index.html',
    'app://whospent.example/index.html',
    'https://whospent/index.html',
    'file:///etc/passwd',
    'nonsense',
  ])('%s is none', (url) => {
    expect(resolveFile(ROOT, url)).toBeUndefined();
  });
});

describe('an answer', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'whospent-'));
    mkdirSync(join(root, 'assets'));
    for (const name of [
      'index.html',
      'assets/a.js',
      'assets/a.css',
      'assets/a.woff2',
      'assets/a.svg',
      'assets/a.bin',
    ])
      writeFileSync(join(root, name), name);
  });
  afterAll(() => rmSync(root, { recursive: true }));
  const get = (path: string, init?: RequestInit) =>
    serveFiles(root)(new Request(`app://whospent${path}`, init));

  it.each([
    ['/', 'text/html; charset=utf-8'],
    ['/assets/a.js', 'text/javascript; charset=utf-8'],
    ['/assets/a.css', 'text/css; charset=utf-8'],
    ['/assets/a.woff2', 'font/woff2'],
    ['/assets/a.svg', 'image/svg+xml'],
    ['/assets/a.bin', 'application/octet-stream'],
  ])('for %s has its type', async (path, type) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
    expect(await response.text()).toBe(path === '/' ? 'index.html' : path.slice(1));
  });

  it.each([
    ['/', 200, {}],
    ['/assets/a.js', 200, {}],
    ['/none', 404, {}],
    ['/assets', 404, {}],
    ['/..%2fx', 404, {}],
    ['/', 405, { method: 'POST', body: 'x' }],
  ] as const)('for %s (%i) brings the policy', async (path, status, init) => {
    const response = await get(path, init);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; /,
    );
    expect(response.headers.get('content-security-policy')).not.toMatch(/unsafe|\*|https?:/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('the page', () => {
  it.each([
    undefined,
    '',
    'https://evil.example',
    'http://evil.example:5173',
    'http://localhost.evil.example',
    'nonsense',
  ])('is the app’s own when the environment says %j', (devServer) => {
    const page = findPage(devServer);
    expect(page.url).toBe('app://whospent/index.html');
    expect(page.owns('app://whospent/other')).toBe(true);
    for (const foreign of [
      'app://whospent.evil/',
      'https://whospent/',
      'about:blank',
      'data:text/html,x',
      '',
    ])
      expect(page.owns(foreign)).toBe(false);
  });

  it('is a development server’s on this machine', () => {
    const page = findPage('http://localhost:5173');
    expect(page.owns('http://localhost:5173/src/x.ts')).toBe(true);
    expect(page.owns('http://localhost:5174/')).toBe(false);
    expect(page.owns('app://whospent/index.html')).toBe(false);
  });
});
