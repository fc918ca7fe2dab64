// @ts-check
/** The build of the app: `out/`, by electron-vite. */
import { rmSync } from 'node:fs';
import { inRoot, ROOT } from './paths.mjs';
import { run } from './run.mjs';
import { SetUpError, say } from './say.mjs';
import { hashOf, readStamp, writeStamp } from './stamp.mjs';

const SOURCES = [
  'electron',
  'renderer',
  'shared',
  'electron.vite.config.ts',
  'tsconfig.base.json',
  'package.json',
  'package-lock.json',
];
const STAMP = inRoot('out', '.stamp');

/**
 * Builds.
 * @returns {Promise<number>} the exit code
 */
export async function build() {
  const sources = hashOf(ROOT, SOURCES);
  forgetBuild();
  const code = await run(process.execPath, [
    inRoot('node_modules/electron-vite/bin/electron-vite.js'),
    'build',
  ]);
  if (code === 0) writeStamp(STAMP, sources);
  return code;
}

/** For whoever puts something else into `out/`. */
export const forgetBuild = () => rmSync(STAMP, { force: true });

/** Builds when the sources are not those that `out/` was built from. */
export async function ensureBuilt() {
  if (readStamp(STAMP) === hashOf(ROOT, SOURCES)) return;
  say('Build: the sources changed since the last one');
  const code = await build();
  if (code !== 0) throw new SetUpError(`The build failed (exit code ${code}); its messages are above.`);
}
