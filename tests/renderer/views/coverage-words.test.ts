import { describe, expect, it } from 'vitest';
import { dayFrom, monthsBetween } from '../../../renderer/views/coverage/calendar.ts';
import {
  completenessWords,
  dayWords,
  stretchWords,
} from '../../../renderer/views/coverage/coverage-words.ts';
import { parseMoney } from '../../../shared/money.ts';
import { formatDay } from '../../../shared/time.ts';

const day = (date: string) => Date.parse(`${date}T00:00:00Z`);

describe('a day in words', () => {
  it('has its state, its requests and its spend', () => {
    const known = { day: day('2026-11-03'), requests: 120, spend: parseMoney('3.21')!, each: [] };
    expect(dayWords({ ...known, state: 'complete' })).toBe('2026-11-03: complete, 120 requests, $3.21');
    expect(dayWords({ ...known, state: 'never', requests: 1, spend: null })).toBe(
      '2026-11-03: never pulled, 1 request',
    );
  });
});

describe('days as stretches', () => {
  it('join neighbours, the newest first', () => {
    const days = ['2026-11-13', '2026-10-03', '2026-11-12'].map(day);
    expect(stretchWords(days, 4)).toBe('2026-11-12 – 2026-11-13, 2026-10-03');
    expect(stretchWords(days, 1)).toBe('2026-11-12 – 2026-11-13 and 1 more');
  });
});

describe('what is said of a total', () => {
  const said = {
    days: 30,
    incomplete: 0,
    onlyUnderWay: false,
    olderMissing: false,
    onlyLookedUp: false,
    deletedBefore: null,
  };
  it('is as short as it can be', () => {
    expect(completenessWords(said)).toBeNull();
    expect(completenessWords({ ...said, incomplete: 3 })).toBe('3 of 30 days are not complete');
    expect(completenessWords({ ...said, incomplete: 1 })).toBe('1 of 30 days is not complete');
    expect(completenessWords({ ...said, incomplete: 1, onlyUnderWay: true })).toBe(
      'Today is not complete yet',
    );
    expect(completenessWords({ ...said, incomplete: 3, onlyLookedUp: true })).toBe(
      'Only generations that were looked up are counted',
    );
    expect(completenessWords({ ...said, olderMissing: true })).toBe('Older days are not pulled yet');
    expect(completenessWords({ ...said, incomplete: 3, olderMissing: true })).toBe(
      '3 of 30 days are not complete, and older days are not pulled yet',
    );
    const deletedBefore = day('2026-10-23');
    expect(completenessWords({ ...said, deletedBefore })).toBe(
      'What was from before 2026-10-23 was deleted here',
    );
    expect(completenessWords({ ...said, incomplete: 1, deletedBefore })).toBe(
      '1 of 30 days is not complete; what was from before 2026-10-23 was deleted here',
    );
  });
});

describe('the calendar', () => {
  it('has weeks from Monday, and ends with the last day', () => {
    const months = monthsBetween(day('2026-10-15'), day('2026-11-03') + 3_600_000);
    expect(months.map(({ label }) => label)).toEqual(['Oct 2026', 'Nov 2026']);
    expect(months[0]!.weeks.map((week) => week.length)).toEqual([4, 7, 7, 7, 6]);
    expect(months[1]!.weeks.map((week) => week.map(formatDay))).toEqual([
      ['2026-11-01'],
      ['2026-11-02', '2026-11-03'],
    ]);
  });

  it('is walked by days, weeks and months, and never left', () => {
    const to = (from: string, key: string) => {
      const at = dayFrom(day(from), key, day('2026-01-01'), day('2026-11-22'));
      return at === undefined ? undefined : formatDay(at);
    };
    expect(to('2026-03-31', 'ArrowRight')).toBe('2026-04-01');
    expect(to('2026-03-03', 'ArrowUp')).toBe('2026-02-24');
    expect(to('2026-03-31', 'PageUp')).toBe('2026-02-28');
    expect(to('2026-01-31', 'PageDown')).toBe('2026-02-28');
    expect(to('2026-03-12', 'Home')).toBe('2026-03-01');
    expect(to('2026-03-12', 'End')).toBe('2026-03-31');
    expect(to('2026-01-03', 'ArrowUp')).toBe('2026-01-01');
    expect(to('2026-11-20', 'End')).toBe('2026-11-22');
    expect(to('2026-11-20', 'x')).toBeUndefined();
  });
});
