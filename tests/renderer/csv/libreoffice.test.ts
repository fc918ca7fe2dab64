/** Files that LibreOffice opened and saved again: see tests/fixtures/csv/README.md. */
import { readFile as load } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readFile } from './read-file.ts';

const fixture = (name: string) => load(join(import.meta.dirname, '..', '..', 'fixtures', 'csv', name));
const original = await readFile(await fixture('original.csv'));

test.each([
  ['libreoffice-en-US.csv', ',', '.'],
  ['libreoffice-de-DE.csv', ';', ','],
])('%s is read as the file it was made of', async (name, delimiter, decimal) => {
  const { layout, rows, rejections, shift } = await readFile(await fixture(name));
  expect(rejections).toEqual([]);
  expect(shift).toBeNull();
  expect([layout.dialect.delimiter, layout.style.decimal, layout.header.version]).toEqual([
    delimiter,
    decimal,
    'September 2026',
  ]);
  // What LibreOffice itself has lost: the zeros of a user who is called by a number.
  expect(rows).toEqual(original.rows.map((row) => (row.user === '007' ? { ...row, user: '7' } : row)));
});
