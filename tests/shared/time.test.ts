import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatCsvTime, parseTime, startOfDay, timeFromGenerationId } from '../../shared/time.ts';

test.each([
  ['2025-12-19 20:32:13.640', '2025-12-19T20:32:13.640Z'],
  ['2025-12-19T20:32:13.640Z', '2025-12-19T20:32:13.640Z'],
  ['2024-07-15T23:33:19.433273+00:00', '2024-07-15T23:33:19.433Z'],
  ['2024-07-15T23:33:19+02:00', '2024-07-15T21:33:19.000Z'],
  ['2024-07-15T23:33:19-0530', '2024-07-16T05:03:19.000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
])('%s is %s, whatever the zone of this machine', (text, iso) => {
  expect(parseTime(text)).toBe(Date.parse(iso));
});

test.each([
  '',
  'yesterday',
  '2025-02-29 00:00:00',
  '2025-13-01',
  '2025-12-19 24:00:00',
  '19.12.2025',
  '1766176333',
])('“%s” is no time', (text) => {
  expect(parseTime(text)).toBeUndefined();
});

test('written and read again is the same', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), (time) => {
      expect(parseTime(formatCsvTime(time))).toBe(time);
    }),
  );
});

test('a generation id holds its time', () => {
  expect(timeFromGenerationId('gen-1766176333-AbCdEf')).toBe(Date.parse('2025-12-19T20:32:13Z'));
  expect(timeFromGenerationId('gen-3bhGkxlo4XFrqiabUM7NDtwDzWwG')).toBeUndefined();
});

test('a day begins at midnight UTC', () => {
  expect(startOfDay(Date.parse('2025-12-19T23:59:59.999Z'))).toBe(Date.parse('2025-12-19T00:00:00Z'));
});
