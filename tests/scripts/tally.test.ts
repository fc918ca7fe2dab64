import { describe, expect, test } from 'vitest';
import {
  fromPlaywright,
  fromVitest,
  lastLine,
  nothing,
  oneCheck,
  sum,
  withExitCode,
} from '../../scripts/setup/tally.mjs';

describe('counting checks', () => {
  test('adds up what the runners report', () => {
    const unit = fromVitest({
      numPassedTests: 40,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 1,
      testResults: [{ status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] }],
    });
    const e2e = fromPlaywright({ stats: { expected: 5, unexpected: 0, flaky: 1, skipped: 0 } });
    expect(sum([oneCheck(0), oneCheck(2), unit, e2e])).toEqual({ passed: 47, failed: 2, skipped: 3 });
  });

  test('a test file that does not load is a failure', () => {
    const broken = { status: 'failed', assertionResults: [] };
    const counts = { numPassedTests: 4, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
    expect(fromVitest({ ...counts, testResults: [broken, broken] })).toEqual({
      passed: 4,
      failed: 2,
      skipped: 0,
    });
  });

  test('a runner that fails without a failed test has failed all the same', () => {
    expect(withExitCode(undefined, 1)).toEqual({ ...nothing(), failed: 1 });
    expect(withExitCode({ passed: 3, failed: 0, skipped: 0 }, 1).failed).toBe(1);
    expect(withExitCode({ passed: 3, failed: 2, skipped: 0 }, 1).failed).toBe(2);
    expect(withExitCode({ passed: 3, failed: 0, skipped: 0 }, 0).failed).toBe(0);
  });

  test('the last line is plain', () => {
    expect(lastLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
    expect(lastLine({ passed: 12, failed: 1, skipped: 3 })).toBe('12 passed, 1 failed, 3 skipped');
  });
});
