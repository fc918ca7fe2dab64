import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { suggestedName } from '../../../renderer/export/names.ts';
import { USERS_CSV_HEADER, usersCsv } from '../../../renderer/export/users-csv.ts';
import { DEFAULT_USERS_SORT, type UserAggregate } from '../../../renderer/views/users/users-query.ts';
import { type Money, parseMoney } from '../../../shared/money.ts';
import type { AggregateValue, Group, GroupAnswer, GroupQuery } from '../../../shared/query.ts';

const known = (value: number | Money | null): AggregateValue => ({ value, known: value === null ? 0 : 1 });

const group = (key: string | null, spend: string | null): Group<UserAggregate> => ({
  keys: [key],
  values: {
    requests: known(3),
    spend: known(spend === null ? null : parseMoney(spend)!),
    share: known(spend === null ? null : 0.1),
    prompt: known(10),
    completion: known(20),
    reasoning: known(null),
    cached: known(0),
    average: known(spend === null ? null : parseMoney(spend)!),
    models: known(2),
    first: known(Date.UTC(2026, 10, 21, 1, 2, 3, 4)),
    last: known(Date.UTC(2026, 10, 22)),
  },
});

/** A store that holds these groups; `version` may change from one question to the next. */
const storeOf =
  (groups: readonly Group<UserAggregate>[], version: () => number = () => 1) =>
  (query: GroupQuery<UserAggregate>): Promise<GroupAnswer<UserAggregate>> =>
    Promise.resolve({
      groups: groups.slice(query.offset, query.offset + query.limit),
      count: groups.length,
      totals: group(null, '1').values,
      other: null,
      coverage: { rows: 1, from: 0, to: 0, version: version() },
    });

describe('the users table as CSV', () => {
  it('is exact, tells unknown from zero, and quotes what has to be quoted', async () => {
    const odd = ['a,b', 'say "hi"', 'two\nlines', ' spaces ', '=1+1', 'carriage\rreturn'];
    const groups = [
      group('ann', '0.00037035000000000003'),
      group(null, null),
      ...odd.map((id) => group(id, '1')),
    ];
    const { pieces, lines } = await usersCsv(storeOf(groups), [], DEFAULT_USERS_SORT);
    const text = pieces.join('');
    expect(lines).toBe(groups.length);
    expect(text.split('\n')[0]).toBe(USERS_CSV_HEADER.join(','));
    expect(text.split('\n')[1]).toBe(
      'ann,3,0.00037035000000000003,0.1,10,20,,0,0.00037035000000000003,2,2026-11-21 01:02:03.004,2026-11-22 00:00:00.000',
    );
    expect(text.split('\n')[2]).toBe(',3,,,10,20,,0,,2,2026-11-21 01:02:03.004,2026-11-22 00:00:00.000');
    const { data } = Papa.parse<string[]>(text, { skipEmptyLines: true, newline: '\n' });
    expect(data.slice(3).map(([id]) => id)).toEqual(odd);
    expect(text.endsWith('\n')).toBe(true);
    expect(text).not.toContain('\r\n');
  });

  it('has every user of a long list once', async () => {
    const groups = Array.from({ length: 12_345 }, (_, i) => group(`user-${i}`, '1'));
    const { pieces } = await usersCsv(storeOf(groups), [], DEFAULT_USERS_SORT);
    const { data } = Papa.parse<string[]>(pieces.join(''), { skipEmptyLines: true });
    expect(data.slice(1).map(([id]) => id)).toEqual(groups.map(({ keys: [key] }) => key));
  });

  it('begins anew when the data change in the middle, and gives up in words when they never stop', async () => {
    const groups = Array.from({ length: 6_000 }, (_, i) => group(`user-${i}`, '1'));
    const versions = [1, 2];
    const { lines } = await usersCsv(
      storeOf(groups, () => versions.shift() ?? 3),
      [],
      DEFAULT_USERS_SORT,
    );
    expect(lines).toBe(6_000);
    let version = 0;
    const restless = usersCsv(
      storeOf(groups, () => version++),
      [],
      DEFAULT_USERS_SORT,
    );
    await expect(restless).rejects.toThrow('kept changing');
  });

  it('has a line of headings when there is no user', async () => {
    const { pieces, lines } = await usersCsv(storeOf([]), [], DEFAULT_USERS_SORT);
    expect([pieces.join(''), lines]).toEqual([`${USERS_CSV_HEADER.join(',')}\n`, 0]);
  });
});

describe('suggested names', () => {
  const day = Date.UTC(2026, 10, 22);
  it('say the day, or the range', () => {
    expect(suggestedName('whospent_users', null, day)).toBe('whospent_users_2026-11-22.csv');
    expect(suggestedName('whospent_users', { first: day - 86_400_000, last: day })).toBe(
      'whospent_users_2026-11-21_2026-11-22.csv',
    );
    expect(suggestedName('whospent_users', { first: day, last: day })).toBe('whospent_users_2026-11-22.csv');
  });
});
