import { describe, expect, it } from 'vitest';
import { presetRange, rangeLabel, toFilter } from '../../../renderer/hooks/filters.ts';
import { formatDay } from '../../../shared/time.ts';

const days = (preset: Parameters<typeof presetRange>[0], now: string) => {
  const range = presetRange(preset, Date.parse(now));
  return range && [formatDay(range.first), formatDay(range.last)];
};

describe('date range presets', () => {
  it.each([
    ['all', null],
    ['today', ['2026-03-01', '2026-03-01']],
    ['last7', ['2026-02-23', '2026-03-01']],
    ['last30', ['2026-01-31', '2026-03-01']],
    ['thisMonth', ['2026-03-01', '2026-03-01']],
    ['lastMonth', ['2026-02-01', '2026-02-28']],
  ] as const)('%s, in UTC days', (preset, expected) => {
    expect(days(preset, '2026-03-01T00:00:00Z')).toEqual(expected);
    expect(days(preset, '2026-03-01T23:59:59.999Z')).toEqual(expected);
  });

  it('cross the turn of the year', () => {
    expect(days('lastMonth', '2026-01-15T12:00:00Z')).toEqual(['2025-12-01', '2025-12-31']);
  });
});

describe('filters', () => {
  const day = Date.UTC(2026, 10, 22);

  it('hold the last day whole', () => {
    expect(toFilter({ range: { first: day, last: day }, source: null, search: '' })).toEqual([
      { on: 'created_at', from: day, to: day + 86_400_000 },
    ]);
  });

  it('search by a part of the user id, without the spaces around it', () => {
    expect(toFilter({ range: null, source: null, search: ' ann ' })).toEqual([
      { on: 'user', contains: 'ann' },
    ]);
    expect(toFilter({ range: null, source: null, search: '  ' })).toEqual([]);
  });

  it('are named by their preset or their days', () => {
    const range = { first: day - 86_400_000, last: day };
    expect(rangeLabel({ range, preset: 'last7' })).toBe('Last 7 days');
    expect(rangeLabel({ range, preset: null })).toBe('2026-11-21 – 2026-11-22');
    expect(rangeLabel({ range: { first: day, last: day }, preset: null })).toBe('2026-11-22');
  });
});
