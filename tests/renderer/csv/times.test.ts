import { describe, expect, test } from 'vitest';
import { orderOf, plainTime } from '../../../renderer/csv/times.ts';

/** 2025-12-19 20:32:13 UTC. */
const ID = 1_766_176_333_000;
const HOUR = 3_600_000;
const none = { order: null, shifts: [] } as const;
const problem = { problem: expect.any(String) };

describe('in a file whose times are ahead', () => {
  test.each([
    ['2025-12-19 21:32:13.640', [HOUR], '2025-12-19 20:32:13.640'],
    ['2025-12-19 21:32:40.000', [HOUR], '2025-12-19 20:32:40.000'],
    ['2025-12-19 22:30:13.000', [HOUR, 2 * HOUR], '2025-12-19 20:30:13.000'],
    ['2025-12-19 20:32:14.000', [HOUR], '2025-12-19 20:32:14.000'],
    ['2025-12-19 21:39:40.000', [HOUR], problem],
    ['2025-12-19 23:32:13.640', [HOUR], problem],
  ])('“%s” by %o', (cell, shifts, told) => {
    expect(plainTime(cell, ID, { order: null, shifts })).toEqual(told);
  });
});

describe('an ISO stamp that is cut says less than its id', () => {
  test.each([
    ['2025-12-19 20:32', [], ''],
    ['2025-12-19T20:32Z', [], ''],
    ['2025-12-19 21:32', [HOUR], ''],
    ['2025-12-19', [], ''],
    ['2025-12-20', [5 * HOUR], ''],
    // Not the id's minute: a zone's, which is for the file to tell.
    ['2025-12-19 21:32', [], '2025-12-19 21:32:00.000'],
    ['2025-12-19 20:32:13', [], '2025-12-19 20:32:13'],
    ['2025-12-19 21:32:13+01:00', [HOUR], '2025-12-19 21:32:13+01:00'],
  ])('“%s” by %o', (cell, shifts, told) => {
    expect(plainTime(cell, ID, { order: null, shifts })).toEqual(told);
  });

  test('the end of a bare date is no zone', () => {
    expect(plainTime('2025-12-19', undefined, { order: null, shifts: [HOUR] })).toBe(
      '2025-12-18 23:00:00.000',
    );
  });
});

describe('a day of the calendar alone proves no order', () => {
  test.each([
    ['25-12-19 20:32', ID, problem],
    ['25.12.19 20:32', ID, problem],
    ['25-12-19 20:32', undefined, problem],
    ['19/12/2025 20:32', ID, ''],
    ['12/19/25 20:32', ID, ''],
    ['19/12/2025 20:32', undefined, '2025-12-19 20:32:00.000'],
    ['31/12/2101 20:32', undefined, problem],
  ])('“%s” with the time %s', (cell, idTime, told) => {
    expect(plainTime(cell, idTime, none)).toEqual(told);
  });

  test('nor does it for its column', () => {
    expect(orderOf([['25-12-19 20:32', ID]])).toBeNull();
  });
});

test('a year first, and a day of one digit', () => {
  const id = Date.UTC(2025, 11, 5, 20, 32, 13);
  expect(plainTime('2025/12/5 20:32', id, none)).toBe('');
  expect(plainTime('2025/12/5 20:32', undefined, none)).toBe('2025-12-05 20:32:00.000');
  expect(plainTime('5/12/5 20:32', undefined, none)).toBe('5/12/5 20:32');
});
