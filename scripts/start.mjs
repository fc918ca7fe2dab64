// @ts-check
/** `npm start`: sets up, builds what changed, runs the app. `npm start -- --flag` hands flags to it. */
import { command, ensureBuilt, sandboxArgs, say, setUp } from './setup/index.mjs';
import { run } from './setup/run.mjs';

await command(async () => {
  const { executablePath, args } = await setUp();
  await ensureBuilt();
  const sandbox = sandboxArgs();
  if (sandbox.why) say(sandbox.why);
  return run(executablePath, [...args, ...sandbox.args, ...process.argv.slice(2)]);
});
