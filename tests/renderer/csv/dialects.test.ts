/** One file in every dress it may come in: what is read is always the same. */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { HEADERS, line } from '../../fixtures/activity.ts';
import { readFile } from './read-file.ts';

const rows = [
  line('Sep 2026', { n: 1, user: 'müller', cost_total: '0.000150', tokens_prompt: '1234' }),
  line('Sep 2026', { n: 2, user: 'say "hi", you', cost_total: '1234.5', byok_usage_inference: '0.25' }),
  line('Sep 2026', { n: 3, user: 'two\nlines', cost_cache: '-0.000045', cancelled: 'true' }),
];
const plain = `${HEADERS['Sep 2026']}\n${rows.join('\n')}\n`;
const expected = await readFile(plain);

test('as OpenRouter writes it', () => {
  expect(expected.rejections).toEqual([]);
  expect(expected.layout.style.foreign).toBe(false);
  expect(expected.rows.map((row) => [row.user, row.cost_total, row.created_at])).toEqual([
    ['müller', '0.00015', '2026-09-01 12:01:00.000'],
    ['say "hi", you', '1234.5', '2026-09-01 12:02:00.000'],
    ['two\nlines', '0.00015', '2026-09-01 12:03:00.000'],
  ]);
});

const utf16 = (text: string, swap: boolean) => {
  const bytes = Buffer.from(text, 'utf16le');
  return swap ? bytes.swap16() : bytes;
};
/** Cells of the plain file, written anew. */
const rewrite = (delimiter: string, change: (cell: string, header: string) => string, end = '\n') => {
  const cells = expected.layout.header.names;
  const written = expected.rows.map((row) =>
    cells
      .map((header) => {
        const cell = change(row[header] ?? '', header);
        return cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
      })
      .join(delimiter),
  );
  return [cells.join(delimiter), ...written].map((one) => one + end).join('');
};
/** What these hold is the reader’s own, spaces and all. */
const FREE = ['user', 'api_key_name', 'app_name'];
const isNumber = (cell: string) => /^-?\d+(\.\d+)?$/.test(cell);
const comma = (cell: string) => (isNumber(cell) ? cell.replace('.', ',') : cell);
const german = (cell: string) => ({ true: 'WAHR', false: 'FALSCH' })[cell] ?? comma(cell);

describe('the same rows', () => {
  test.each([
    ['with a byte order mark', `\ufeff${plain}`],
    ['in UTF-16 LE with a mark', utf16(`\ufeff${plain}`, false)],
    ['in UTF-16 BE with a mark', utf16(`\ufeff${plain}`, true)],
    ['in UTF-16 LE without', utf16(plain, false)],
    ['in UTF-16 BE without', utf16(plain, true)],
    ['packed by gzip', gzipSync(plain)],
    ['with CR LF', plain.replaceAll('\n', '\r\n').replace('two\r\nlines', 'two\nlines')],
    ['with CR', plain.replaceAll('\n', '\r').replace('two\rlines', 'two\nlines')],
    ['with mixed line ends', plain.replace('\n', '\r\n')],
    ['with blank lines', plain.replace('\n', '\n\n\n')],
    ['without a last line end', plain.trimEnd()],
    ['behind sep=;', `sep=;\r\n${rewrite(';', (cell) => cell, '\r\n')}`],
    ['parted by tabs', rewrite('\t', (cell) => cell)],
    ['parted by bars', rewrite('|', (cell) => cell)],
    ['with decimal commas and semicolons', rewrite(';', comma)],
    ['with decimal commas and tabs', rewrite('\t', comma)],
    ['by a German Excel', `\ufeff${rewrite(';', german, '\r\n')}`],
    ['in French words', rewrite(';', (cell) => ({ true: 'VRAI', false: 'FAUX' })[cell] ?? comma(cell))],
    ['in Spanish words', rewrite(';', (cell) => ({ true: 'VERDADERO', false: 'FALSO' })[cell] ?? cell)],
    ['with exponents', rewrite(';', (cell) => (cell === '0.00015' ? '1,5E-04' : comma(cell)))],
    [
      'with thousands separators',
      rewrite(
        ',',
        (cell, header) =>
          ({ '1234.5': '1,234.50', '1234': '1,234' })[header.startsWith('gen') ? '' : cell] ?? cell,
      ),
    ],
    ['with spaces around', rewrite(',', (cell, header) => (FREE.includes(header) ? cell : ` ${cell} `))],
    [
      'quoted throughout',
      rewrite(',', (cell) => cell).replace(/^.*$/m, (header) => header.replaceAll(/[^,]+/g, '"$&"')),
    ],
  ])('%s', async (_, content) => {
    const read = await readFile(content as string);
    expect(read.rejections).toEqual([]);
    expect(read.rows).toEqual(expected.rows);
  });
});

const stamps = (write: (date: Date) => string) =>
  rewrite(',', (cell, header) =>
    header === 'created_at' ? write(new Date(`${cell.replace(' ', 'T')}Z`)) : cell,
  );
const two = (value: number) => String(value).padStart(2, '0');
const clock = (date: Date) => `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;

describe('times of a spreadsheet', () => {
  test.each([
    ['without milliseconds', (d: Date) => d.toISOString().slice(0, 19).replace('T', ' ')],
    [
      'month first, proved by the ids',
      (d: Date) => `${d.getUTCMonth() + 1}/${d.getUTCDate()}/${d.getUTCFullYear()} ${clock(d)}`,
    ],
    [
      'day first, proved by the ids',
      (d: Date) => `${d.getUTCDate()}/${d.getUTCMonth() + 1}/${d.getUTCFullYear()} ${clock(d)}`,
    ],
    [
      'with dots',
      (d: Date) => `${two(d.getUTCDate())}.${two(d.getUTCMonth() + 1)}.${d.getUTCFullYear()} ${clock(d)}:00`,
    ],
    [
      'of a 12-hour clock',
      (d: Date) =>
        `${d.getUTCMonth() + 1}/${d.getUTCDate()}/${d.getUTCFullYear()} ${((d.getUTCHours() + 11) % 12) + 1}:${two(d.getUTCMinutes())} PM`,
    ],
    ['cut to minutes and seconds, as Excel shows them', (d: Date) => `${two(d.getUTCMinutes())}:00.0`],
  ])('%s', async (_, write) => {
    const read = await readFile(stamps(write));
    expect(read.rejections).toEqual([]);
    expect(read.rows.map((row) => row.created_at)).toEqual(expected.rows.map((row) => row.created_at));
  });

  const without = (dates: readonly string[]) =>
    `generation_id,created_at,cost_total\n${dates.map((date, n) => `own-${n},${date},1`).join('\n')}\n`;

  test('days above 12 prove the order where ids do not', async () => {
    const read = await readFile(without(['03/04/2026 10:00', '25/04/2026 10:00']));
    expect(read.rows.map((row) => row.created_at)).toEqual([
      '2026-04-03 10:00:00.000',
      '2026-04-25 10:00:00.000',
    ]);
  });

  test('where nothing proves it, it is not guessed', async () => {
    const read = await readFile(without(['03/04/2026 10:00', '05/05/2026 10:00']));
    expect(read.rejections.map(({ line: at, reason }) => [at, reason])).toEqual([
      [2, 'created_at may be day or month first, and nothing in the file tells which: “03/04/2026 10:00”'],
    ]);
    expect(read.rows).toHaveLength(1);
  });
});

test('Windows-1252 is rejected as UTF-8, and read as what it is', async () => {
  const bytes = Buffer.from(plain, 'latin1');
  const asIs = await readFile(bytes);
  expect(asIs.rejections.map((rejection) => rejection.line)).toEqual([2]);
  const read = await readFile(bytes, { encoding: 'windows-1252' });
  expect(read.rows).toEqual(expected.rows);
});

test('a number that may be read in two ways is refused with its reason', async () => {
  const read = await readFile(
    'generation_id;created_at;cost_total\ngen-1766176333-a;2025-12-19 20:32:13.640;1.234\n',
  );
  expect(read.rejections[0]?.reason).toBe(
    'cost_total can be read in two ways, and nothing in its column tells which: “1.234”',
  );
});

test.each(['Total,,2469.000300', 'Total', 'Summe,,,,', 'Gesamt;1', 'Grand total,,12.5'])(
  'a line of totals (%s) is left out, and said to be one',
  async (total) => {
    const read = await readFile(`${plain}${total}\n`);
    expect(read.rows).toHaveLength(3);
    expect(read.rejections.map((rejection) => rejection.reason)).toEqual([
      'is a line of totals, not a generation',
    ]);
  },
);

test('rejected lines keep their cells', async () => {
  const read = await readFile(
    'generation_id,created_at,cost_total\ngen-1766176333-a,2025-12-19 20:32:13.640,free\n"x\n',
  );
  expect(read.rejections.map(({ line: at, cells }) => [at, cells])).toEqual([
    [2, ['gen-1766176333-a', '2025-12-19 20:32:13.640', 'free']],
    [3, ['"x']],
  ]);
});

describe('times of a zone', () => {
  const HOUR = 3_600_000;
  /** Rows a day apart; their stamps are ahead of their ids by what is given. */
  const file = (ahead: (day: number) => number, count = 40) => {
    const body = Array.from({ length: count }, (_, day) => {
      const id = Date.UTC(2026, 2, 10 + day, 12) / 1000;
      const stamp = new Date(id * 1000 + 640 + ahead(day)).toISOString().replace('T', ' ').slice(0, -1);
      return `gen-${id}-x${day},${stamp},1`;
    });
    return `generation_id,created_at,cost_total\n${body.join('\n')}\n`;
  };

  test.each([
    ['UTC', () => 0, null],
    ['UTC+1', () => HOUR, [HOUR]],
    ['New York in winter', () => -5 * HOUR, [-5 * HOUR]],
    ['India', () => 5.5 * HOUR, [5.5 * HOUR]],
    ['Nepal', () => 5.75 * HOUR, [5.75 * HOUR]],
    ['Berlin, over a change of clocks', (day: number) => (day < 19 ? HOUR : 2 * HOUR), [2 * HOUR, HOUR]],
    ['London, over a change of clocks', (day: number) => (day < 19 ? 0 : HOUR), [HOUR, 0]],
    ['no zone, one late row', (day: number) => (day === 3 ? HOUR : 0), null],
  ] as const)('%s is found, and taken away', async (_, ahead, shifts) => {
    const read = await readFile(file(ahead));
    expect(read.shift?.shifts ?? null).toEqual(shifts);
    if (!shifts) return;
    const corrected = await readFile(file(ahead), { shifts });
    const right = await readFile(file(() => 0));
    expect(corrected.rows).toEqual(right.rows);
    expect(corrected.shift).toBeNull();
  });

  test('times that say their zone are not moved', async () => {
    const text = file(() => HOUR).replaceAll('.640,', '.640+01:00,');
    expect((await readFile(text)).shift).toBeNull();
  });
});
