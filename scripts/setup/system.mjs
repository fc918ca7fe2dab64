// @ts-check
/** The system libraries that Chromium links to, and a virtual display's server. Linux only. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './run.mjs';
import { SetUpError, say } from './say.mjs';

/**
 * @typedef {object} Need
 * @property {string} what the library's soname, or the program
 * @property {string[]} packages Debian's names for it, newest first (`t64` since Debian 13 and Ubuntu 24.04)
 */

/** @type {Need[]} */
const LIBRARIES = [
  { what: 'libgtk-3.so.0', packages: ['libgtk-3-0t64', 'libgtk-3-0'] },
  { what: 'libnss3.so', packages: ['libnss3'] },
  { what: 'libasound.so.2', packages: ['libasound2t64', 'libasound2'] },
  { what: 'libgbm.so.1', packages: ['libgbm1'] },
];

/** What Chromium speaks to a keychain with. @type {Need} */
const LIBSECRET = { what: 'libsecret-1.so.0', packages: ['libsecret-1-0'] };

/** @type {Need} */
const XVFB = { what: 'Xvfb', packages: ['xvfb'] };

/** A keychain of its own for the tests that need one. @type {Need[]} */
const KEYRING = [
  { what: 'gnome-keyring-daemon', packages: ['gnome-keyring'] },
  { what: 'dbus-daemon', packages: ['dbus-daemon', 'dbus'] },
];

/**
 * Makes sure of what Electron needs from the system: installs it as root, names the command otherwise.
 * @param {{ xvfb: boolean, keyring: boolean }} options
 */
export async function ensureSystemPackages({ xvfb, keyring }) {
  if (process.platform !== 'linux') return;
  const missing = missingNeeds({ xvfb, keyring });
  if (missing.length === 0) return;

  const names = missing.map(({ what }) => what).join(', ');
  if (!isOnPath('apt-get')) {
    throw new SetUpError(
      `Electron needs ${names}; please install ${missing.length > 1 ? 'them' : 'it'} with this system's package manager.`,
    );
  }
  if (process.getuid?.() !== 0) {
    throw new SetUpError(`Electron needs ${names}. Please run once:\n\n  ${aptCommand(missing)}\n`);
  }

  say(`System packages: installing what is missing for ${names} (apt-get)`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await apt(['update'], env);
  await apt(['install', '-y', '--no-install-recommends', ...missing.map((need) => packageFor(need))], env);
}

/** @param {{ xvfb: boolean, keyring: boolean }} options */
function missingNeeds({ xvfb, keyring }) {
  const known = libraries();
  const missing = LIBRARIES.filter(({ what }) => !known.includes(`\t${what} `));
  if (xvfb && !isOnPath(XVFB.what)) missing.push(XVFB);
  if (keyring) missing.push(...KEYRING.filter(({ what }) => !isOnPath(what)));
  if (keyring && !known.includes('\tlibsecret-1.so.0 ')) missing.push(LIBSECRET);
  return missing;
}

/** The dynamic linker's list of libraries; an ordinary user has no /sbin on the path. */
function libraries() {
  const ldconfig = ['/sbin/ldconfig', '/usr/sbin/ldconfig', '/usr/bin/ldconfig'].find((path) =>
    existsSync(path),
  );
  return ldconfig ? execFileSync(ldconfig, ['-p'], { encoding: 'utf8' }) : '';
}

/**
 * The one command for the reader to run.
 * @param {Need[]} needs
 * @param {(name: string) => boolean} [exists] whether apt knows a package of that name
 */
export const aptCommand = (needs, exists = aptKnows) =>
  `sudo apt-get update && sudo apt-get install -y ${needs.map((need) => packageFor(need, exists)).join(' ')}`;

/** @param {Need} need @param {(name: string) => boolean} [exists] */
function packageFor({ packages, what }, exists = aptKnows) {
  return packages.find((name) => exists(name)) ?? packages.at(-1) ?? what;
}

/** @param {string} name */
function aptKnows(name) {
  try {
    // Its own line says whether there is something to install, not only something that mentions the name.
    return /Candidate: (?!\(none\))/.test(
      execFileSync('apt-cache', ['policy', name], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } }),
    );
  } catch {
    return false;
  }
}

/** @param {string[]} args @param {NodeJS.ProcessEnv} env */
async function apt(args, env) {
  const code = await run('apt-get', ['-q', ...args], { env, quiet: true });
  if (code !== 0)
    throw new SetUpError(`apt-get ${args[0]} failed (exit code ${code}); its messages are above.`);
}

/** @param {string} program */
export const isOnPath = (program) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => folder !== '' && existsSync(join(folder, program)));
