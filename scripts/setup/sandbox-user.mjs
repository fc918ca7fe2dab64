// @ts-check
/**
 * An ordinary user to run a test with, because Chromium's sandbox does not work for root.
 *
 * The checkout, Node and Electron may all stand where only root can look (/root, a private nvm). So the user
 * gets a room of its own with hard links to them: a fraction of a second, and no space.
 */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { handOn, runtimeFolder } from './app.mjs';
import { inRoot, ROOT } from './paths.mjs';
import { run } from './run.mjs';
import { isOnPath } from './system.mjs';

const USER = 'whospent-test';

/** What a test does not need, or must not write to. */
const LEFT_OUT = ['.git', 'dist', 'demo-out', 'test-results'];

export const isRoot = () => process.platform === 'linux' && process.getuid?.() === 0;

/**
 * Why Chromium's sandbox cannot be tried on this machine, or undefined when it can.
 * @returns {Promise<string | undefined>}
 */
export async function whyNoSandbox() {
  if (process.platform !== 'linux') return undefined;
  if (isRoot() && !['useradd', 'runuser'].every(isOnPath))
    return 'there is no useradd or runuser to become an ordinary user';
  if (isRoot()) await ensureUser();
  const namespaces = ['unshare', '--user', '--pid', '--net', '--fork', 'true'];
  const [file = '', ...args] = isRoot() ? ['runuser', '-u', USER, '--', ...namespaces] : namespaces;
  return (await succeeds(file, args)) ? undefined : 'this kernel does not let ordinary users make namespaces';
}

async function ensureUser() {
  if (await succeeds('id', [USER])) return;
  const flags = [
    '--system',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    '/usr/sbin/nologin',
  ];
  await run('useradd', [...flags, USER], { quiet: true });
}

/** @param {string} file @param {string[]} args */
const succeeds = async (file, args) => (await run(file, args, { silent: true }).catch(() => 1)) === 0;

/**
 * @typedef {object} Room
 * @property {string} checkout the copy of the checkout, whose folders the user may write to
 * @property {string} results a folder of the user's for what is to be brought home
 * @property {(node: string[], env?: NodeJS.ProcessEnv) => Promise<number>} run runs Node in it, as the user
 * @property {() => void} remove
 */

/**
 * Only for root.
 * @param {import('./app.mjs').ElectronCommand} electron
 * @returns {Promise<Room>}
 */
export async function openRoom(electron) {
  const room = mkdtempSync(join(tmpdir(), 'whospent-room-'));
  const remove = () => {
    process.off('exit', remove);
    rmSync(room, { recursive: true, force: true });
  };
  process.on('exit', remove);

  const checkout = join(room, 'checkout');
  for (const name of ['checkout', 'results', 'home', 'tmp', 'bin']) mkdirSync(join(room, name));
  const parts = readdirSync(ROOT).filter((name) => !LEFT_OUT.includes(name));
  await link(
    parts.map((name) => inRoot(name)),
    checkout,
  );
  await link([process.execPath], join(room, 'bin'));
  const node = join(room, 'bin', process.execPath.split('/').at(-1) ?? 'node');
  const executablePath = await runtimeFolder(electron.dist, checkout, join(room, 'run'));

  /** @type {NodeJS.ProcessEnv} */
  const env = {
    ...handOn({ ...electron, executablePath, args: [] }),
    HOME: join(room, 'home'),
    TMPDIR: join(room, 'tmp'),
    USER,
    LOGNAME: USER,
    XDG_CACHE_HOME: undefined,
    XDG_CONFIG_HOME: undefined,
    XDG_DATA_HOME: undefined,
    XDG_RUNTIME_DIR: undefined,
  };
  if (process.env.XAUTHORITY && existsSync(process.env.XAUTHORITY)) {
    env.XAUTHORITY = join(room, 'home', '.Xauthority');
    cpSync(process.env.XAUTHORITY, env.XAUTHORITY);
    await run('chown', [USER, env.XAUTHORITY]);
  }
  // Folders only: a linked file is the original, and stays root's.
  await run('find', [room, '-type', 'd', '-exec', 'chown', USER, '{}', '+']);
  chmodSync(room, 0o755);

  return {
    checkout,
    results: join(room, 'results'),
    run: (args, more = {}) =>
      run('runuser', ['-u', USER, '--', node, ...args], { cwd: checkout, env: { ...env, ...more } }),
    remove,
  };
}

/**
 * Hard links where the file system and the files' permissions allow it, copies for everyone to read otherwise.
 * @param {string[]} paths
 * @param {string} folder
 */
async function link(paths, folder) {
  const readable = paths.every((path) => statSync(path).mode & 0o004);
  if (readable && (await run('cp', ['-al', '--', ...paths, folder], { silent: true })) === 0) return;
  await run('cp', ['-a', '--no-preserve=ownership', '--remove-destination', '--', ...paths, folder], {
    quiet: true,
  });
  await run('chmod', ['-R', 'a+rX', folder]);
}
