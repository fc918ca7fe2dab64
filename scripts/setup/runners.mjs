// @ts-check
/** The test runners: run, shown as they go, and counted by their reports. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRoot } from './paths.mjs';
import { run } from './run.mjs';
import { fromPlaywright, fromVitest, lastLine, withExitCode } from './tally.mjs';

/** @typedef {import('./tally.mjs').Tally} Tally */

/**
 * A folder for reports while something goes on.
 * @template T
 * @param {(reports: string) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withReports(use) {
  const reports = mkdtempSync(join(tmpdir(), 'whospent-reports-'));
  try {
    return await use(reports);
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
}

/**
 * A part of a run, with its name above and its figures below.
 * @param {string} name
 * @param {() => Promise<Tally>} check
 */
export async function step(name, check) {
  header(name);
  const begun = performance.now();
  const tally = await check();
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const sign = tally.failed > 0 ? '✗' : tally.passed > 0 ? '✓' : '–';
  process.stdout.write(`${sign} ${name}: ${lastLine(tally)} (${seconds} s)\n`);
  return tally;
}

/** @param {string} text */
export function header(text) {
  process.stdout.write(`\n── ${text}\n`);
}

/**
 * @param {string} reports
 * @param {readonly string[]} args files, and options of Vitest
 * @param {NodeJS.ProcessEnv} [env]
 */
export async function vitest(reports, args, env = {}) {
  const report = join(reports, 'vitest.json');
  const program = inRoot('node_modules/vitest/vitest.mjs');
  const flags = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await run(process.execPath, [program, 'run', ...flags, ...args], { env });
  return withExitCode(readReport(report, fromVitest), code);
}

/**
 * @param {string} reports
 * @param {readonly string[]} args files, and options of Playwright
 * @param {NodeJS.ProcessEnv} [env]
 */
export async function playwright(reports, args, env = {}) {
  const report = join(reports, 'playwright.json');
  const code = await run(process.execPath, playwrightCommand('test-results/app', args), {
    env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  });
  return withExitCode(readReport(report, fromPlaywright), code);
}

/**
 * What Node has to run.
 * @param {string} output
 * @param {readonly string[]} args
 */
export function playwrightCommand(output, args) {
  return [
    'node_modules/playwright/cli.js',
    'test',
    '--config=tests/e2e/playwright.config.ts',
    '--reporter=list,json',
    `--output=${output}`,
    ...args,
    // A filter may well match in only one of several runs.
    ...(args.length > 0 ? ['--pass-with-no-tests'] : []),
  ];
}

/**
 * @template Report
 * @param {string} file
 * @param {(report: Report) => Tally} count
 * @returns {Tally | undefined}
 */
export function readReport(file, count) {
  return existsSync(file) ? count(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}
