// @ts-check
/** `npm run test:long`: the tests that are worth more time than `npm test` has, in their long form. */
import { command, ensureBuilt, setUp } from './setup/index.mjs';
import { run } from './setup/run.mjs';

await command(async () => {
  await setUp({ keyring: true });
  await ensureBuilt();
  return run(
    process.execPath,
    [
      'node_modules/playwright/cli.js',
      'test',
      '--config=tests/e2e/playwright.config.ts',
      'kill.spec.ts',
      ...process.argv.slice(2),
    ],
    { env: { WHOSPENT_LONG: '1' } },
  );
});
