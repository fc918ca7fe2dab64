/**
 * Sums of money are those of the source's own digits, whatever is summed by and in whatever order the rows came:
 * the texts are added up as decimals, which no part of the store does. A million rows with WHOSPENT_LONG.
 */
import Decimal from 'decimal.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { CsvReader } from '../../renderer/csv/read.ts';
import { type ColumnKey, CSV_KEYS } from '../../shared/columns.ts';
import { toDecimal } from '../../shared/money.ts';
import { MemoryEngine } from '../renderer/store/memory.ts';
import { isLong, seed } from './seed.ts';
import { csvPieces, randomFrom } from './sql/csv.ts';

const ROWS = isLong ? 1_000_000 : 30_000;
const BATCH = 32_768;
const Exact = Decimal.clone({ precision: 60, toExpNeg: -60 });
const MONEY = ['cost_total', 'byok_usage_inference', 'cost_cache', 'cost_web_search'] as const;
const GROUPS = ['user', 'model_permaslug', 'api_key_name'] as const;

type Line = readonly string[];
const cell = (line: Line, key: ColumnKey): string => line[CSV_KEYS.indexOf(key)] as string;

/** The lines in an order of their own. */
function shuffled(lines: readonly Line[], order: number): Line[] {
  const random = randomFrom(order);
  const all = [...lines];
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [all[i], all[j]] = [all[j] as Line, all[i] as Line];
  }
  return all;
}

function engineOf(lines: readonly Line[]): MemoryEngine {
  const engine = new MemoryEngine();
  for (let at = 0; at < lines.length; at += BATCH) {
    const batch = lines.slice(at, at + BATCH);
    const columns: { [K in ColumnKey]?: string[] } = {};
    CSV_KEYS.forEach((key, i) => {
      columns[key] = batch.map((line) => line[i] as string);
    });
    engine.ingest({ rows: batch.length, columns });
  }
  return engine;
}

/** What a column comes to for each value of another, by the decimals of the file. */
function sumsOf(lines: readonly Line[], by: ColumnKey, of: ColumnKey): Map<string, string> {
  const sums = new Map<string, Decimal>();
  for (const line of lines) {
    if (cell(line, of) === '') continue;
    const key = cell(line, by);
    sums.set(key, (sums.get(key) ?? new Exact(0)).plus(cell(line, of)));
  }
  return new Map([...sums].map(([key, sum]) => [key, sum.toFixed(24)]));
}

describe(`sums of ${ROWS} rows, FC_SEED=${seed}`, () => {
  let lines: readonly Line[];
  beforeAll(() => {
    const reader = new CsvReader(',');
    const records = [...csvPieces({ rows: ROWS, seed })].flatMap((piece) => reader.read(piece, false));
    lines = records.slice(1).map(({ cells }) => cells);
    expect(lines).toHaveLength(ROWS);
  }, 600_000);

  test.each([1, 2, 3])(
    'in order %i',
    async (order) => {
      const engine = engineOf(shuffled(lines, seed + order));
      for (const by of GROUPS) {
        const { groups } = await engine.group({
          filter: [],
          by: [by],
          aggregates: Object.fromEntries(MONEY.map((of) => [of, { fn: 'sum', of }] as const)),
          sort: { by: 'key', descending: false },
          offset: 0,
          limit: ROWS,
        });
        for (const of of MONEY) {
          const sums = groups.flatMap(({ keys: [key], values }) => {
            const sum = values[of]?.value;
            return typeof sum === 'bigint' ? [[String(key ?? ''), toDecimal(sum, 24)] as const] : [];
          });
          expect(new Map(sums)).toEqual(sumsOf(lines, by, of));
        }
      }
    },
    1_800_000,
  );
});
