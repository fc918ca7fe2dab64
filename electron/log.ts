/** Hides whatever looks like a key. */
export function redact(text: string): string {
  return text.replace(/sk-or-[\w-]*/gi, 'sk-or-…').replace(/\b(bearer)\s+[^\s"',;]+/gi, '$1 …');
}

/** A line on stderr for whoever started the app from a terminal. Nothing is written to disk. */
export function log(what: string, thrown?: unknown): void {
  const why = thrown instanceof Error ? (thrown.stack ?? thrown.message) : thrown;
  console.error(redact(`whospent: ${what}${why === undefined ? '' : `\n${String(why)}`}`));
}
