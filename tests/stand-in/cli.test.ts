import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const CLI = fileURLToPath(new URL('cli.ts', import.meta.url));

function start(...args: string[]): {
  child: ChildProcess;
  output: () => string;
  ended: Promise<number | null>;
} {
  const child = spawn(process.execPath, ['--import', 'tsx', CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (output += text));
  return { child, output: () => output, ended: once(child, 'close').then(([code]) => code) };
}

test('prints where it is and its keys, answers, and stops on a signal', async () => {
  const { child, output, ended } = start('--port', '0', '--rows', '50', '--users', '5', '--seed', '9');
  while (!output().includes('Ctrl+C')) await once(child.stdout!, 'data');
  const [, url = ''] = /Base URL\s+(\S+)/.exec(output()) ?? [];
  for (const kind of ['Inference', 'Management']) {
    const [, key] = new RegExp(`${kind} key\\s+(\\S+)`).exec(output()) ?? [];
    const answer = await fetch(`${url}/key`, { headers: { Authorization: `Bearer ${key}` } });
    expect(await answer.json()).toMatchObject({ data: { is_management_key: kind === 'Management' } });
  }
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test.each([
  [['--rows', 'many'], '--rows must be a whole number from 0 to 20000000, not "many"'],
  [['--port', '70000'], '--port must be a whole number from 0 to 65535, not "70000"'],
  [['--users', '0'], '--users must be a whole number'],
  [['--colour', 'red'], "Unknown option '--colour'"],
])('%j is refused with a clear message', async (args, message) => {
  const { output, ended } = start(...args);
  expect(await ended).toBe(2);
  expect(output()).toContain(message);
  expect(output()).toContain('Usage:');
});

test('a taken port is told as such', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const { output, ended } = start('--port', String(port), '--rows', '1');
  expect(await ended).toBe(1);
  expect(output()).toBe('The port is taken: choose another with --port, or 0 for any free one\n');
  server.close();
});
