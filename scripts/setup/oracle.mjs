// @ts-check
/**
 * DuckDB, with which some tests compare the store's answers. A package of its own in tests/oracle, so that only who
 * runs the tests downloads it.
 */
import { installNodeModules } from './node-modules.mjs';
import { SetUpError, say } from './say.mjs';

/** Without it its tests are skipped, and say so: everything else can be tested offline. */
export async function installOracle() {
  try {
    await installNodeModules('tests/oracle');
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    say(`DuckDB is not there, so the tests that compare with it are skipped: ${error.message}`);
  }
}
