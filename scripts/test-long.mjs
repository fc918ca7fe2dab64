// @ts-check
/**
 * `npm run test:long`: the tests that are worth more time than `npm test` has, in their long form (they find
 * WHOSPENT_LONG set), and `N passed, N failed` as the last line.
 *
 *   npm run test:long -- kill       only the files whose path holds one of these words
 *   npm run test:long -- late       all end-to-end tests of the app, in which every message comes late
 */
import { command, ensureBuilt, installOracle, SetUpError, setUp } from './setup/index.mjs';
import { playwright, step, vitest, withReports } from './setup/runners.mjs';
import { lastLine, sum } from './setup/tally.mjs';

/** Files with a long form. To add one, name it here, and have it look at WHOSPENT_LONG. */
const SPECS = ['tests/e2e/kill.spec.ts', 'tests/e2e/property.spec.ts', 'tests/e2e/sql.spec.ts'];
const UNIT_TESTS = [
  'tests/oracle/exact.test.ts',
  'tests/oracle/histories.test.ts',
  'tests/oracle/model.test.ts',
  'tests/oracle/queries.test.ts',
  'tests/oracle/sql.test.ts',
];

const LONG = { WHOSPENT_LONG: '1' };
/** See tests/e2e/late. */
const LATE = { WHOSPENT_LATE_MS: '300' };

await command(async () => {
  const words = process.argv.slice(2);
  /** @param {string} file */
  const isWanted = (file) => words.length === 0 || words.some((word) => file.includes(word));
  const [specs, units] = [SPECS.filter(isWanted), UNIT_TESTS.filter(isWanted)];
  const late = isWanted('late');
  if (specs.length + units.length === 0 && !late) {
    throw new SetUpError(
      `None of ${[...SPECS, ...UNIT_TESTS, 'late'].join(', ')} is meant by ${words.join(' ')}.`,
    );
  }
  await setUp({ keyring: true });
  await installOracle();
  await ensureBuilt();

  const all = await withReports(async (reports) =>
    sum([
      ...(units.length > 0 ? [await step('Unit tests, long', () => vitest(reports, units, LONG))] : []),
      ...(specs.length > 0 ? [await step('End to end, long', () => playwright(reports, specs, LONG))] : []),
      ...(late ? [await step('End to end, late', () => playwright(reports, [], LATE))] : []),
    ]),
  );
  process.stdout.write(`\n${lastLine(all)}\n`);
  return all.failed > 0 || all.passed === 0 ? 1 : 0;
});
