/** Two stray quotes in the same column of different lines, which together make a record of the right width. */
import { describe, expect, test } from 'vitest';
import { CsvReader, type ReaderState } from '../../../renderer/csv/read.ts';
import { CSV_KEYS } from '../../../shared/columns.ts';
import { line } from '../../fixtures/activity.ts';
import { readFile } from './read-file.ts';

/** A line with a user and an app that stand in it as they are given. */
const row = (n: number, user = `user-${n}`, app = 'Demo') =>
  line('Sep 2026', { n, user: 'USER', app_name: 'APP' }).replace('USER', user).replace('APP', app);
const file = (rows: readonly string[], end = '\n') => `${[CSV_KEYS.join(','), ...rows].join(end)}${end}`;
const usersOf = async (text: string) => {
  const { rows, rejections } = await readFile(text);
  return {
    users: rows.map(({ user }) => user),
    rejected: rejections.map(({ line, reason }) => [line, reason] as const),
  };
};
const because = (other: number) =>
  `has a stray quote, which another in line ${other} would close: it would join whole lines`;

describe('two stray quotes cost their two lines', () => {
  test.each(['\n', '\r\n'])('of neighbours (%j)', async (end) => {
    const rows = [row(0), row(1, '"ann'), row(2, 'bob"'), row(3)];
    expect(await usersOf(file(rows, end))).toEqual({
      users: ['user-0', 'user-3'],
      rejected: [
        [3, because(4)],
        [4, because(3)],
      ],
    });
  });

  test('and not the lines between', async () => {
    const rows = [row(0, '"ann'), row(1), row(2, '""'), row(3, 'bob"'), row(4)];
    expect(await usersOf(file(rows))).toEqual({
      users: ['user-1', undefined, 'user-4'],
      rejected: [
        [2, because(5)],
        [5, because(2)],
      ],
    });
  });

  test('also where the last of them begins another such pair', async () => {
    const rows = [row(0, '"ann'), row(1, 'bob"', '"Demo'), row(2, 'eve', 'Demo"'), row(3)];
    const { users, rejected } = await usersOf(file(rows));
    expect([users, rejected.map(([line]) => line)]).toEqual([['user-3'], [2, 3, 4]]);
  });

  test('wherever the id stands', async () => {
    const lines = ['user,cost_total,created_at,generation_id'];
    const rest = (n: number) => `0.5,2025-12-19 20:32:1${n}.000,gen-176617633${n}-a`;
    lines.push(`"ann,${rest(1)}`, `bob",${rest(2)}`, `eve,${rest(3)}`);
    const { users, rejected } = await usersOf(lines.join('\n'));
    expect([users, rejected.map(([line]) => line)]).toEqual([['eve'], [2, 3]]);
  });

  test('many times over, cut into pieces anywhere', async () => {
    const rows = Array.from({ length: 4000 }, (_, n) =>
      row(n, n % 100 === 7 ? '"ann' : n % 100 === 8 ? 'bob"' : n % 100 === 50 ? '"two\nlines"' : `u${n}`),
    );
    const { users, rejected } = await usersOf(file(rows));
    expect(users).toHaveLength(4000 - 80);
    expect(users.filter((user) => user === 'two\nlines')).toHaveLength(40);
    expect(rejected).toHaveLength(80);
  });
});

test.each([
  'two\nlines',
  'gen-1766176333-a\nis a name',
  `many${','.repeat(23)}\ncommas`,
  `2025-12-19 20:32:13${','.repeat(22)}\ngen-1766176333-a`,
])('a name of several lines stays one: %j', async (user) => {
  const { users, rejected } = await usersOf(file([row(0, `"${user}"`), row(1)]));
  expect([users, rejected]).toEqual([[user, 'user-1'], []]);
});

test('wherever the text is cut behind the second one', () => {
  const time = '2025-12-19 20:32:13.640';
  const text = [
    'generation_id,created_at,user,cost_total',
    `gen-1766176331-a,${time},"u,1`,
    `gen-1766176332-b,${time},",1`,
    'more",1',
    `gen-1766176334-d,${time},u,1`,
    '',
  ].join('\n');
  const read = (...pieces: string[]) => {
    let state: ReaderState | undefined;
    return pieces.flatMap((piece, i) => {
      // A reader of its own for each: what one knows, the next has to be told.
      const reader = new CsvReader(',', state);
      const records = reader.read(piece, i === pieces.length - 1);
      state = reader.state;
      return records;
    });
  };
  const whole = read(text);
  expect(whole.map(({ line, broken }) => [line, broken])).toEqual([
    [1, false],
    [2, true],
    [3, true],
    [5, false],
  ]);
  const ends = [...text.matchAll(/\n/g)].map(({ index }) => index + 1).filter((end) => end < text.length);
  for (const end of ends.slice(2))
    expect(read(text.slice(0, end), text.slice(end)), `cut at ${end}`).toEqual(whole);
});
