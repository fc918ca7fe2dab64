import { expect, it } from 'vitest';
import type { ImportResult } from '../../../renderer/hooks/imports.ts';
import { headline } from '../../../renderer/views/imports/outcome-words.ts';

const result = (state: 'complete' | 'failed', stored: number) =>
  ({ name: 'a', origin: { state, counts: { new: stored, merged: 0 } } }) as unknown as ImportResult;
const [whole, part, none] = [result('complete', 3), result('failed', 3), result('failed', 0)];

it.each([
  [[whole], 'Import complete'],
  [[part], 'The file was imported in part'],
  [[none], 'The file was not imported'],
  [[whole, whole], '2 files imported'],
  [[none, none], 'No file was imported'],
  [[whole, part, none], '1 file imported, 1 in part, 1 not'],
  [[whole, none], '1 file imported, 1 not'],
  [[part, none], '1 file imported in part, 1 not'],
] as const)('%#: %s', (results, words) => {
  expect(headline(results)).toBe(words);
});
