import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type StandIn, startStandIn } from '../stand-in/server.ts';

let standIn: StandIn;
beforeAll(async () => {
  standIn = await startStandIn({ rows: 1 });
});
afterAll(() => standIn.close());

const OFTEN = { path: /./, times: Number.POSITIVE_INFINITY };

it.each([
  ['sk-or-v1-0123456789abcdef', 'repeats it in its error'],
  ['a-proxy’s-own-key'.replace('’', ''), 'repeats it in its error'],
  ['sk-or-v1-0123456789abcdef', 'repeats it in a web page'],
  ['sk-or-v1-0123456789abcdef', 'sends half an answer'],
])(
  'the key %s is nowhere in what is thrown or printed when the server %s',
  async (key, what) => {
    const message = `The header was Authorization: Bearer ${key}, and ${key} is no key`;
    if (what.includes('error'))
      standIn.faults.next({ ...OFTEN, status: 401, body: { error: { code: 401, message } } });
    else if (what.includes('page')) {
      const body = `<html><title>${message}</title>${message}</html>`;
      standIn.faults.next({ ...OFTEN, status: 200, body, contentType: 'text/html' });
    } else standIn.faults.next({ ...OFTEN, status: 200, body: `{"data":"${message}` });

    const child = spawn(
      process.execPath,
      ['--import', 'tsx', join(import.meta.dirname, 'leak.ts'), standIn.baseUrl, key],
      // The SDK prints its requests then, if it is let.
      { env: { ...process.env, OPENROUTER_DEBUG: '1' } },
    );
    const [out, err, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit') as Promise<[number]>,
    ]);
    standIn.faults.clear();
    expect(code).toBe(1);
    expect(err.match(/whospent: It failed/g)).toHaveLength(5);
    expect(err).toContain('AppFailure');
    expect(out + err).not.toContain(key);
    expect(out + err).not.toMatch(/Bearer \w/);
  },
  20_000,
);
