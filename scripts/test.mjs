// @ts-check
/**
 * `npm test`: every check there is, and `N passed, N failed` as the last line.
 *
 *   npm test -- types | lint | unit | build | e2e     only these parts, in any number
 *   npm test -- e2e filter.spec.ts --grep "…"         what follows a part goes to Vitest or Playwright
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, command, ensureBuilt, installOracle, SetUpError, setUp, setUpNode } from './setup/index.mjs';
import { inRoot } from './setup/paths.mjs';
import { npm, run } from './setup/run.mjs';
import { isRoot, openRoom, whyNoSandbox } from './setup/sandbox-user.mjs';
import {
  fromPlaywright,
  fromVitest,
  lastLine,
  nothing,
  oneCheck,
  sum,
  withExitCode,
} from './setup/tally.mjs';

/** @typedef {import('./setup/tally.mjs').Tally} Tally */

const PARTS = ['types', 'lint', 'unit', 'build', 'e2e'];

await command(async () => {
  const { parts, more } = choose(process.argv.slice(2));
  /** @param {string} part */
  const wanted = (part) => parts.includes(part);
  const electron = wanted('e2e') ? await setUp({ keyring: true }) : await setUpNode();
  if (wanted('unit')) await installOracle();
  const reports = mkdtempSync(join(tmpdir(), 'whospent-reports-'));
  /** @type {Tally[]} */
  const tallies = [];

  try {
    if (wanted('types'))
      tallies.push(await step('Types', async () => oneCheck(await npm(['run', '--silent', 'typecheck']))));
    if (wanted('lint')) {
      const biome = inRoot('node_modules/@biomejs/biome/bin/biome');
      tallies.push(
        await step('Lint', async () => oneCheck(await run(process.execPath, [biome, 'check', '.']))),
      );
    }
    if (wanted('unit')) tallies.push(await step('Unit tests', () => unitTests(reports, more)));
    let built = true;
    if (wanted('build')) {
      const tally = await step('Build', async () => oneCheck(await build()));
      built = tally.failed === 0;
      tallies.push(tally);
    }
    if (electron && built) {
      tallies.push(await step('End to end', () => endToEnd(reports, more)));
      tallies.push(await step('End to end, in the sandbox', () => inSandbox(reports, more, electron)));
    } else if (electron) {
      header('End to end: not run, because the build failed');
    }
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }

  const all = sum(tallies);
  process.stdout.write(`\n${lastLine(all)}\n`);
  return all.failed > 0 || all.passed === 0 ? 1 : 0;
});

/**
 * Parts come first; the rest is for the one test runner that is among them.
 * @param {string[]} args
 */
function choose(args) {
  const end = args.findIndex((arg) => !PARTS.includes(arg));
  const parts = end < 0 ? args : args.slice(0, end);
  const more = end < 0 ? [] : args.slice(end);
  if (more.length > 0 && parts.filter((part) => part === 'unit' || part === 'e2e').length !== 1) {
    throw new SetUpError(
      `"${more[0]}" is none of ${PARTS.join(', ')}; options for a test runner follow "unit" or "e2e".`,
    );
  }
  return { parts: parts.length > 0 ? parts : PARTS, more };
}

/**
 * @param {string} name
 * @param {() => Promise<Tally>} check
 */
async function step(name, check) {
  header(name);
  const begun = performance.now();
  const tally = await check();
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const sign = tally.failed > 0 ? '✗' : tally.passed > 0 ? '✓' : '–';
  process.stdout.write(`${sign} ${name}: ${lastLine(tally)} (${seconds} s)\n`);
  return tally;
}

/** @param {string} text */
function header(text) {
  process.stdout.write(`\n── ${text}\n`);
}

/** @param {string} reports @param {string[]} more */
async function unitTests(reports, more) {
  const report = join(reports, 'vitest.json');
  const vitest = inRoot('node_modules/vitest/vitest.mjs');
  const flags = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await run(process.execPath, [vitest, 'run', ...flags, ...more]);
  return withExitCode(read(report, fromVitest), code);
}

/**
 * @param {string} output
 * @param {string[]} more
 */
function playwright(output, more) {
  return [
    'node_modules/playwright/cli.js',
    'test',
    '--config=tests/e2e/playwright.config.ts',
    '--reporter=list,json',
    `--output=${output}`,
    ...more,
    // A filter may well match in only one of the two runs.
    ...(more.length > 0 ? ['--pass-with-no-tests'] : []),
  ];
}

/** @param {string} reports @param {string[]} more */
async function endToEnd(reports, more) {
  await ensureBuilt();
  const report = join(reports, 'e2e.json');
  const code = await run(process.execPath, playwright('test-results/app', more), {
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  });
  return withExitCode(read(report, fromPlaywright), code);
}

/**
 * The tests that need Chromium's sandbox on, for root as an ordinary user. The configuration gives them, and
 * only them, when WHOSPENT_E2E_SANDBOX is set.
 * @param {string} reports
 * @param {string[]} more
 * @param {import('./setup/app.mjs').ElectronCommand} electron
 */
async function inSandbox(reports, more, electron) {
  const why = await whyNoSandbox();
  if (why) {
    process.stdout.write(`Skipped: ${why}.\n`);
    return { ...nothing(), skipped: 1 };
  }
  const results = 'test-results/sandbox';
  const args = playwright(results, more);
  const env = { WHOSPENT_E2E_SANDBOX: '1' };
  if (!isRoot()) {
    const report = join(reports, 'sandbox.json');
    const code = await run(process.execPath, args, { env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report } });
    return withExitCode(read(report, fromPlaywright), code);
  }
  const room = await openRoom(electron);
  try {
    const report = join(room.results, 'sandbox.json');
    const code = await room.run(args, { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report });
    const traces = join(room.checkout, results);
    if (existsSync(traces)) cpSync(traces, inRoot(results), { recursive: true });
    return withExitCode(read(report, fromPlaywright), code);
  } finally {
    room.remove();
  }
}

/**
 * @template Report
 * @param {string} file
 * @param {(report: Report) => Tally} count
 * @returns {Tally | undefined}
 */
function read(file, count) {
  return existsSync(file) ? count(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}
