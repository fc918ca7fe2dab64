import { expect, test } from 'vitest';
import { explain, readHeader } from '../../../renderer/csv/header.ts';
import { CSV_KEYS } from '../../../shared/columns.ts';
import { HEADERS } from '../../fixtures/activity.ts';

test.each([
  ['December 2025', HEADERS['Dec 2025'], 22],
  ['January 2026', HEADERS['Jan 2026'], 23],
  ['September 2026', HEADERS['Sep 2026'], 24],
])('the header of %s is known whole', (version, header, width) => {
  const read = readHeader(header.split(','));
  expect([read.version, read.width, read.columns.size, read.ignored]).toEqual([version, width, width, []]);
});

test('the app writes the newest header', () => {
  expect(CSV_KEYS.join(',')).toBe(HEADERS['Sep 2026']);
});

test('in any order, with unknown columns, and written as people write', () => {
  const read = readHeader(['Cost Total', 'New_Thing', ' created-at ', 'GENERATION_ID']);
  expect([...read.columns]).toEqual([
    ['cost_total', 0],
    ['created_at', 2],
    ['generation_id', 3],
  ]);
  expect([read.ignored, read.version, read.missing]).toEqual([['New_Thing'], null, []]);
});

test('what the reader says a header means goes before its name', () => {
  const read = readHeader(['id', 'created_at', 'usd', 'cost_total', 'user'], {
    id: 'generation_id',
    usd: 'cost_total',
    user: null,
  });
  expect([...read.columns].sort()).toEqual([
    ['cost_total', 2],
    ['created_at', 1],
    ['generation_id', 0],
  ]);
  expect([read.ignored, read.missing]).toEqual([['cost_total', 'user'], []]);
});

test('a known header that is read against its own names is none that is known', () => {
  const names = HEADERS['Sep 2026'].split(',');
  const swapped = readHeader(names, { user: 'app_name', app_name: 'user' });
  expect([swapped.ignored, swapped.columns.size, swapped.version]).toEqual([[], 24, null]);
  // Also where fewer columns happen to make an older header.
  const left = readHeader(names.slice(0, -1), { api_key_disabled: 'app_name' });
  expect([left.ignored, left.columns.size, left.version]).toEqual([[], 23, null]);
  expect(readHeader(names, { user: 'user' }).version).toBe('September 2026');
});

test.each([
  [['date', 'model', 'requests', 'spend'], 'file-aggregated'],
  [['Dear diary'], 'file-not-csv'],
  [['name', 'age'], 'file-no-header'],
  [['generation_id', 'created_at', 'user'], 'file-no-header'],
] as const)('%j is refused as %s, with a next step', (cells, code) => {
  const error = explain(readHeader([...cells]), 'a.csv');
  expect(error.code).toBe(code);
  expect(error.meaning).toContain('Nothing was imported.');
  expect(error.action).not.toBe('');
});
