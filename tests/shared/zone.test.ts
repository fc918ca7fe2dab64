import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BucketUnit } from '../../shared/query.ts';
import { dateOf, dayRange, previousRange, sameDaysLastMonth, Zone, zoneOf } from '../../shared/zone.ts';

const HOUR = 3_600_000;
const iso = (text: string) => Date.parse(text);
const hours = ({ from, to }: { from: number; to: number }) => (to - from) / HOUR;

describe('days', () => {
  test.each([
    ['2026-03-28', 'Europe/Berlin', 24],
    ['2026-03-29', 'Europe/Berlin', 23],
    ['2026-10-25', 'Europe/Berlin', 25],
    ['2026-03-08', 'America/New_York', 23],
    ['2026-11-01', 'America/New_York', 25],
    // Half an hour of summer time.
    ['2026-04-05', 'Australia/Lord_Howe', 24.5],
    ['2026-10-04', 'Australia/Lord_Howe', 23.5],
    // Clocks jump from midnight to one: the day begins at one.
    ['2018-11-04', 'America/Sao_Paulo', 23],
    // Clocks go back at midnight: the day before has the hour twice.
    ['2018-02-17', 'America/Sao_Paulo', 25],
    // Midnight comes twice.
    ['2024-11-03', 'America/Havana', 25],
    // Clocks went back a minute after midnight.
    ['2010-11-07', 'America/St_Johns', 25],
    ['2026-07-01', 'Asia/Kathmandu', 24],
    // A day that never was.
    ['2011-12-30', 'Pacific/Apia', 0],
  ])('%s in %s has %d hours', (date, zone, expected) => {
    expect(hours(dayRange(date, date, zone))).toBe(expected);
  });

  test.each([
    ['2026-07-01', 'Asia/Kolkata', '2026-06-30T18:30:00Z'],
    ['2026-07-01', 'Asia/Kathmandu', '2026-06-30T18:15:00Z'],
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00Z'],
    ['2024-11-03', 'America/Havana', '2024-11-03T04:00:00Z'],
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00Z'],
    ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00Z'],
  ])('%s in %s begins at %s', (date, zone, start) => {
    const { from } = dayRange(date, date, zone);
    expect(new Date(from).toISOString()).toBe(start.replace('Z', '.000Z'));
    expect(dateOf(from, zone)).toBe(date);
  });

  test('what is no date is refused', () => {
    for (const wrong of ['2026-02-30', '2026-13-01', 'today', '2026-1-1'])
      expect(() => dayRange(wrong, wrong, 'UTC')).toThrow(RangeError);
    expect(() => new Zone('Nowhere/City')).toThrow(RangeError);
  });
});

describe('stretches', () => {
  test('a week begins on Monday, a month on its first', () => {
    const zone = zoneOf('Europe/Berlin');
    const time = iso('2026-04-02T12:00:00Z');
    expect(new Date(zone.start(time, 'week')).toISOString()).toBe('2026-03-29T22:00:00.000Z');
    expect(new Date(zone.start(time, 'month')).toISOString()).toBe('2026-03-31T22:00:00.000Z');
    expect(new Date(zone.next(zone.start(time, 'month'), 'month')).toISOString()).toBe(
      '2026-04-30T22:00:00.000Z',
    );
  });

  test('the hour that comes twice is two hours', () => {
    const zone = zoneOf('America/New_York');
    const starts = ['2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z'].map((text) =>
      zone.start(iso(text), 'hour'),
    );
    expect(starts).toEqual([iso('2026-11-01T05:00:00Z'), iso('2026-11-01T06:00:00Z')]);
  });

  test('hours of a zone of half hours begin at its own', () => {
    const start = zoneOf('Asia/Kolkata').start(iso('2026-07-01T10:15:00Z'), 'hour');
    expect(new Date(start).toISOString()).toBe('2026-07-01T09:30:00.000Z');
  });

  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'America/Sao_Paulo',
    'America/Havana',
    'America/St_Johns',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'Pacific/Apia',
    'Africa/Casablanca',
  ];
  const units: BucketUnit[] = ['minute', 'hour', 'day', 'week', 'month'];

  test('follow each other without a gap, and are numbered in order', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...units),
        fc.integer({ min: iso('2000-01-01'), max: iso('2035-01-01') }),
        (name, every, time) => {
          const zone = zoneOf(name);
          const start = zone.start(time, every);
          const next = zone.next(start, every);
          expect(start).toBeLessThanOrEqual(time);
          expect(next).toBeGreaterThan(time);
          expect(zone.start(next - 1, every)).toBe(start);
          expect(zone.start(next, every)).toBe(next);
          expect(zone.start(start, every)).toBe(start);
          expect(zone.number(start, time, every)).toBe(0);
          expect(zone.nth(time, 0, every)).toBe(start);
          if (every !== 'minute' && every !== 'hour')
            expect(zone.nth(start, zone.number(start, next, every), every)).toBe(next);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('ranges to compare with', () => {
  test('as many days before, whatever their hours', () => {
    const week = dayRange('2026-03-26', '2026-04-01', 'Europe/Berlin');
    expect(previousRange(week, 'Europe/Berlin')).toEqual(
      dayRange('2026-03-19', '2026-03-25', 'Europe/Berlin'),
    );
    const after = dayRange('2026-04-02', '2026-04-08', 'Europe/Berlin');
    expect(previousRange(after, 'Europe/Berlin')).toEqual(week);
    expect(hours(week)).toBe(7 * 24 - 1);
  });

  test('a month that is shorter ends with its last day', () => {
    const march = dayRange('2026-03-01', '2026-03-31', 'Europe/Berlin');
    expect(sameDaysLastMonth(march, 'Europe/Berlin')).toEqual(
      dayRange('2026-02-01', '2026-02-28', 'Europe/Berlin'),
    );
    const ends = dayRange('2024-03-30', '2024-03-31', 'UTC');
    expect(sameDaysLastMonth(ends, 'UTC')).toEqual(dayRange('2024-02-29', '2024-02-29', 'UTC'));
    const january = dayRange('2026-01-10', '2026-01-12', 'UTC');
    expect(sameDaysLastMonth(january, 'UTC')).toEqual(dayRange('2025-12-10', '2025-12-12', 'UTC'));
  });
});
