import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guessDialect } from '../../../renderer/csv/dialect.ts';
import { CsvReader } from '../../../renderer/csv/read.ts';

/** Reads a text cut into pieces of a size. */
function read(text: string, size = text.length || 1) {
  const reader = new CsvReader(guessDialect(text).delimiter);
  const records = [];
  for (let at = 0; at < text.length || at === 0; at += size) {
    records.push(...reader.read(text.slice(at, at + size), at + size >= text.length));
  }
  return records;
}

test('records say the line they start in', () => {
  expect(read('a,b\n1,"x\ny"\n\n3,4\n')).toEqual([
    { cells: ['a', 'b'], line: 1, broken: false },
    { cells: ['1', 'x\ny'], line: 2, broken: false },
    { cells: ['3', '4'], line: 5, broken: false },
  ]);
});

test('CR LF, and a last line without an end', () => {
  expect(read('a,b\r\n1,"2"\r\n3,4').map((record) => record.cells)).toEqual([
    ['a', 'b'],
    ['1', '2'],
    ['3', '4'],
  ]);
});

test('mixed line ends, and a carriage return that is quoted', () => {
  expect(read('a,b\n1,2\r\n3,"4\r"\n5,"6"\r\n7,8\r').map((record) => record.cells)).toEqual([
    ['a', 'b'],
    ['1', '2'],
    ['3', '4\r'],
    ['5', '6'],
    ['7', '8'],
  ]);
});

test('lines that end in CR alone, with a line feed in a quoted cell', () => {
  expect(read('a,b\r1,"x\ny"\r3,4\r').map((record) => record.cells)).toEqual([
    ['a', 'b'],
    ['1', 'x\ny'],
    ['3', '4'],
  ]);
});

test('many broken quotes cost their own lines only', () => {
  const lines = Array.from({ length: 5000 }, (_, n) => (n % 10 === 5 ? `${n},"broken` : `${n},"fine, ${n}"`));
  const records = read(`a,b\n${lines.join('\n')}\n`, 100_000).slice(1);
  expect(records).toHaveLength(lines.length);
  for (const [n, record] of records.entries()) {
    expect([record.line, record.broken]).toEqual([n + 2, n % 10 === 5]);
  }
});

test.each([';', '\t'])('the delimiter “%s” is found', (delimiter) => {
  expect(read(`a${delimiter}b\n1${delimiter}2\n`).map((record) => record.cells)).toEqual([
    ['a', 'b'],
    ['1', '2'],
  ]);
});

describe('a quote that is never closed costs its own line, not the rest', () => {
  const text = 'a,b\n1,2\n3,"oops\n5,6\n7,8\n';
  test.each([1, 3, 7, 1000])('in pieces of %i characters', (size) => {
    expect(read(text, size)).toEqual([
      { cells: ['a', 'b'], line: 1, broken: false },
      { cells: ['1', '2'], line: 2, broken: false },
      { cells: ['3,"oops'], line: 3, broken: true },
      { cells: ['5', '6'], line: 4, broken: false },
      { cells: ['7', '8'], line: 5, broken: false },
    ]);
  });

  test('also when a later quote would close it', () => {
    const records = read('a,b\n1,"oops\n2,"fine"\n3,4\n');
    expect(records.map((record) => [record.line, record.broken])).toEqual([
      [1, false],
      [2, true],
      [3, false],
      [4, false],
    ]);
    expect(records[2]?.cells).toEqual(['2', 'fine']);
  });
});

test('whatever is written well is read as another parser reads it, cut anywhere', () => {
  const cell = fc.string({
    unit: fc.constantFrom('a', 'ü', '😀', ',', '"', '\n', ' ', ';', '1', '.'),
    maxLength: 8,
  });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 40 }),
      (rows, size) => {
        const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const text = ['x,y,z', ...rows.map((row) => row.map(quoted).join(','))]
          .map((line) => `${line}\n`)
          .join('');
        expect(read(text, size).map((record) => record.cells)).toEqual(parse(text));
      },
    ),
    { numRuns: 500 },
  );
});
