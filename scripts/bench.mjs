// @ts-check
/**
 * `npm run bench`: the figures, measured on this machine.
 *
 *   npm run bench -- --only queries --only rows    only these
 *   npm run bench -- --rows 20000                  another size; the figures are printed and not kept
 */
import { parseArgs } from 'node:util';
import { command, ensureBuilt, SetUpError, say, setUp } from './setup/index.mjs';

await command(async () => {
  const { values } = parseArgs({
    options: { only: { type: 'string', multiple: true }, rows: { type: 'string' } },
  });
  const { only = [] } = values;
  const rows = values.rows === undefined ? undefined : Number(values.rows);
  if (rows !== undefined && !(Number.isSafeInteger(rows) && rows > 0)) {
    throw new SetUpError(`--rows must be a whole number, not "${values.rows}".`);
  }
  await setUp();
  await ensureBuilt();
  const { tsImport } = await import('tsx/esm/api');
  /** @type {typeof import('../tests/bench/run.ts')} */
  const { benchNames, runBenches } = await tsImport('../tests/bench/run.ts', import.meta.url);
  const unknown = only.find((name) => !benchNames.includes(name));
  if (unknown !== undefined) {
    throw new SetUpError(`There is no benchmark "${unknown}"; --only takes ${benchNames.join(', ')}.`);
  }
  await runBenches({ rows, only, say });
});
