import { expect, it } from 'vitest';
import { CellWriter } from '../../../renderer/export/cells.ts';
import { rejectedHeader, rejectedLines } from '../../../renderer/export/rejected.ts';

it('rejected lines run nothing in a spreadsheet, and keep their numbers', () => {
  const writer = new CellWriter('protected');
  expect(rejectedHeader(writer, ['user', 'a,b'])).toBe('line,reason,user,"a,b"\n');
  expect(rejectedLines(writer, [{ line: 3, reason: 'is “free”', cells: ['a, "b"', '-0.5', ''] }])).toBe(
    '3,is “free”,"a, ""b""",-0.5,\n',
  );
  expect(writer.touched).toBe(false);
  expect(
    rejectedLines(writer, [
      { line: null, reason: 'cannot be read', cells: ['=HYPERLINK(1)', '-1+2'] },
      { line: 5, reason: 'has 3 cells' },
    ]),
  ).toBe(",cannot be read,'=HYPERLINK(1),'-1+2\n5,has 3 cells\n");
  expect(writer.touched).toBe(true);
  expect(rejectedHeader(writer, ['@x'])).toBe("line,reason,'@x\n");
});
