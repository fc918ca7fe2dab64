import { expect, it } from 'vitest';
import { nothingFoundWords } from '../../../renderer/views/users/nothing-found-words.ts';

const range = { first: 0, last: 0 };

it.each([
  [{ range, search: '', source: null }, 'the filter: the date range.'],
  [{ range: null, search: 'ann', source: null }, 'the filter: the text in the user’s id.'],
  [{ range: null, search: '  ', source: 'files' }, 'the filter: the connection.'],
  [
    { range: null, search: 'a', source: 'files' },
    'all of them: the connection and the text in the user’s id.',
  ],
  [
    { range, search: 'a', source: 'files' },
    'all of them: the date range, the connection and the text in the user’s id.',
  ],
] as const)('only filters that are set are named', (filters, words) => {
  expect(nothingFoundWords(filters)).toBe(`No stored request passes ${words}`);
});
