// @ts-check
/** `npm run stand-in -- <options>`: the local server that speaks OpenRouter's API. */
import { command, setUpNode } from './setup/index.mjs';
import { run } from './setup/run.mjs';

await command(async () => {
  await setUpNode();
  return run(process.execPath, ['--import', 'tsx', 'tests/stand-in/cli.ts', ...process.argv.slice(2)]);
});
