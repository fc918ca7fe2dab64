import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ExactSum } from './exact-sum.ts';

const Exact = Decimal.clone({ precision: 200 });

test('adds any amounts as decimal.js does', () => {
  const amount = fc.oneof(
    fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }).map((pico) => pico / 1e12),
    fc.double({ min: 1e-12, max: 1_000_000, noNaN: true }),
    fc.tuple(fc.nat(100_000), fc.nat(1000)).map(([tokens, price]) => tokens * (price / 1e8)),
  );
  fc.assert(
    fc.property(fc.array(amount), fc.array(amount), (left, right) => {
      const sum = new ExactSum();
      const other = new ExactSum();
      for (const value of left) sum.add(value);
      for (const value of right) other.add(value);
      sum.addSum(other);
      const expected = [...left, ...right].reduce((total, value) => total.plus(value), new Exact(0));
      expect(sum.value).toBe(Number(expected.toFixed()));
    }),
  );
});

test('does not lose what floats lose', () => {
  const sum = new ExactSum();
  for (let i = 0; i < 10; i++) sum.add(0.1);
  expect(sum.value).toBe(1);
});
