// @ts-check
/**
 * `npm run package`: the app as a folder in `dist/`, made with the Electron found here.
 * `npm run package -- --linux AppImage` (or any other of electron-builder's targets) makes that instead.
 */
import { command, ensureBuilt, SetUpError, say, setUp } from './setup/index.mjs';
import { inRoot } from './setup/paths.mjs';
import { run } from './setup/run.mjs';

await command(async () => {
  const { dist, version, source } = await setUp({ display: false });
  if (!version)
    throw new SetUpError(
      'electron-builder has to know the version, and this Electron has no `version` file.',
    );
  await ensureBuilt();

  const targets = process.argv.slice(2);
  const code = await run(process.execPath, [
    inRoot('node_modules/electron-builder/cli.js'),
    '--config',
    'electron.builder.yml',
    // Its own way to Electron is a download of its own.
    `-c.electronDist=${dist}`,
    `-c.electronVersion=${version}`,
    '--publish',
    'never',
    ...(targets.length > 0 ? targets : ['--dir']),
  ]);
  if (code === 0) say(`The result is in ${inRoot('dist')}.`);
  if (source === 'fallback')
    say(`Not to be given to anyone: made with the development fallback, Electron ${version}.`);
  return code;
});
