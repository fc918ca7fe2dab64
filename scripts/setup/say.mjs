// @ts-check
/** What the set-up tells the reader: one plain line each, on stderr, so that stdout stays the command's own. */

/** A problem the reader can solve: shown as it is, without a stack. */
export class SetUpError extends Error {}

/** @param {string} line */
export const say = (line) => void process.stderr.write(`${line}\n`);

/**
 * Runs a command's main function; a {@link SetUpError} becomes its message and exit code 1.
 * @param {() => Promise<number | void>} main resolves to the exit code
 */
export async function command(main) {
  try {
    // exit() rather than exitCode: a kept-alive socket must not hold a finished command open.
    process.exit((await main()) ?? 0);
  } catch (error) {
    say(error instanceof SetUpError ? `\n${error.message}` : String(/** @type {Error} */ (error).stack ?? error));
    process.exit(1);
  }
}
