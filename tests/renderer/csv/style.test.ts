/** What a file's first rows teach about its numbers, and what that means for the rows behind them. */
import { expect, test } from 'vitest';
import { readHeader } from '../../../renderer/csv/header.ts';
import { addRecords } from '../../../renderer/csv/records.ts';
import { type Cells, learnStyle } from '../../../renderer/csv/style.ts';
import { BatchEncoder } from '../../../renderer/store/encode.ts';
import { numberAt } from '../../../renderer/store/vector.ts';
import { formatCsvTime } from '../../../shared/time.ts';

const header = readHeader(['generation_id', 'created_at', 'cost_total', 'tokens_prompt']);
const first = (cost_total: readonly string[], tokens_prompt: readonly string[]): Cells => ({
  generation_id: cost_total.map((_, n) => `gen-1766176333-${n}`),
  created_at: cost_total.map(() => '2025-12-19 20:32:13.640'),
  cost_total,
  tokens_prompt,
});
/** Reads one row behind the first ones. */
const later = (
  style: ReturnType<typeof learnStyle>,
  cost: string,
  tokens: string,
  time = '2025-12-19 20:32:13.640',
) => {
  const cells = ['gen-1766176333-x', time, cost, tokens];
  const encoder = new BatchEncoder(1);
  const rejections = addRecords(
    encoder,
    [{ cells, line: 9, broken: false }],
    { header, style, isUtf8: true },
    false,
  );
  return encoder.finish(rejections);
};

test.each([',', ';'] as const)('a column in both ways is told by nothing else (%s)', (delimiter) => {
  const style = learnStyle(first(['0.5', '0,5', '1.234'], ['1', '2', '3']), delimiter, []);
  expect(style.numbers.get('cost_total')).toMatchObject({ sign: null, proved: false });
  expect(later(style, '1.234', '1').rejections).toHaveLength(1);
  expect(later(style, '0,5', '1').rows).toBe(1);
});

test('another column does not tell how a column in both ways is meant', () => {
  const cells = { ...first(['0.5', '0,5'], ['1', '2']), byok_usage_inference: ['0.25', '0.5'] };
  expect(learnStyle(cells, ',', []).numbers.get('cost_total')).toMatchObject({ sign: null, proved: false });
});

test.each([';', '\t'] as const)(
  'where nothing is proved at first, later rows are not guessed (%o)',
  (delimiter) => {
    const style = learnStyle(first(['1', '2'], ['1', '2']), delimiter, []);
    expect(later(style, '1.234', '1').rejections[0]?.reason).toContain('can be read in two ways');
    expect(later(style, '0.5', '1').rows).toBe(1);
  },
);

test('in a file parted by commas a later point is a decimal point', () => {
  const style = learnStyle(first(['1', '2'], ['1', '2']), ',', []);
  expect(style.foreign).toBe(false);
  expect(later(style, '1.234', '1').rows).toBe(1);
});

test('a later count with a point is not taken for a twelve', () => {
  const style = learnStyle(first(['0.5', '2'], ['1', '2']), ',', []);
  expect(later(style, '1', '12.000').rejections[0]?.reason).toContain('can be read in two ways');
});

test('a count is not told by the decimal comma of another column', () => {
  const style = learnStyle(first(['0,5', '2'], ['1', '2']), ';', []);
  expect(later(style, '1', '12,000').rejections).toHaveLength(1);
  expect(later(style, '1', '12.000').rows).toBe(1);
});

test.each([
  ['2025-12-19T20:32Z', '2025-12-19 20:32:13.000', true],
  ['2025-12-19 20:32', '2025-12-19 20:32:13.000', true],
  ['2025-12-19T21:32+01:00', '2025-12-19 20:32:13.000', true],
  ['2025-12-19', '2025-12-19 20:32:13.000', true],
  ['2025-12-19T20:32:14Z', '2025-12-19 20:32:14.000', false],
  // Not the minute of its id, so the id says nothing of it.
  ['2025-12-19 20:35', '2025-12-19 20:35:00.000', false],
])('a later time that is cut leaves its seconds to the id: “%s”', (time, told, isFromId) => {
  const style = learnStyle(first(['0.5', '2'], ['1', '2']), ',', []);
  expect(style.foreign).toBe(false);
  const { columns, timeFromId } = later(style, '0.5', '1', time);
  const times = columns.created_at;
  if (times?.kind !== 'number') throw new Error('there is no time');
  expect([formatCsvTime(numberAt(times, 0)), timeFromId?.[0] === 1]).toEqual([told, isFromId]);
});
