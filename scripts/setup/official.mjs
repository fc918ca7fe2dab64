// @ts-check
/**
 * The official Electron binary: what `node_modules/electron/install.js` downloads and checks.
 *
 * Since version 42 `electron` has no postinstall; its installer is started here. It waits for a closed
 * network as long as the network lets it, hence the short question beforehand, and the memory of a "no".
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { inCache, inRoot } from './paths.mjs';
import { run } from './run.mjs';
import { say } from './say.mjs';

const PATIENCE_MS = 5_000;
const REMEMBERED_MS = 24 * 60 * 60 * 1000;

/** @returns {Promise<string>} the version that package.json pins */
export async function officialVersion() {
  return JSON.parse(await readFile(inRoot('node_modules/electron/package.json'), 'utf8')).version;
}

/** The folder of the unpacked official binary, when it is there and whole. */
export async function officialDist() {
  try {
    const [version, dist, path] = await Promise.all([
      officialVersion(),
      readFile(inRoot('node_modules/electron/dist/version'), 'utf8'),
      readFile(inRoot('node_modules/electron/path.txt'), 'utf8'),
    ]);
    const whole =
      dist.replace(/^v/, '') === version && existsSync(inRoot('node_modules/electron/dist', path));
    return whole ? inRoot('node_modules/electron/dist') : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Tries to download the official binary.
 * @param {{ again?: boolean }} [options] again: forget an earlier failure
 * @returns {Promise<string | undefined>} why it could not be had, or undefined when it is there now
 */
export async function downloadOfficial({ again = false } = {}) {
  const version = await officialVersion();
  const url = downloadUrl(version);
  const earlier = again ? undefined : await rememberedFailure(url);
  if (earlier) return earlier;

  const reachable = (await isCached(version)) || behindProxy() || (await answers(url));
  if (reachable === true) {
    say(`Electron: downloading ${version} from ${new URL(url).host} (about 110 MB, once)`);
    const env = behindProxy() ? { ELECTRON_GET_USE_PROXY: '1' } : {};
    if ((await run(process.execPath, [inRoot('node_modules/electron/install.js')], { env })) === 0)
      return undefined;
  }
  const why =
    reachable === true
      ? `the installer of electron ${version} failed${needsNewerNode() ? ` on Node ${process.versions.node} (it asks for 22.12)` : ''}`
      : `${new URL(url).host} could not be reached (${reachable})`;
  await rememberFailure(url, why);
  return why;
}

/**
 * The address @electron/get will use, by the same variables.
 * @param {string} version
 * @param {NodeJS.ProcessEnv} [env]
 */
export function downloadUrl(version, env = process.env) {
  /** @param {string} name */
  const setting = (name) => env[`npm_config_electron_${name}`] || env[`ELECTRON_${name.toUpperCase()}`];
  const mirror = setting('mirror') ?? 'https://github.com/electron/electron/releases/download/';
  const folder = (setting('custom_dir') ?? `v${version}`).replace('{{ version }}', version);
  const file = setting('custom_filename') ?? `electron-v${version}-${process.platform}-${process.arch}.zip`;
  return `${mirror}${folder}/${file}`;
}

/**
 * Whether the first byte can be had (a GET, since mirrors may refuse HEAD).
 * @param {string} url
 * @returns {Promise<true | string>} true or why not
 */
async function answers(url) {
  try {
    const response = await fetch(url, {
      headers: { range: 'bytes=0-0' },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await response.body?.cancel();
    return response.ok || `HTTP ${response.status}`;
  } catch (error) {
    const { name, message, cause } = /** @type {Error & { cause?: { code?: string } }} */ (error);
    return name === 'TimeoutError' ? `no answer in ${PATIENCE_MS / 1000} s` : (cause?.code ?? message);
  }
}

/**
 * @electron/get keeps its zips; with one there no network is needed.
 * @param {string} version
 */
async function isCached(version) {
  const root = process.env.electron_config_cache ?? defaultDownloadCache();
  const name = `electron-v${version}-${process.platform}-${process.arch}.zip`;
  const folders = await readdir(root).catch(() => []);
  return folders.some((folder) => existsSync(join(root, folder, name)));
}

function defaultDownloadCache() {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'electron');
  if (process.platform === 'win32') return join(process.env.LOCALAPPDATA ?? homedir(), 'electron', 'Cache');
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'electron');
}

/** Node's fetch takes no notice of a proxy, so our short question would be wrong; the installer can use one. */
function behindProxy() {
  const { env } = process;
  return Boolean(env.ELECTRON_GET_USE_PROXY || env.HTTPS_PROXY || env.https_proxy);
}

function needsNewerNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major < 22 || (major === 22 && minor < 12);
}

const memory = () => inCache('electron-download.json');

/** @param {string} url */
async function rememberedFailure(url) {
  try {
    return validFailure(JSON.parse(await readFile(memory(), 'utf8')), url, Date.now());
  } catch {
    return undefined;
  }
}

/**
 * An earlier failure counts for a day, and only for the same address: another mirror is another question.
 * @param {{ url: string, at: number, why: string }} failure
 * @param {string} url
 * @param {number} now
 */
export const validFailure = (failure, url, now) =>
  failure.url === url && failure.at <= now && now - failure.at < REMEMBERED_MS ? failure.why : undefined;

/** @param {string} url @param {string} why */
async function rememberFailure(url, why) {
  await mkdir(inCache(), { recursive: true });
  await writeFile(memory(), JSON.stringify({ url, at: Date.now(), why }));
}
