import { createServer } from 'node:http';
import { expect, test } from './fixtures.ts';

test('the page has no Node, no network, and leaves for nowhere', async ({ app }) => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const outside = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const page = app.page.url();
  try {
    const found = await app.page.evaluate(async (url) => {
      const scope = globalThis as Record<string, unknown>;
      const fetched = await fetch(`${url}/fetch`).then(
        () => 'reached',
        () => 'refused',
      );
      const image = new Image();
      const loaded = await new Promise((resolve) => {
        image.onload = () => resolve('reached');
        image.onerror = () => resolve('refused');
        image.src = `${url}/image`;
      });
      const opened = window.open(`${url}/window`) === null ? 'refused' : 'reached';
      location.href = `${url}/navigation`;
      return { node: [typeof scope.require, typeof scope.process], fetched, loaded, opened };
    }, outside);
    expect(found).toEqual({
      node: ['undefined', 'undefined'],
      fetched: 'refused',
      loaded: 'refused',
      opened: 'refused',
    });
    await expect.poll(() => app.page.evaluate(() => document.readyState)).toBe('complete');
    expect(app.page.url()).toBe(page);
    expect(app.electron.windows()).toHaveLength(1);
    expect(asked).toEqual([]);
  } finally {
    server.close();
  }
});

test('inline code does not run', async ({ app }) => {
  const ran = await app.page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.pwned = true';
    document.body.append(script);
    const box = document.createElement('div');
    box.innerHTML = '<img src="data:," onerror="window.pwned = true">';
    document.body.append(box);
    return (window as unknown as { pwned?: boolean }).pwned === true;
  });
  expect(ran).toBe(false);
});

test('files outside the page are not served', async ({ app }) => {
  const statuses = await app.page.evaluate(async () => {
    const paths = [
      '/../main/main.js',
      '/..%2fmain%2fmain.js',
      '/%2e%2e/main/main.js',
      '/..%5cmain%5cmain.js',
      '//etc/passwd',
    ];
    return Promise.all(
      paths.map((path) =>
        fetch(`app://whospent${path}`).then(
          (response) => response.status,
          () => 'refused',
        ),
      ),
    );
  });
  for (const status of statuses) expect([404, 'refused']).toContain(status);
});

test('the bridge takes only what the contract says', async ({ app }) => {
  const answers = await app.page.evaluate(async () => {
    const bridge = (
      globalThis as unknown as { whospent: Record<string, (args?: unknown) => Promise<{ ok: boolean }>> }
    ).whospent;
    const attempts: [string, unknown][] = [
      ['openLink', { link: 'https://evil.example' }],
      ['addConnection', { key: 1 }],
      ['saveWrite', { file: 99, data: 'x' }],
      ['setTheme', { theme: 'dark', more: true }],
      ['appInfo', undefined],
    ];
    return Promise.all(attempts.map(async ([name, args]) => (await bridge[name]!(args)).ok));
  });
  expect(answers).toEqual([false, false, false, false, false]);
});
