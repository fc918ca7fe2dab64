/** Where two values differ, in words that one can read. Runs in the page as well, where no test library is. */

/** Far above what divisions in another order leave, far below what any two times or counts differ by. */
const RELATIVE = 1e-14;

export const isClose = (a: number, b: number): boolean =>
  a === b || Math.abs(a - b) <= RELATIVE * Math.max(Math.abs(a), Math.abs(b));

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** JSON with big integers. */
export const show = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner)) ??
  String(value);

/**
 * The first difference, or null. `actual` may have members that `expected` does not speak of, such as the version.
 */
export function difference(actual: unknown, expected: unknown, path = 'answer'): string | null {
  if (typeof actual === 'number' && typeof expected === 'number') {
    return isClose(actual, expected) ? null : told(actual, expected, path);
  }
  if (!isObject(actual) || !isObject(expected)) {
    return Object.is(actual, expected) ? null : told(actual, expected, path);
  }
  if (Array.isArray(actual) !== Array.isArray(expected)) return told(actual, expected, path);
  if (Array.isArray(expected) && actual.length !== expected.length) return told(actual, expected, path);
  for (const key of Object.keys(expected)) {
    const found = difference(actual[key], expected[key], `${path}.${key}`);
    if (found) return found;
  }
  return null;
}

const told = (actual: unknown, expected: unknown, path: string): string =>
  `${path} is ${show(actual)}, should be ${show(expected)}`;
