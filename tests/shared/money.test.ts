import Decimal from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  divide,
  formatExact,
  formatMoney,
  fromLanes,
  parseMoney,
  ratio,
  toDecimal,
  toLanes,
} from '../../shared/money.ts';

const Exact = Decimal.clone({ precision: 60, toExpNeg: -60, toExpPos: 60 });

describe('reading', () => {
  test.each([
    ['0.000123', '0.000123'],
    ['-0.000045', '-0.000045'],
    ['0', '0.000000'],
    ['.5', '0.500000'],
    ['3.', '3.000000'],
    ['1.5e-7', '0.00000015'],
    ['+2E3', '2000.000000'],
    [0.1 + 0.2, '0.30000000000000004'],
    [0.00037035000000000003, '0.00037035000000000003'],
    [1e-7, '0.0000001'],
    ['1e-30', '0.000000'],
  ])('%s is %s dollars', (source, decimal) => {
    expect(toDecimal(parseMoney(source) as bigint)).toBe(decimal);
  });

  test.each([
    '',
    ' ',
    '.',
    '-',
    'abc',
    '1,5',
    '$1',
    '1.2.3',
    '0x10',
    'NaN',
    'Infinity',
    '1e',
    '1e999',
    '--1',
    '1 2',
  ])('“%s” is no amount', (text) => {
    expect(parseMoney(text)).toBeUndefined();
  });

  test('not a number is no amount', () => {
    expect(parseMoney(Number.NaN)).toBeUndefined();
    expect(parseMoney(Number.POSITIVE_INFINITY)).toBeUndefined();
  });

  test('every float from 10⁻⁷ dollars up keeps all digits of its shortest text', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-7, max: 1e6, noNaN: true }), (value) => {
        expect(new Exact(toDecimal(parseMoney(value) as bigint)).eq(String(value))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

test('the two lanes are the amount', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (amount) => {
      const { nanos, rest } = toLanes(amount);
      expect(Math.abs(rest)).toBeLessThan(1e15);
      expect(fromLanes(nanos, rest)).toBe(amount);
    }),
  );
});

test('averages and shares are rounded once, at the end', () => {
  expect(toDecimal(divide(parseMoney('1') as bigint, 3))).toBe('0.333333333333333333333333');
  expect(toDecimal(divide(parseMoney('-2') as bigint, 3))).toBe('-0.666666666666666666666667');
  expect(ratio(1n, 3n)).toBeCloseTo(1 / 3, 15);
  expect(ratio(5n, 0n)).toBeNull();
});

test.each([
  ['1234567.891', 2, '$1,234,567.89'],
  ['0.005', 2, '$0.01'],
  ['0.0049', 2, '<$0.01'],
  ['0', 2, '$0.00'],
  ['-0.03', 4, '−$0.0300'],
  ['-0.00000001', 4, '>−$0.0001'],
  ['0.4', 0, '<$1'],
  ['999.5', 0, '$1,000'],
])('%s with %i decimals reads %s', (text, decimals, shown) => {
  expect(formatMoney(parseMoney(text) as bigint, decimals)).toBe(shown);
});

test.each([
  ['13579.7613510001', 2, '$13,579.7613510001'],
  ['-1234567', 2, '−$1,234,567.00'],
  ['999.9', 6, '$999.900000'],
  ['1234', 0, '$1,234'],
  ['0', 2, '$0.00'],
])('%s with every digit and at least %i decimals is %s', (source, least, text) => {
  expect(formatExact(parseMoney(source) as bigint, least)).toBe(text);
});
