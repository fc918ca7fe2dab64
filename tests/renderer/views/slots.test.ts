import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  firstSlotFor,
  MOST_SLOTS,
  rowShift,
  slotCount,
} from '../../../renderer/components/data-grid/slots.ts';

describe('slots', () => {
  it('are the rows themselves while they fit', () => {
    expect(slotCount(20_000)).toBe(20_000);
    expect(rowShift(20_000, 12_345, 30)).toBe(0);
    expect(firstSlotFor(20_000, 19_999, 0, 30)).toBe(19_970);
    expect(firstSlotFor(20_000, 5, 100, 30)).toBe(5);
    expect(firstSlotFor(20_000, 110, 100, 30)).toBe(100);
  });

  it('reach the first and the last row of a list that does not fit', () => {
    const [count, visible] = [3_000_000, 24];
    expect(rowShift(count, 0, visible)).toBe(0);
    const end = MOST_SLOTS - visible;
    expect(end + rowShift(count, end, visible) + visible).toBe(count);
  });

  it('bring any row on screen, from anywhere', () => {
    const lists = fc.tuple(fc.integer({ min: 1, max: 5_000_000 }), fc.integer({ min: 1, max: 60 }));
    fc.assert(
      fc.property(
        lists,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        ([count, visible], a, b) => {
          const row = Math.floor(a * (count - 1));
          const scrollable = Math.max(0, slotCount(count) - visible);
          const first = firstSlotFor(count, row, Math.floor(b * scrollable), visible);
          expect(first).toBeGreaterThanOrEqual(0);
          expect(first).toBeLessThanOrEqual(scrollable);
          const top = first + rowShift(count, first, visible);
          // Where one place stands for more rows than fit, one cannot hit every row at the edge.
          const spread = Math.ceil(count / slotCount(count));
          expect(row).toBeGreaterThanOrEqual(top - spread);
          expect(row).toBeLessThan(top + visible + spread);
          if (spread === 1) expect(row >= top && row < top + visible).toBe(true);
        },
      ),
    );
  });
});
