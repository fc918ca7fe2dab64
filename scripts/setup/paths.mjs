// @ts-check
/** Where things stand: the checkout, and the cache that outlives `node_modules`. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout this script belongs to. */
export const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)));

/** @param {string[]} parts */
export const inRoot = (...parts) => join(ROOT, ...parts);

/**
 * The user's cache folder for this project. `npm ci` empties `node_modules`; what took minutes to fetch
 * must not go with it.
 * @param {string[]} parts
 */
export function inCache(...parts) {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const base =
    XDG_CACHE_HOME ||
    (process.platform === 'win32' && LOCALAPPDATA) ||
    (process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache'));
  return join(base, 'whospent', ...parts);
}
