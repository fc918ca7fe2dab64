// @ts-check
import { Interrupted } from './run.mjs';
import { SetUpError, say } from './say.mjs';

/**
 * Runs a command's main function and ends the process with the exit code that it gives. A {@link SetUpError}
 * becomes its message, since its stack would tell the reader nothing.
 * @param {() => Promise<number | void>} main
 */
export async function command(main) {
  try {
    // Not exitCode: an open socket must not hold a finished command.
    process.exit((await main()) ?? 0);
  } catch (error) {
    if (error instanceof Interrupted) process.exit(error.exitCode);
    say(
      error instanceof SetUpError
        ? `\n${error.message}`
        : String(error instanceof Error ? error.stack : error),
    );
    process.exit(1);
  }
}
