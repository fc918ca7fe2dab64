// @ts-check
/** Node itself and the packages of package-lock.json. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inRoot } from './paths.mjs';
import { npm } from './run.mjs';
import { SetUpError, say } from './say.mjs';

const OLDEST_NODE = [20, 19];

/** @param {string} version as in process.versions.node */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [needMajor = 0, needMinor = 0] = OLDEST_NODE;
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return;
  throw new SetUpError(
    `Whospent needs Node ${OLDEST_NODE.join('.')} or newer; this is Node ${version}. See https://nodejs.org.`,
  );
}

/**
 * @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, link?: boolean }} LockEntry
 * @typedef {{ packages?: Record<string, LockEntry> }} Lock
 */

/**
 * The first package that is missing or of another version. npm writes down what it installed in
 * `node_modules/.package-lock.json` as its last act, so that file is the stamp: it is right whoever ran npm,
 * and absent when npm was interrupted.
 * @param {Lock} wanted package-lock.json
 * @param {Lock | undefined} installed node_modules/.package-lock.json
 * @returns {string | undefined}
 */
export function firstDifference(wanted, installed) {
  if (!installed?.packages) return 'node_modules';
  for (const [path, entry] of Object.entries(wanted.packages ?? {})) {
    const there = installed.packages[path];
    // An optional package is only there on the platform that it is for.
    if (path === '' || (!there && entry.optional)) continue;
    if (there?.version !== entry.version) return path;
  }
  return undefined;
}

/**
 * `npm ci`, unless what is installed is what the lock file says.
 * @param {string} [folder] of the package, in the checkout
 */
export async function installNodeModules(folder = '') {
  const [wanted, installed] = await Promise.all([
    readJson(join(folder, 'package-lock.json')),
    readJson(join(folder, 'node_modules/.package-lock.json')),
  ]);
  if (!wanted) throw new SetUpError('package-lock.json is missing: this is not a complete checkout.');
  const difference = firstDifference(wanted, installed);
  if (!difference) return;
  say(
    `Node modules${folder && ` of ${folder}`}: npm ci, because ${difference} ${installed ? 'is not as in package-lock.json' : 'is not there yet'}`,
  );
  const code = await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: inRoot(folder) });
  if (code !== 0) throw new SetUpError(`npm ci failed (exit code ${code}); its messages are above.`);
}

/**
 * @param {string} path
 * @returns {Promise<Lock | undefined>}
 */
async function readJson(path) {
  try {
    return JSON.parse(await readFile(inRoot(path), 'utf8'));
  } catch {
    return undefined;
  }
}
