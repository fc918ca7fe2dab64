// @ts-check
/** What the set-up tells the reader: one plain line each, on stderr, so that stdout stays the command's own. */

/** A problem the reader can solve: shown as it is, without a stack. */
export class SetUpError extends Error {}

/** @param {string} line */
export const say = (line) => void process.stderr.write(`${line}\n`);
