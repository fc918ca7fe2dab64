// @ts-check
/** `npm run bench [-- --only NAME] [--rows N]`: the figures, measured on this machine. */
import { parseArgs } from 'node:util';
import { command, ensureBuilt, SetUpError, say, setUp } from './setup/index.mjs';

await command(async () => {
  const { values } = parseArgs({ options: { only: { type: 'string' }, rows: { type: 'string' } } });
  const rows = values.rows === undefined ? undefined : Number(values.rows);
  if (rows !== undefined && !(Number.isSafeInteger(rows) && rows > 0)) {
    throw new SetUpError(`--rows must be a whole number, not "${values.rows}".`);
  }
  await setUp();
  await ensureBuilt();
  const { tsImport } = await import('tsx/esm/api');
  /** @type {typeof import('../tests/bench/run.ts')} */
  const { runBenches } = await tsImport('../tests/bench/run.ts', import.meta.url);
  await runBenches({ rows, only: values.only, say });
});
