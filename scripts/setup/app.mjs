// @ts-check
/** How this checkout's app is started in the Electron that was found. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, link, mkdir, mkdtemp, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { findElectron, takesAppPath } from './electron.mjs';
import { inCache, ROOT } from './paths.mjs';

/**
 * @typedef {object} ElectronCommand
 * @property {string} executablePath
 * @property {string[]} args what must come first on the command line
 * @property {string} version
 * @property {string} dist the folder of the executable
 * @property {'own' | 'official' | 'fallback'} source
 */

/** Set for child processes, so that they need not ask again. */
const HANDED_ON = 'WHOSPENT_ELECTRON_COMMAND';

/**
 * What starts the app of this checkout: `spawn(executablePath, [...args, ...more])`, or Playwright's
 * `_electron.launch({ executablePath, args: [...args, ...more] })`. Says nothing about the sandbox: that is
 * {@link sandboxArgs} here and `chromiumSandbox` there.
 * @param {import('./electron.mjs').Electron} [electron]
 * @returns {Promise<ElectronCommand>}
 */
export async function electronCommand(electron) {
  const known = process.env[HANDED_ON];
  if (!electron && known) return JSON.parse(known);
  const found = electron ?? (await findElectron());
  const { version, source, dist } = found;
  // Newer Electrons see for themselves that there is only Wayland.
  const screen = process.env.WAYLAND_DISPLAY && !process.env.DISPLAY ? ['--ozone-platform-hint=auto'] : [];
  return takesAppPath(found)
    ? { executablePath: found.executable, args: [ROOT, ...screen], version, dist, source }
    : { executablePath: await runtimeFolder(dist, ROOT), args: screen, version, dist, source };
}

/**
 * The same for another app than this checkout's: a small one of the tests, say.
 * @param {string} app its folder, with a package.json
 * @returns {Promise<ElectronCommand>}
 */
export async function electronCommandFor(app) {
  const own = await electronCommand();
  return own.args[0] === ROOT
    ? { ...own, args: [app, ...own.args.slice(1)] }
    : { ...own, executablePath: await runtimeFolder(own.dist, app) };
}

/** @param {ElectronCommand} command @returns {Record<string, string>} */
export const handOn = (command) => ({ [HANDED_ON]: JSON.stringify(command) });

/**
 * An Electron folder of one checkout's own, whose `resources/app` is that checkout; several checkouts and
 * tests can so run at once from one cached Electron. Made of hard links (the executable finds its files
 * beside itself, so a symbolic link would lead back to the cache), it takes no space.
 * @param {string} dist
 * @param {string} app
 * @param {string} [runs] where such folders stand
 * @returns {Promise<string>} the executable
 */
export async function runtimeFolder(dist, app, runs = inCache('run')) {
  const version = readFileSync(join(dist, 'version'), 'utf8').trim();
  const folder = join(
    runs,
    createHash('sha256').update(`${dist}\n${version}\n${app}`).digest('hex').slice(0, 16),
  );
  const executable = join(folder, 'electron');
  if (existsSync(executable)) return executable;

  await mkdir(runs, { recursive: true });
  await removeOrphans(runs);
  const work = await mkdtemp(join(runs, 'making-'));
  try {
    await linkTree(dist, work);
    await mkdir(join(work, 'resources'), { recursive: true });
    await rm(join(work, 'resources', 'app'), { recursive: true, force: true });
    await symlink(app, join(work, 'resources', 'app'));
    await rename(work, folder).catch((error) => {
      // Made by another process in the meantime.
      if (!existsSync(executable)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return executable;
}

/** @param {string} from @param {string} to an existing folder */
async function linkTree(from, to) {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      await mkdir(target, { recursive: true });
      await linkTree(source, target);
    } else if (entry.isSymbolicLink()) {
      await symlink(await readlink(source), target);
    } else {
      // Not on every file system, nor across two of them.
      await link(source, target).catch(() => copyFile(source, target));
    }
  }
}

/** Removes the folders whose checkout is gone. @param {string} runs */
async function removeOrphans(runs) {
  for (const name of await readdir(runs)) {
    if (name.startsWith('making-') || existsSync(join(runs, name, 'resources', 'app'))) continue;
    await rm(join(runs, name), { recursive: true, force: true });
  }
}

/**
 * What Chromium has to be told about its sandbox here, and why.
 * @returns {{ args: string[], why?: string }}
 */
export function sandboxArgs() {
  if (process.platform !== 'linux') return { args: [] };
  const why =
    process.getuid?.() === 0
      ? 'Chromium refuses to run as root with it'
      : userNamespacesForbidden() &&
        'this kernel does not let ordinary users make the namespaces it is built from';
  return why ? { args: ['--no-sandbox'], why: `Sandbox: off (--no-sandbox) because ${why}` } : { args: [] };
}

/** Ubuntu's AppArmor rule, Debian's old switch, and the kernel's limit. */
function userNamespacesForbidden() {
  return (
    kernelSetting('kernel/apparmor_restrict_unprivileged_userns') === '1' ||
    kernelSetting('kernel/unprivileged_userns_clone') === '0' ||
    kernelSetting('user/max_user_namespaces') === '0'
  );
}

/** @param {string} name */
function kernelSetting(name) {
  try {
    return readFileSync(join('/proc/sys', name), 'utf8').trim();
  } catch {
    return undefined;
  }
}
