import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { CellWriter, isFormula } from '../../../renderer/export/cells.ts';

/** Any text, and often the ones that spreadsheets or parsers stumble over. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '=',
        '+',
        '-',
        '@',
        '\t',
        '\r',
        '\n',
        '"',
        "'",
        ',',
        ';',
        '|',
        ' ',
        '1',
        'a',
        '\ufeff',
        '＝',
        '日',
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
);

const lineOf = (writer: CellWriter, row: readonly string[], separator: string) =>
  `${row.map(writer.text).join(separator)}\n`;

describe.each([
  [',', 'CSV'],
  ['\t', 'TSV'],
] as const)('cells separated by %j', (separator, name) => {
  it(`plain ${name} gives any text back exactly`, () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyText, { minLength: 2, maxLength: 4 }), { minLength: 1 }), (rows) => {
        const same = rows.map((row) => rows[0]!.map((_, i) => row[i] ?? ''));
        const text = same.map((row) => lineOf(new CellWriter('plain', separator), row, separator)).join('');
        const options = { delimiter: separator, record_delimiter: '\n', bom: false } as const;
        expect(parse(text, options)).toEqual(same);
      }),
    );
  });

  it(`protected ${name} has no cell, nor part of one, that begins like a formula, and changes no other`, () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const writer = new CellWriter('protected', separator);
        const [[cell]] = parse(lineOf(writer, [text, 'x'], separator), {
          delimiter: separator,
          record_delimiter: '\n',
        }) as [[string]];
        expect(cell).not.toMatch(/^[=+\-@\t\r]/);
        expect(isFormula(cell)).toBe(false);
        // However a spreadsheet parts the line: quotes may be characters to it, or go.
        const [, ...inner] = cell.split(/[;,|\t\r\n]/);
        for (const part of inner) expect(part).not.toMatch(/^[\s\ufeff"]*[=+\-@＝＋－＠]/u);
        expect(cell.replaceAll("'", '')).toBe(text.replaceAll("'", ''));
        expect(cell.startsWith("'")).toBe(isFormula(text) || text.startsWith("'"));
        expect(writer.touched).toBe(cell !== text);
      }),
    );
  });
});

it('knows what spreadsheets run', () => {
  for (const text of [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    ' =1',
    '＝1',
    '－2',
    '\ufeff=1',
  ]) {
    expect([text, isFormula(text)]).toEqual([text, true]);
  }
  for (const text of ['', 'a=1', '1-1', "'=1", '日本', 'user@example.com', '_x', '#1']) {
    expect([text, isFormula(text)]).toEqual([text, false]);
  }
});

it('protects what follows a separator within a text, and nothing else', () => {
  const protect = (text: string) => {
    const writer = new CellWriter('protected');
    return [writer.text(text), writer.touched];
  };
  expect(protect('a;=1+1')).toEqual(["a;'=1+1", true]);
  expect(protect('a; \t@x|+2')).toEqual(["a; \t'@x|'+2", true]);
  expect(protect('a\n=1')).toEqual(['"a\n\'=1"', true]);
  expect(protect('a;"=1')).toEqual([`"a;""'=1"`, true]);
  expect(protect('=a;=b')).toEqual(["'=a;'=b", true]);
  for (const text of ['gpt-4o', 'a=1;b=2', 'x - y', 'me@example.com;you@example.com']) {
    expect(protect(text)).toEqual([text, false]);
  }
  expect(new CellWriter('plain').text('a;=1')).toBe('a;=1');
});

it('takes no longer for a text of nothing but separators', () => {
  const text = '\n\t;"'.repeat(50_000);
  const start = performance.now();
  new CellWriter('protected').text(`${text}=${text}-`);
  expect(performance.now() - start).toBeLessThan(2_000);
});

it('PapaParse reads the plain cells too', () => {
  fc.assert(
    fc.property(fc.array(anyText, { minLength: 2, maxLength: 5 }), (row) => {
      const text = lineOf(new CellWriter('plain'), row, ',');
      // Papa strips a mark at the very beginning of a file, where our files have a header.
      const { data } = Papa.parse<string[]>(`h\n${text}`, { delimiter: ',', newline: '\n' });
      expect(data[1]).toEqual(row);
    }),
  );
});
