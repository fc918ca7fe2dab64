// @ts-check
/** `npm run dev`: the app with hot reload, in the same Electron as everything else. */
import { forgetBuild } from './setup/build.mjs';
import { command, sandboxArgs, say, setUp } from './setup/index.mjs';
import { inRoot } from './setup/paths.mjs';
import { run } from './setup/run.mjs';

await command(async () => {
  const { executablePath } = await setUp();
  const sandbox = sandboxArgs();
  if (sandbox.why) say(sandbox.why);
  // What it leaves in out/ asks its own server for the page.
  forgetBuild();
  const cli = inRoot('node_modules/electron-vite/bin/electron-vite.js');
  const flags = sandbox.args.length > 0 ? ['--noSandbox'] : [];
  return run(process.execPath, [cli, 'dev', '--watch', ...flags, '--', ...process.argv.slice(2)], {
    // The only one of Electron's variables that electron-vite reads.
    env: { ELECTRON_EXEC_PATH: executablePath },
  });
});
