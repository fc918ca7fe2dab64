import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileText } from '../../../renderer/export/columns.ts';

describe('a share in a file', () => {
  it('is as short as it can be', () => {
    const told = [0, 1, 0.5, 1 / 3, 1e-25, -0.25].map((share) => fileText('fraction', share));
    expect(told).toEqual(['0', '1', '0.5', '0.333333333333333', `0.${'0'.repeat(24)}1`, '-0.25']);
  });

  it('of something is never nothing, and never an exponent', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40 }),
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        (zeros, head) => {
          const share = head * 10 ** -zeros;
          const text = fileText('fraction', share);
          expect(text).toMatch(/^(0\.\d+|1)$/);
          expect(Math.abs(Number(text) / share - 1)).toBeLessThan(1e-14);
        },
      ),
    );
  });
});
