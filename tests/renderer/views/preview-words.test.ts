import { expect, it } from 'vitest';
import { leftOutWords } from '../../../renderer/views/imports/preview-words.ts';

it.each([
  [1, 0, '1 line is left out'],
  [1234, 0, '1,234 lines are left out'],
  [1, 1, '1 line is left out: a total line'],
  [2, 2, '2 lines are left out: total lines'],
  [7, 1, '7 lines are left out, 1 of them a total line'],
  [7, 2, '7 lines are left out, 2 of them total lines'],
])('%i lines with %i totals: %s', (lines, totals, words) => {
  expect(leftOutWords(lines, totals)).toBe(words);
});
