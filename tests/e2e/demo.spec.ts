/** `npm run demo -- --headless`, as a person or a script calls it. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { HEADERS, line } from '../fixtures/activity.ts';
import { startStandIn } from '../stand-in/server.ts';
import { expect, test } from './fixtures.ts';
import { expectUsersCsv } from './truth.ts';

const run = promisify(execFile);
const SCRIPT = join(import.meta.dirname, '..', '..', 'scripts', 'demo.mjs');
const demo = (...args: string[]) => run(process.execPath, [SCRIPT, '--headless', ...args]);

test('syncs, exports to the last digit, and takes a screenshot; what it exported can be imported', async ({
  folder,
}) => {
  test.setTimeout(180_000);
  const out = join(folder, 'out');
  const account = { rows: 900, users: 25, seed: 11 };
  const { stdout, stderr } = await demo('--out', out, '--rows', '900', '--users', '25', '--seed', '11');
  const usersCsv = await readFile(join(out, 'users.csv'), 'utf8');
  // The same seed gives the same account.
  const standIn = await startStandIn(account);
  await expectUsersCsv(usersCsv, standIn);
  await standIn.close();

  const [, top] = usersCsv.split('\n');
  const [user, requests, spend] = top!.split(',');
  for (const text of [user, requests, spend]) expect(stdout + stderr).toContain(text);
  const png = await readFile(join(out, 'screenshot.png'));
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1440, 900]);

  expect((await readFile(join(out, 'report.pdf'))).subarray(0, 5).toString()).toBe('%PDF-');

  const again = join(folder, 'again');
  const file = join(out, 'generations.csv');
  await demo('--out', again, '--import', file, '--import', file);
  expect(await readFile(join(again, 'generations.csv'), 'utf8')).toBe(await readFile(file, 'utf8'));
  expect(await readFile(join(again, 'users.csv'), 'utf8')).toBe(usersCsv);
  const summary = JSON.parse(await readFile(join(again, 'import.json'), 'utf8')) as Record<string, unknown>;
  expect(summary).toMatchObject({ lines: 1800, new: 900, known: 900, merged: 0, rejected: [] });
});

for (const source of ['analytics', 'ids']) {
  test(`pulls from ${source} what the list of generations would have given`, async ({ folder }) => {
    test.setTimeout(240_000);
    const account = { rows: 300, users: 12, seed: 5 };
    await demo('--out', folder, '--rows', '300', '--users', '12', '--seed', '5', '--source', source);
    const standIn = await startStandIn(account);
    await expectUsersCsv(await readFile(join(folder, 'users.csv'), 'utf8'), standIn);
    await standIn.close();
  });
}

test('tells rejected lines with line and reason', async ({ folder }) => {
  const file = join(folder, 'broken.csv');
  const rows = [line('Sep 2026', { n: 1 }), line('Sep 2026', { n: 2, cost_total: 'much' })];
  await writeFile(file, `${HEADERS['Sep 2026']}\n${rows.join('\n')}\n`);
  await demo('--out', join(folder, 'out'), '--import', file);
  expect(JSON.parse(await readFile(join(folder, 'out', 'import.json'), 'utf8'))).toMatchObject({
    lines: 2,
    new: 1,
    rejected: [{ line: 3, reason: 'cost_total is not an amount of dollars: “much”' }],
  });
});

for (const [what, args, words] of [
  ['no folder', [], '--out'],
  ['a wrong number', ['--out', 'x', '--rows', 'many'], 'whole number'],
  ['an unknown source', ['--out', 'x', '--source', 'rumours'], '--source'],
  ['an unknown option', ['--out', 'x', '--fast'], '--fast'],
  ['a missing file', ['--out', 'FOLDER', '--import', '/does/not/exist.csv'], 'exist.csv'],
  ['a file that is no CSV', ['--out', 'FOLDER', '--import', import.meta.filename], 'was not imported'],
] as const) {
  test(`${what}: a message, and an exit code that is not 0`, async ({ folder }) => {
    const failure = await demo(...args.map((arg) => (arg === 'FOLDER' ? folder : arg))).then(
      () => null,
      (error: { code: number; stderr: string }) => error,
    );
    expect(failure?.code).toBeGreaterThan(0);
    expect(failure?.stderr).toContain(words);
  });
}

/** The demo with its window: what it says, until a signal ends it once it has said something. */
async function demoUntil(words: string, signal: NodeJS.Signals, env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [SCRIPT, '--rows', '300', '--users', '5'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (!said.includes(words) && (said + text).includes(words)) child.kill(signal);
    said += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

for (const [signal, exitCode] of [
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const) {
  for (const moment of ['Stand-in API at', 'The app is open'] as const) {
    test(`${signal} after “${moment}” ends it cleanly, and its folder is gone`, async ({ folder }) => {
      const { code, said } = await demoUntil(moment, signal, { TMPDIR: folder });
      expect(said).toContain(moment);
      // Nothing more is said behind that line.
      expect(said.slice(said.indexOf(moment)).trimEnd().split('\n')).toHaveLength(1);
      expect(code).toBe(exitCode);
      expect((await readdir(folder)).filter((name) => name.startsWith('whospent-'))).toEqual([]);
    });
  }
}

test('without a screen it does not ask to close a window, but says how to see something and how it ends', async ({
  folder,
}) => {
  test.skip(process.platform !== 'linux', 'only there a display can be missing');
  const { said } = await demoUntil('Ctrl-C ends', 'SIGINT', {
    TMPDIR: folder,
    DISPLAY: undefined,
    WAYLAND_DISPLAY: undefined,
  });
  expect(said).toContain('DISPLAY is not set');
  expect(said).toContain('there is no screen here');
  expect(said).toContain('npm run demo -- --headless --out DIR');
  expect(said).not.toContain('Close its window');
  expect((await readdir(folder)).filter((name) => name.startsWith('whospent-'))).toEqual([]);
});
