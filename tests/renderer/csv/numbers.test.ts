import { describe, expect, test } from 'vitest';
import { plainNumber, proofOf, signOf } from '../../../renderer/csv/numbers.ts';

test.each([
  ['0.000123', '.'],
  ['0,00015', ','],
  ['1,5E-04', ','],
  ['1,234.56', '.'],
  ['1.234,56', ','],
  ['1 234,56', ','],
  ['1,234,567', '.'],
  ['1.234.567', ','],
  ['0,123', ','],
  ['1234,567', ','],
  ['1,234', null],
  ['1.234', null],
  ['1234', null],
  ['1,23.4,5', null],
  ['12.34.56', null],
  ['free', null],
] as const)('“%s” proves the decimal sign %s', (cell, sign) => {
  expect(proofOf(cell)).toBe(sign);
});

const comma = { sign: ',', proved: true } as const;
const point = { sign: '.', proved: true } as const;
const custom = { sign: '.', proved: false } as const;
const unknown = { sign: null, proved: false } as const;

describe('a cell is read in the style of its column', () => {
  test.each([
    ['0,00015', comma, '0.00015'],
    ['1,5E-04', comma, '1.5E-04'],
    ['1.234,56', comma, '1234.56'],
    ['1.234', comma, '1234'],
    ['1,234', comma, '1.234'],
    ['1 234,56', comma, '1234.56'],
    ['1\u00a0234', comma, '1234'],
    ['-0,5', comma, '-0.5'],
    ['−3', comma, '-3'],
    ['1,234', point, '1234'],
    ['1.234', point, '1.234'],
    ['1,234.5', point, '1234.5'],
    ['1’234.5', point, '1234.5'],
    ['1.234', custom, '1.234'],
    ['0,5', unknown, '0.5'],
    ['0.5', unknown, '0.5'],
    ['1 234', unknown, '1234'],
    [' 12 ', unknown, '12'],
  ] as const)('“%s” in %o is %s', (cell, style, text) => {
    expect(plainNumber(cell, style)).toBe(text);
  });
});

test.each([
  ['1,234', custom],
  ['1,234', unknown],
  ['1.234', unknown],
  ['0.5', comma],
  ['0,5', point],
  ['1,2345', point],
  ['12,34.5', point],
])('“%s” in %o is refused', (cell, style) => {
  expect(plainNumber(cell, style)).toHaveProperty('problem');
});

test('a column that is written in both ways is not one that proves nothing', () => {
  expect([signOf(['0.5', '0,5', '1.234']), signOf(['1.234']), signOf(['0,5', '1.234'])]).toEqual([
    'both',
    null,
    ',',
  ]);
});

describe('three digits behind one separator of a count', () => {
  test.each([
    ['12,000', comma],
    ['12.000', point],
    ['12.000', custom],
  ])('“%s” in %o are no decimals without proof of their column', (cell, style) => {
    expect(plainNumber(cell, { ...style, whole: true })).toHaveProperty('problem');
  });

  test.each([
    ['12.000', comma],
    ['12,000', point],
  ])('“%s” in %o are thousands', (cell, style) => {
    expect(plainNumber(cell, { ...style, whole: true })).toBe('12000');
  });
});
