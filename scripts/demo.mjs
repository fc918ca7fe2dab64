// @ts-check
/**
 * `npm run demo`: the stand-in API with seeded data, and the app connected to it with a throw-away profile.
 *
 *   npm run demo -- --headless --out DIR [--rows N] [--users N] [--seed S] [--source generations|analytics|ids]
 *   npm run demo -- --headless --out DIR --import FILE [--import FILE …]
 *
 * Headless it needs no display and no person: the same app, driven by the names of its buttons, writes
 * `users.csv`, `generations.csv`, `report.html`, `report.pdf` and `screenshot.png` to DIR (and `import.json` after an
 * import), prints the ten biggest spenders, and exits.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { command, ensureBuilt, SetUpError, say, setUp } from './setup/index.mjs';
import { interruption } from './setup/run.mjs';

/** Where the app can pull from; the stand-in then offers just what that takes. */
const SOURCES = /** @type {const} */ (['generations', 'analytics', 'ids']);

await command(async () => {
  const options = readOptions();
  const { virtual } = await setUp({ headless: options.headless });
  await ensureBuilt();
  // Only now there are modules to load it with.
  const { tsImport } = await import('tsx/esm/api');
  /** @type {typeof import('../tests/demo/demo.ts')} */
  const { runDemo } = await tsImport('../tests/demo/demo.ts', import.meta.url);

  const profile = mkdtempSync(join(tmpdir(), 'whospent-demo-'));
  // However it ends: done, failed, or interrupted.
  const atExit = () => remove(profile);
  process.once('exit', atExit);
  // The app writes to its profile until it is gone, so it is waited for. Playwright may end this process before that
  // when it is interrupted just as it starts the app; it then kills the app at the exit, and this comes behind that.
  const interrupted = interruption();
  interrupted.addEventListener('abort', () => void process.off('exit', atExit).once('exit', atExit));
  try {
    if (options.out) mkdirSync(options.out, { recursive: true });
    await runDemo({ ...options, unseen: virtual, profile, interrupted, say });
    interrupted.throwIfAborted();
  } catch (error) {
    // What was under way when the app was closed has failed, which is no news then.
    interrupted.throwIfAborted();
    // The first line says what happened; Playwright's own follow with what it was waiting for.
    throw error instanceof Error ? new SetUpError(error.message) : error;
  }
});

/**
 * Tries for some seconds: what the app leaves behind may hold a file for a moment after it has ended.
 * @param {string} folder
 */
function remove(folder) {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  } catch (error) {
    say(`${folder} could not be removed: ${error instanceof Error ? error.message : error}`);
  }
}

function readOptions() {
  const { values } = (() => {
    try {
      return parseArgs({
        options: {
          headless: { type: 'boolean', default: false },
          out: { type: 'string' },
          rows: { type: 'string', default: '5000' },
          users: { type: 'string', default: '120' },
          seed: { type: 'string', default: '1' },
          source: { type: 'string', default: 'generations' },
          import: { type: 'string', multiple: true, default: [] },
        },
      });
    } catch (error) {
      throw new SetUpError(error instanceof Error ? error.message : String(error));
    }
  })();
  if (values.headless && !values.out) throw new SetUpError('--headless needs --out DIR: where to write.');
  const source = SOURCES.find((known) => known === values.source);
  if (!source) throw new SetUpError(`--source takes ${SOURCES.join(', ')}, not "${values.source}".`);
  return {
    source,
    headless: values.headless,
    out: values.out === undefined ? null : resolve(values.out),
    rows: wholeNumber('rows', values.rows, 1, 20_000_000),
    users: wholeNumber('users', values.users, 1, 1_000_000),
    seed: wholeNumber('seed', values.seed, 0, Number.MAX_SAFE_INTEGER),
    imports: values.import.map((file) => resolve(file)),
  };
}

/** @param {string} name @param {string} text @param {number} least @param {number} most */
function wholeNumber(name, text, least, most) {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new SetUpError(`--${name} must be a whole number from ${least} to ${most}, not "${text}".`);
}
