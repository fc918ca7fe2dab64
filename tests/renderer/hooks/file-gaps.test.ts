import { expect, it } from 'vitest';
import { fileGaps } from '../../../renderer/hooks/file-gaps.ts';
import type { Origin } from '../../../renderer/store/api.ts';
import { NO_COUNTS } from '../../../shared/sync.ts';

const origin = (id: number, change: Partial<Origin> = {}): Origin => ({
  id,
  source: id,
  kind: 'file',
  name: `${id}.csv`,
  startedAt: id,
  finishedAt: id,
  state: 'complete',
  counts: { ...NO_COUNTS, rows: 9, new: 9 },
  ...change,
});
const rejecting = (rejected: number) => ({ counts: { ...NO_COUNTS, rows: rejected, rejected } });

it('says nothing of files that came whole, nor of syncs', () => {
  expect(fileGaps([], null)).toEqual([]);
  expect(fileGaps([origin(1), origin(2, { kind: 'sync', state: 'failed' })], null)).toEqual([]);
  expect(fileGaps([origin(1, { state: 'stopped', counts: NO_COUNTS })], null)).toEqual([]);
});

it('says what was not imported to the end, until it was', () => {
  const failed = origin(1, { state: 'failed' });
  expect(fileGaps([failed], null)).toEqual(['“1.csv” was not imported to the end']);
  expect(fileGaps([failed, origin(2, { state: 'stopped' })], null)).toEqual([
    '2 files were not imported to the end',
  ]);
  expect(fileGaps([origin(2, { name: '1.csv' }), failed], null)).toEqual([]);
  expect(fileGaps([origin(1, { state: 'open' })], null, true)).toEqual([]);
  expect(fileGaps([origin(1, { state: 'open' })], null)).toHaveLength(1);
});

it('says what was rejected, within the source on screen', () => {
  expect(fileGaps([origin(1, rejecting(1))], null)).toEqual(['1 line of “1.csv” was rejected']);
  const two = [origin(1, rejecting(1)), origin(2, rejecting(4))];
  expect(fileGaps(two, 'files')).toEqual(['5 lines of 2 files were rejected']);
  expect(fileGaps(two, { origin: 2 })).toEqual(['4 lines of “2.csv” were rejected']);
  expect(fileGaps(two, { connectionId: 'a' })).toEqual([]);
});

it('does not miss lines of totals', () => {
  expect(fileGaps([origin(1, { ...rejecting(2), totalLines: 2 })], null)).toEqual([]);
  expect(fileGaps([origin(1, { ...rejecting(3), totalLines: 1 })], null)).toEqual([
    '2 lines of “1.csv” were rejected',
  ]);
});
