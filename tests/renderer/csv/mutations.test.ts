/**
 * Files that something went wrong with: cut, shuffled, with broken quotes and wrong numbers, with random bytes. None
 * may crash the reader or keep it busy, and every line of each ends as accepted or rejected. Fast-check prints the
 * seed of a failure.
 */
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CSV_KEYS } from '../../../shared/columns.ts';
import { AppFailure } from '../../../shared/errors.ts';
import { parseMoney } from '../../../shared/money.ts';
import { line } from '../../fixtures/activity.ts';
import { type ReadFile, readFile } from './read-file.ts';
import { readersHere } from './readers.ts';

const LONG = Boolean(process.env.WHOSPENT_LONG);
const runs = (few: number): number => (LONG ? few * 20 : few);
const TIME = LONG ? 1_800_000 : 60_000;

const word = fc.string({
  unit: fc.constantFrom('a', 'Z', '7', 'ü', '日', '😀', ' ', ',', ';', '"', "'", '\n', '\r', '\t', '.', '-'),
  maxLength: 10,
});

/** Cells of rows as OpenRouter writes them, but for what people may call their users. */
const rowCells = fc
  .record({
    n: fc.integer({ min: 0, max: 100_000 }),
    user: word,
    app_name: word,
    cost: fc.integer({ min: 0, max: 9_999_999 }),
  })
  .map(({ n, user, app_name, cost }) => {
    const written = line('Sep 2026', { n, user, app_name, cost_total: (cost / 1e6).toFixed(6) });
    return (parse(`${written}\n`, { record_delimiter: '\n' }) as string[][])[0]!;
  });

const table = fc.array(rowCells, { minLength: 1, maxLength: 25 });

const quote = (cell: string, always: boolean) =>
  always || /[",;\t|\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

/** A table in writing. */
function write(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { delimiter = ',', end = '\n', always = false } = {},
): string {
  return [header, ...rows]
    .map((cells) => cells.map((cell) => quote(cell, always)).join(delimiter) + end)
    .join('');
}

/** The file's data lines as the reader counts them. */
const told = ({ rows, rejections }: ReadFile): number => rows.length + rejections.length;

/** Reads a file that may be anything; null where it is refused with words for people. */
async function tryFile(content: string | Uint8Array): Promise<ReadFile | null> {
  try {
    return await readFile(content);
  } catch (thrown) {
    if (thrown instanceof AppFailure) return null;
    throw thrown;
  }
}

const order = fc.shuffledSubarray([...CSV_KEYS], { minLength: CSV_KEYS.length });
const manner = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  end: fc.constantFrom('\n', '\r\n', '\r'),
  always: fc.boolean(),
});

test(
  'whatever is written well is read as another parser reads it: any order, delimiter, line end',
  async () => {
    await fc.assert(
      fc.asyncProperty(table, order, manner, fc.boolean(), async (rows, keys, how, marked) => {
        const places = keys.map((key) => CSV_KEYS.indexOf(key));
        // A carriage return in a cell, in a file whose lines end in them, is a line end to one parser and not to another.
        const cells = rows.map((row) => places.map((place) => (row[place] as string).replaceAll('\r', ' ')));
        const text = write(keys, cells, how);
        const read = await readFile(marked ? `\ufeff${text}` : text);
        const other = parse(text, {
          columns: true,
          delimiter: how.delimiter,
          record_delimiter: how.end,
          skip_empty_lines: true,
        }) as Record<string, string>[];
        expect(read.rejections).toEqual([]);
        expect(read.rows.map((row) => [row.generation_id, row.user ?? '', row.app_name ?? ''])).toEqual(
          other.map((row) => [row.generation_id, row.user, row.app_name]),
        );
        expect(read.rows.map((row) => parseMoney(row.cost_total ?? ''))).toEqual(
          other.map((row) => parseMoney(row.cost_total ?? '')),
        );
        expect(read.rows.map((row) => row.created_at)).toEqual(other.map((row) => row.created_at));
      }),
      { numRuns: runs(400) },
    );
  },
  TIME,
);

/** What can happen to a well-formed line without its ceasing to be one line. */
const wound = fc.oneof(
  fc.record({
    kind: fc.constant('number' as const),
    text: fc.constantFrom('free', '1,2,3', '--1', '1e999', 'NaN', '0x1', ''),
  }),
  fc.record({
    kind: fc.constant('time' as const),
    text: fc.constantFrom('yesterday', '2025-13-01 00:00:00', '99/99/9999', ''),
  }),
  fc.record({ kind: fc.constant('id' as const), text: fc.constantFrom('', ' ', 'x'.repeat(600), 'gen-1-a') }),
  fc.record({ kind: fc.constant('flag' as const), text: fc.constantFrom('maybe', '2', 'WAHR') }),
  fc.record({ kind: fc.constant('less' as const), text: fc.constant('') }),
  fc.record({ kind: fc.constant('more' as const), text: fc.constant('extra') }),
);
const CELL = { number: 'tokens_prompt', time: 'created_at', id: 'generation_id', flag: 'cancelled' } as const;

test(
  'wrong cells, missing cells and doubled rows cost their own lines only',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.array(fc.tuple(fc.nat(24), wound), { maxLength: 10 }),
        fc.boolean(),
        async (rows, wounds, twice) => {
          // A row of several lines that does not fit is told line by line: see read.ts.
          const cells = rows.map((row) => row.map((cell) => cell.replaceAll(/[\r\n]/g, ' ')));
          const hurt = new Set<number>();
          for (const [at, { kind, text }] of wounds) {
            const row = cells[at % cells.length]!;
            hurt.add(at % cells.length);
            if (kind === 'less') row.pop();
            else if (kind === 'more') row.push(text);
            else row[CSV_KEYS.indexOf(CELL[kind])] = text;
          }
          const all = twice ? [...cells, ...cells] : cells;
          const read = await readFile(write(CSV_KEYS, all));
          expect(told(read)).toBe(all.length);
          const whole = all.filter((_, at) => !hurt.has(at % cells.length)).map((row) => row[0]);
          expect(read.rows.map((row) => row.generation_id)).toEqual(expect.arrayContaining(whole));
          expect(read.rejections.length).toBeLessThanOrEqual(all.length - whole.length);
        },
      ),
      { numRuns: runs(400) },
    );
  },
  TIME,
);

const piece = fc.string({
  unit: fc.constantFrom('"', ',', '\n', '\r', '\r\n', ';', 'x', '"",', '\0', '\ufffd'),
  maxLength: 6,
});
const splices = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(30), piece), {
  minLength: 1,
  maxLength: 6,
});

function spliced(
  body: string,
  cuts: readonly (readonly [where: number, length: number, text: string])[],
): string {
  let text = body;
  for (const [where, length, put] of cuts) {
    const at = Math.floor(where * text.length);
    text = text.slice(0, at) + put + text.slice(at + length);
  }
  return text;
}

test(
  'text that is cut, spliced or full of quotes never crashes, and every line of it is told',
  async () => {
    await fc.assert(
      fc.asyncProperty(table, splices, async (rows, cuts) => {
        // One line a row, so that lines can be counted by another rule than the reader's.
        const single = rows.map((row) => row.map((cell) => cell.replaceAll(/[\r\n]/g, ' ')));
        const header = `${CSV_KEYS.join(',')}\n`;
        const body = spliced(write(CSV_KEYS, single).slice(header.length), cuts);
        const read = await tryFile(header + body);
        if (!read) return;
        const lines = body.split(/\r\n|\n|\r/).filter((one) => one !== '').length;
        expect(told(read)).toBeLessThanOrEqual(lines);
        if (!body.includes('"')) expect(told(read)).toBe(lines);
        // Lines go forward, and none is told twice.
        const at = read.rejections.map((rejection) => rejection.line ?? 0);
        expect(at).toEqual([...new Set(at)].sort((a, b) => a - b));
      }),
      { numRuns: runs(800) },
    );
  },
  TIME,
);

test(
  'a file that several read in sections is what one reads from its start, whole or damaged',
  async () => {
    const how = fc.record({ lines: fc.integer({ min: 3, max: 12 }), count: fc.integer({ min: 1, max: 4 }) });
    await fc.assert(
      fc.asyncProperty(table, fc.option(splices), how, async (rows, cuts, { lines, count }) => {
        const header = `${CSV_KEYS.join(',')}\n`;
        // Whether a carriage return near a broken quote ends a line hangs on how much is read at a time.
        const body = write(CSV_KEYS, rows).slice(header.length);
        const text = header + (cuts ? spliced(body, cuts) : body).replaceAll('\r', ' ');
        const read = await tryFile(text);
        if (!read) return;
        const { rejections, rows: taken } = await readFile(text, {}, readersHere(lines, count));
        expect({ rejections, taken }).toEqual({ rejections: read.rejections, taken: read.rows });
      }),
      { numRuns: runs(800) },
    );
  },
  TIME,
);

test(
  'random bytes, alone and behind a good header, are read or refused in words',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), fc.boolean(), async (bytes, headed) => {
        const header = Buffer.from(`${CSV_KEYS.join(',')}\n`);
        await tryFile(headed ? Buffer.concat([header, bytes]) : bytes);
      }),
      { numRuns: runs(800) },
    );
  },
  TIME,
);

test(
  'a quote that is opened and never closed in a long file costs its own line',
  async () => {
    const rows = Array.from({ length: 20_000 }, (_, n) =>
      line('Sep 2026', { n, user: n % 5_000 === 77 ? '' : `u${n}` }),
    );
    const broken = rows.map((row, n) => (n % 5_000 === 77 ? row.replace(',stop,', ',"stop,') : row));
    const read = await readFile(`${CSV_KEYS.join(',')}\n${broken.join('\n')}\n`);
    expect(told(read)).toBe(20_000);
    expect(read.rejections.map((rejection) => rejection.line)).toEqual([79, 5_079, 10_079, 15_079]);
  },
  TIME,
);

test(
  'a line without end is given up in parts, and what follows it is read',
  async () => {
    const good = line('Sep 2026', { n: 1 });
    for (const filling of ['x', ',', '"']) {
      const read = await readFile(
        `${CSV_KEYS.join(',')}\n${good}\n${filling.repeat(3_000_000)}\n${line('Sep 2026', { n: 2 })}\n`,
      );
      expect(read.rows).toHaveLength(2);
      expect(read.rejections.length).toBeGreaterThan(0);
    }
  },
  TIME,
);
