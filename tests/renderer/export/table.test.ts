import { parse } from 'csv-parse/sync';
import Decimal from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  averageOf,
  type FileColumn,
  leastOf,
  mostOf,
  sumOf,
  totalWord,
  wholeOf,
} from '../../../renderer/export/columns.ts';
import { namePart, suggestedName } from '../../../renderer/export/names.ts';
import { MOST_COPIED, TextSink } from '../../../renderer/export/sink.ts';
import { type TableOptions, type TableSource, writeTable } from '../../../renderer/export/table.ts';
import { usersColumns } from '../../../renderer/views/users/users-columns.tsx';
import type { ScreenAggregate, UserRow } from '../../../renderer/views/users/users-query.ts';
import { type Money, parseMoney, toDecimal } from '../../../shared/money.ts';
import type { AggregateValue } from '../../../shared/query.ts';

const Exact = Decimal.clone({ precision: 200, toExpNeg: -100, toExpPos: 100 });
const PLAIN: TableOptions = { format: 'csv', cells: 'plain', totals: false, about: {} };

const tableOf = <Row>(
  columns: readonly FileColumn<Row>[],
  rows: readonly Row[],
  version: () => number = () => 1,
): TableSource<Row> => ({
  columns,
  read: async (offset, limit) => ({
    rows: rows.slice(offset, offset + limit),
    count: rows.length,
    version: version(),
  }),
});

async function write<Row>(table: TableSource<Row>, options: Partial<TableOptions> = {}) {
  const sink = new TextSink();
  const written = await writeTable(table, { ...PLAIN, ...options }, sink);
  return { text: sink.text, ...written };
}

const known = (value: AggregateValue['value'], rows = 1): AggregateValue => ({
  value,
  known: value === null ? 0 : rows,
});

/** A user as the store answers. */
const user = (id: string | null, spend: string | null, more: Partial<UserRow['values']> = {}): UserRow => ({
  keys: [id],
  values: {
    requests: known(3),
    spend: known(spend === null ? null : parseMoney(spend)!, 2),
    share: known(spend === null ? null : 0.1),
    prompt: known(10),
    completion: known(20),
    reasoning: known(null),
    cached: known(0),
    average: known(spend === null ? null : parseMoney(spend)!),
    models: known(2),
    modelNames: known(['a/b', 'c/d']),
    users: known(1),
    first: known(Date.UTC(2026, 10, 21, 1, 2, 3, 4)),
    last: known(Date.UTC(2026, 10, 22)),
    ...more,
  } satisfies Record<ScreenAggregate, AggregateValue>,
});
const userFiles = usersColumns(null).map(({ file }) => file);

describe('the users table', () => {
  it('is exact, tells unknown from zero, and quotes what has to be quoted', async () => {
    const odd = ['a,b', 'say "hi"', 'two\nlines', ' spaces ', '=1+1', 'carriage\rreturn'];
    const rows = [user('ann', '0.00037035000000000003'), user(null, null), ...odd.map((id) => user(id, '1'))];
    const { text, rows: lines } = await write(tableOf(userFiles, rows));
    expect(lines).toBe(rows.length);
    expect(text.split('\n').slice(0, 3)).toEqual([
      'user,requests,spend_usd,share_of_spend,tokens_prompt,tokens_completion,tokens_reasoning,tokens_cached,spend_per_request_usd,models,first_seen_utc,last_seen_utc',
      'ann,3,0.00037035000000000003,0.1,10,20,,0,0.00037035000000000003,2,2026-11-21 01:02:03.004,2026-11-22 00:00:00.000',
      ',3,,,10,20,,0,,2,2026-11-21 01:02:03.004,2026-11-22 00:00:00.000',
    ]);
    const data = parse(text, { record_delimiter: '\n' }) as string[][];
    expect(data.slice(3).map(([id]) => id)).toEqual(odd);
    expect(text.endsWith('\n')).toBe(true);
  });

  it('for spreadsheets: a text is harmless, a negative number is a number', async () => {
    const { text, touched } = await write(tableOf(userFiles, [user('=1+1', '-0.5'), user('-5', '1')]), {
      cells: 'protected',
    });
    const [, first, second] = parse(text) as string[][];
    expect(first!.slice(0, 3)).toEqual(["'=1+1", '3', '-0.500000']);
    expect(second![0]).toBe("'-5");
    expect(touched).toBe(true);
    expect((await write(tableOf(userFiles, [user('a', '-1')]), { cells: 'protected' })).touched).toBe(false);
  });

  it('has a line of totals: sums are sums, an average is one of requests, shares are a whole', async () => {
    const rows = [
      user('a', '0.1', { spend: known(parseMoney('0.1')!, 1) }),
      user('b', '0.2', { spend: known(parseMoney('0.2')!, 3), modelNames: known(['a/b', 'x/y']) }),
      user(null, null),
    ];
    const { text } = await write(tableOf(userFiles, rows), { totals: true });
    expect((parse(text) as string[][]).at(-1)).toEqual([
      'Total',
      '9',
      '0.300000',
      '1',
      '30',
      '60',
      '',
      '0',
      '0.075000',
      '3',
      '2026-11-21 01:02:03.004',
      '2026-11-22 00:00:00.000',
    ]);
  });

  it('as JSON: money is decimal text, times ISO 8601, unknown null; totals stand apart', async () => {
    const { text } = await write(
      tableOf(userFiles, [user('=a', '0.00037035000000000003'), user(null, null)]),
      {
        format: 'json',
        totals: true,
        about: { table: 'users', zone: 'UTC' },
      },
    );
    const told = JSON.parse(text);
    expect(told).toMatchObject({ table: 'users', zone: 'UTC' });
    expect(told.rows[0]).toMatchObject({
      user: '=a',
      requests: 3,
      spend_usd: '0.00037035000000000003',
      first_seen_utc: '2026-11-21T01:02:03.004Z',
      tokens_reasoning: null,
    });
    expect(told.rows[1]).toMatchObject({ user: null, spend_usd: null });
    expect(told.totals).toMatchObject({ requests: 6, spend_usd: '0.00037035000000000003' });
    expect(JSON.parse((await write(tableOf(userFiles, []), { format: 'json' })).text).rows).toEqual([]);
  });
});

describe('any table', () => {
  interface Row {
    readonly name: string;
    readonly amount: Money | null;
    readonly rows: number;
    readonly count: number | null;
  }
  const columns: readonly FileColumn<Row>[] = [
    { header: 'name', kind: 'text', value: ({ name }) => name, total: totalWord },
    {
      header: 'amount_usd',
      kind: 'money',
      value: ({ amount }) => amount,
      total: sumOf(({ amount }) => amount),
    },
    { header: 'count', kind: 'count', value: ({ count }) => count, total: sumOf(({ count }) => count) },
    { header: 'share', kind: 'fraction', value: () => 1 / 3, total: wholeOf(({ amount }) => amount) },
    {
      header: 'average_usd',
      kind: 'money',
      value: () => null,
      total: averageOf(({ amount, rows }) => ({ amount, rows })),
    },
    { header: 'least', kind: 'count', value: ({ count }) => count, total: leastOf(({ count }) => count) },
    { header: 'most', kind: 'count', value: ({ count }) => count, total: mostOf(({ count }) => count) },
    { header: 'none', kind: 'count', value: ({ count }) => count },
  ];
  const anyRow = fc.record({
    name: fc.string({ unit: 'binary' }),
    amount: fc.option(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n })),
    rows: fc.integer({ min: 1, max: 1000 }),
    count: fc.option(fc.integer({ min: 0, max: 2 ** 40 })),
  });

  it('has totals that are the sums of its lines, to the last digit', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { maxLength: 40 }), async (rows) => {
        const { text } = await write(tableOf(columns, rows), { totals: true });
        const lines = (parse(text, { record_delimiter: '\n' }) as string[][]).slice(1);
        const total = lines.pop()!;
        const sum = (place: number) =>
          lines
            .map((line) => line[place] ?? '')
            .filter(Boolean)
            .reduce((all, one) => all.plus(one), new Exact(0));
        for (const place of [1, 2]) {
          if (lines.some((line) => line[place] !== '')) expect(sum(place).equals(total[place]!)).toBe(true);
          else expect(total[place]).toBe('');
        }
        const spent = rows.filter(({ amount }) => amount !== null);
        const resting = spent.reduce((all, one) => all + one.rows, 0);
        if (resting > 0) {
          const average = sum(1).div(resting).toDecimalPlaces(24, Decimal.ROUND_HALF_UP);
          expect(new Exact(total[4]!).equals(average)).toBe(true);
        }
        expect(total[3]).toBe(rows.length > 0 && !sum(1).isZero() ? '1' : '');
        expect(total[7]).toBe('');
      }),
    );
  });

  it('has every row of a long list once, and says how far it is', async () => {
    const rows = Array.from({ length: 12_345 }, (_, i) => user(`user-${i}`, '1'));
    const told: number[] = [];
    const { text } = await write(tableOf(userFiles, rows), { onProgress: (done) => told.push(done) });
    const data = parse(text) as string[][];
    expect(data.slice(1).map(([id]) => id)).toEqual(rows.map(({ keys: [key] }) => key));
    expect(told.at(-1)).toBe(12_345);
    expect([...told].sort((a, b) => a - b)).toEqual(told);
  });

  it('begins anew when the data change in the middle, and gives up in words when they never stop', async () => {
    const rows = Array.from({ length: 6_000 }, (_, i) => user(`user-${i}`, '1'));
    const versions = [1, 2];
    const { rows: lines, text } = await write(tableOf(userFiles, rows, () => versions.shift() ?? 3));
    expect(lines).toBe(6_000);
    expect(text.split('\n')).toHaveLength(6_002);
    let version = 0;
    await expect(write(tableOf(userFiles, rows, () => version++))).rejects.toThrow('kept changing');
  });

  it('has a line of headings when it is empty', async () => {
    const { text } = await write(tableOf(columns, []));
    expect(text).toBe('name,amount_usd,count,share,average_usd,least,most,none\n');
  });

  it('is refused by the clipboard in words when it is too much', async () => {
    const sink = new TextSink();
    await expect(sink.write('x'.repeat(MOST_COPIED + 1))).rejects.toMatchObject({
      error: { title: 'This is too much for the clipboard.' },
    });
  });
});

it('money in files has every digit', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (amount) => {
      expect(parseMoney(toDecimal(amount))).toBe(amount);
    }),
  );
});

describe('suggested names', () => {
  const day = Date.UTC(2026, 10, 22);
  const parts = { stem: 'whospent_users', range: null, partial: false, extension: 'csv' };
  it('say the day, or the range, and what is partial', () => {
    expect(suggestedName(parts, day)).toBe('whospent_users_2026-11-22.csv');
    const range = { first: day - 21 * 86_400_000, last: day };
    expect(suggestedName({ ...parts, range, partial: true })).toBe(
      'whospent_users_2026-11-01_2026-11-22_partial.csv',
    );
    expect(suggestedName({ ...parts, range: { first: day, last: day }, extension: 'json' })).toBe(
      'whospent_users_2026-11-22.json',
    );
  });

  it('take no path and no command from a user’s id', () => {
    expect(namePart('../../etc/passwd')).toBe('etc-passwd');
    expect(namePart('a b|c"d\n')).toBe('a-b-c-d');
    expect(namePart('日本 語')).toBe('日本-語');
    expect(namePart('///')).toBe('user');
    expect(namePart('x'.repeat(500))).toHaveLength(60);
  });
});
