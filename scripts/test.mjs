// @ts-check
/**
 * `npm test`: every check there is, and `N passed, N failed` as the last line.
 *
 *   npm test -- types | lint | unit | build | e2e     only these parts, in any number
 *   npm test -- e2e filter.spec.ts --grep "…"         what follows a part goes to Vitest or Playwright
 */
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, command, ensureBuilt, installOracle, SetUpError, setUp, setUpNode } from './setup/index.mjs';
import { inRoot } from './setup/paths.mjs';
import { npm, run } from './setup/run.mjs';
import {
  header,
  playwright,
  playwrightCommand,
  readReport,
  step,
  vitest,
  withReports,
} from './setup/runners.mjs';
import { isRoot, openRoom, whyNoSandbox } from './setup/sandbox-user.mjs';
import { fromPlaywright, lastLine, nothing, oneCheck, sum, withExitCode } from './setup/tally.mjs';

/** @typedef {import('./setup/tally.mjs').Tally} Tally */

const PARTS = ['types', 'lint', 'unit', 'build', 'e2e'];

await command(async () => {
  const { parts, more } = choose(process.argv.slice(2));
  /** @param {string} part */
  const wanted = (part) => parts.includes(part);
  const electron = wanted('e2e') ? await setUp({ keyring: true }) : await setUpNode();
  if (wanted('unit')) await installOracle();
  /** @type {Tally[]} */
  const tallies = [];

  await withReports(async (reports) => {
    if (wanted('types'))
      tallies.push(await step('Types', async () => oneCheck(await npm(['run', '--silent', 'typecheck']))));
    if (wanted('lint')) {
      const biome = inRoot('node_modules/@biomejs/biome/bin/biome');
      tallies.push(
        await step('Lint', async () => oneCheck(await run(process.execPath, [biome, 'check', '.']))),
      );
    }
    if (wanted('unit')) tallies.push(await step('Unit tests', () => vitest(reports, more)));
    let built = true;
    if (wanted('build')) {
      const tally = await step('Build', async () => oneCheck(await build()));
      built = tally.failed === 0;
      tallies.push(tally);
    }
    if (electron && built) {
      await ensureBuilt();
      tallies.push(await step('End to end', () => playwright(reports, more)));
      tallies.push(await step('End to end, in the sandbox', () => inSandbox(reports, more, electron)));
    } else if (electron) {
      header('End to end: not run, because the build failed');
    }
  });

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
  const args = playwrightCommand(results, more);
  const env = { WHOSPENT_E2E_SANDBOX: '1' };
  if (!isRoot()) {
    const report = join(reports, 'sandbox.json');
    const code = await run(process.execPath, args, { env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report } });
    return withExitCode(readReport(report, fromPlaywright), code);
  }
  const room = await openRoom(electron);
  try {
    const report = join(room.results, 'sandbox.json');
    const code = await room.run(args, { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report });
    const traces = join(room.checkout, results);
    if (existsSync(traces)) cpSync(traces, inRoot(results), { recursive: true });
    return withExitCode(readReport(report, fromPlaywright), code);
  } finally {
    room.remove();
  }
}
