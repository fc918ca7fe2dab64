import { z } from 'zod';
import type { SampleKey, SampleRow } from '../../../shared/sample/types.ts';
import { ApiError } from '../errors.ts';
import { DIMENSIONS, type Dimension, type DimensionValue } from './dimensions.ts';

const Scalar = z.union([z.string(), z.number()]);

export const Filter = z.object({
  field: z.string(),
  operator: z.string(),
  value: z.union([Scalar, z.array(Scalar)]),
  include_unset: z.boolean().optional(),
});
export type Filter = z.infer<typeof Filter>;
type Scalar = z.infer<typeof Scalar>;

type Test = (value: DimensionValue) => boolean;

const same = (a: Scalar, b: Scalar): boolean => String(a) === String(b);

/** Numbers by size, texts by their letters. */
export function compare(a: Scalar, b: Scalar): number {
  if (typeof a === 'number' && !Number.isNaN(Number(b))) return a - Number(b);
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}

/** Ordering leaves out generations without a value. */
const ordered =
  (holds: (order: number) => boolean) =>
  (wanted: Scalar): Test =>
  (value) =>
    value !== null && holds(compare(value, wanted));

/** Without a value counts as the empty text, as the store behind the real API has it. */
const SCALAR_OPERATORS: ReadonlyMap<string, (wanted: Scalar) => Test> = new Map([
  ['eq', (wanted) => (value) => same(value ?? '', wanted)],
  ['neq', (wanted) => (value) => !same(value ?? '', wanted)],
  ['gt', ordered((order) => order > 0)],
  ['gte', ordered((order) => order >= 0)],
  ['lt', ordered((order) => order < 0)],
  ['lte', ordered((order) => order <= 0)],
]);
const ARRAY_OPERATORS: ReadonlyMap<string, (wanted: Scalar[]) => Test> = new Map([
  ['in', (wanted) => (value) => value !== null && wanted.some((one) => same(value, one))],
  ['not_in', (wanted) => (value) => value !== null && !wanted.some((one) => same(value, one))],
]);

export const OPERATORS = [
  ...[...SCALAR_OPERATORS.keys()].map((name) => ({ name, value_type: 'scalar' })),
  ...[...ARRAY_OPERATORS.keys()].map((name) => ({ name, value_type: 'array' })),
];

/** The dimension with this name. Throws 400 for an unknown one. */
export function dimension(name: string): Dimension {
  const found = DIMENSIONS.get(name);
  if (!found) throw new ApiError(400, `Unknown dimension: ${name}`);
  return found;
}

/**
 * Whether a generation passes one filter. Throws 400 for what cannot be asked; adds a warning for an API key's
 * hash that no key has (which then passes nothing).
 */
export function compileFilter(filter: Filter, keys: readonly SampleKey[], warnings: string[]) {
  const { value, unset } = dimension(filter.field);
  const test = compileTest(filter, resolveKeys(filter, keys, warnings));
  if (filter.include_unset && !unset)
    throw new ApiError(400, `Dimension "${filter.field}" has no unset bucket`);
  const passes: Test = filter.include_unset ? (found) => found === null || test(found) : test;
  return (row: SampleRow): boolean => passes(value(row));
}

function compileTest({ operator, include_unset }: Filter, wanted: Scalar | Scalar[]): Test {
  const scalar = SCALAR_OPERATORS.get(operator);
  const array = ARRAY_OPERATORS.get(operator);
  if (scalar) {
    if (include_unset) throw new ApiError(400, 'include_unset applies only to the in and not_in operators');
    if (!Array.isArray(wanted)) return scalar(wanted);
    throw new ApiError(400, `Operator "${operator}" needs a single value`);
  }
  if (!array) throw new ApiError(400, `Unknown operator: ${operator}`);
  if (Array.isArray(wanted)) return array(wanted);
  throw new ApiError(400, `Operator "${operator}" needs an array of values`);
}

/** An API key may be named by its number or by its hash. */
function resolveKeys(
  { field, value }: Filter,
  keys: readonly SampleKey[],
  warnings: string[],
): Filter['value'] {
  if (field !== 'api_key_id') return value;
  const resolve = (one: Scalar): Scalar => {
    if (typeof one === 'number' || !/^[0-9a-f]{64}$/.test(one)) return one;
    const key = keys.find(({ hash }) => hash === one);
    if (!key) warnings.push(`Could not resolve API key hash ${one}`);
    return key?.id ?? -1;
  };
  return Array.isArray(value) ? value.map(resolve) : resolve(value);
}
