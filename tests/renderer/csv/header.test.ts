import { expect, test } from 'vitest';
import { readHeader } from '../../../renderer/csv/header.ts';
import { CSV_KEYS } from '../../../shared/columns.ts';
import { toAppError } from '../../../shared/errors.ts';

const DEC_2025 =
  'generation_id,created_at,cost_total,cost_web_search,cost_cache,cost_file_processing,byok_usage_inference,tokens_prompt,tokens_completion,tokens_reasoning,model_permaslug,provider_name,variant,cancelled,streamed,user,finish_reason_raw,finish_reason_normalized,generation_time_ms,time_to_first_token_ms,app_name,api_key_name';
const JAN_2026 = DEC_2025.replace('tokens_reasoning,', 'tokens_reasoning,tokens_cached,');
const SEP_2026 = JAN_2026.replace('app_name,api_key_name', 'api_key_disabled,api_key_name,app_name');

test.each([
  ['December 2025', DEC_2025, 22],
  ['January 2026', JAN_2026, 23],
  ['September 2026', SEP_2026, 24],
])('the header of %s is known whole', (_, header, width) => {
  const read = readHeader(header.split(','), 'a.csv');
  expect([read.width, read.columns.size, read.ignored]).toEqual([width, width, []]);
});

test('the app writes the newest header', () => {
  expect(CSV_KEYS.join(',')).toBe(SEP_2026);
});

test('in any order, with unknown columns', () => {
  const read = readHeader(['cost_total', 'New_Thing', 'created_at', 'generation_id'], 'a.csv');
  expect([...read.columns]).toEqual([
    ['cost_total', 0],
    ['created_at', 2],
    ['generation_id', 3],
  ]);
  expect(read.ignored).toEqual(['New_Thing']);
});

function errorOf(cells: string[]) {
  try {
    readHeader(cells, 'a.csv');
  } catch (thrown) {
    return toAppError(thrown);
  }
  throw new Error('the header was taken');
}

test.each([
  [['date', 'model', 'requests', 'spend'], 'file-aggregated'],
  [['Dear diary'], 'file-not-csv'],
  [['name', 'age'], 'file-no-header'],
  [['generation_id', 'created_at', 'user'], 'file-no-header'],
] as const)('%j is refused as %s, with a next step', (cells, code) => {
  const error = errorOf([...cells]);
  expect(error.code).toBe(code);
  expect(error.meaning).toContain('Nothing was imported.');
  expect(error.action).not.toBe('');
});
