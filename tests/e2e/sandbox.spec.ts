/** Runs with Chromium's sandbox on, as an ordinary user: what every reader has. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { expectUsersCsv } from './truth.ts';

test('the sandbox is on, and the app does all its work in it', async ({ app, standIn, folder }) => {
  expect(process.getuid?.()).not.toBe(0);
  const processes = await app.electron.evaluate(({ app: main }) => ({
    argv: process.argv,
    metrics: main.getAppMetrics().map(({ pid, type, sandboxed }) => ({ pid, type, sandboxed })),
  }));
  expect(processes.argv).not.toContain('--no-sandbox');
  const page = processes.metrics.find(({ type }) => type === 'Tab');
  const status = await readFile(`/proc/${page!.pid}/status`, 'utf8');
  // 2: a seccomp filter. The namespaces: one process id in each of them.
  expect(status).toMatch(/^Seccomp:\t2$/m);
  expect(
    status
      .match(/^NSpid:(.*)$/m)?.[1]
      ?.trim()
      .split('\t').length,
  ).toBeGreaterThan(1);

  await app.pullAll(standIn);
  const path = join(folder, 'users.csv');
  await app.export('Users table (CSV)', path);
  await expectUsersCsv(await readFile(path, 'utf8'), standIn);
  const pdf = join(folder, 'report.pdf');
  await app.exportReport('PDF', pdf);
  expect((await readFile(pdf)).subarray(0, 5).toString()).toBe('%PDF-');
  expect(app.complaints).toEqual([]);
});
