/** What sources say, against a plain model: a map of claims for each source, laid over each other. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { removeRows } from '../../../renderer/store/remove.ts';
import type { Segment } from '../../../renderer/store/segment.ts';
import type { GenerationBatch } from '../../../shared/batch.ts';
import { type ColumnKey, column, type SourceValue } from '../../../shared/columns.ts';
import { parseMoney } from '../../../shared/money.ts';
import type { CellValue } from '../../../shared/query.ts';
import { MemoryEngine } from './memory.ts';

const T0 = Date.UTC(2026, 0, 1);
const KEYS = [
  'created_at',
  'cost_total',
  'tokens_prompt',
  'latency_ms',
  'user',
  'cancelled',
] as const satisfies readonly ColumnKey[];
type Key = (typeof KEYS)[number];
type Told = { readonly [K in Key]?: SourceValue };

interface Claim {
  readonly value: CellValue;
  readonly isGuess: boolean;
}

class Model {
  readonly sources = new Map<number, Map<number, Map<Key, Claim>>>();

  ingest(source: number, rows: readonly { n: number; told: Told }[]): void {
    const claims = this.sources.get(source) ?? new Map<number, Map<Key, Claim>>();
    this.sources.set(source, claims);
    for (const { n, told } of rows) {
      const own = claims.get(n) ?? new Map<Key, Claim>();
      claims.set(n, own);
      for (const key of KEYS) {
        const value = claimedValue(key, told[key], n);
        const claim = { value, isGuess: key === 'created_at' && told[key] === undefined };
        if (value !== null && takesOver(key, claim, own.get(key))) own.set(key, claim);
      }
    }
  }

  get rows(): Map<number, CellValue[]> {
    const seen = new Map<number, CellValue[]>();
    const ids = new Set([...this.sources.values()].flatMap((claims) => [...claims.keys()]));
    for (const n of ids) {
      const cells = KEYS.map((key) => {
        let held: Claim | undefined;
        for (const source of [...this.sources.keys()].sort((a, b) => a - b)) {
          const claim = this.sources.get(source)?.get(n)?.get(key);
          if (claim && takesOver(key, claim, held)) held = claim;
        }
        return held?.value ?? null;
      });
      seen.set(n, cells);
    }
    return seen;
  }
}

function claimedValue(key: Key, value: SourceValue, n: number): CellValue {
  if (value === null || value === undefined) return key === 'created_at' ? T0 + n * 1000 : null;
  switch (column(key).kind) {
    case 'money':
      return parseMoney(value as string) ?? null;
    case 'time':
      return Date.parse(value as string);
    default:
      return value as CellValue;
  }
}

function takesOver(key: Key, { value, isGuess }: Claim, held: Claim | undefined): boolean {
  if (!held) return true;
  if (value === held.value) return false;
  const micro = 10n ** 18n;
  if (typeof value === 'bigint' && typeof held.value === 'bigint') {
    const apart = value > held.value ? value - held.value : held.value - value;
    return !(value % micro === 0n && held.value % micro !== 0n && apart < micro);
  }
  if (typeof value !== 'number' || typeof held.value !== 'number') return true;
  const unit = key === 'created_at' ? 1000 : 1;
  const apart = Math.abs(value - held.value);
  if (value % unit === 0 && held.value % unit !== 0 && apart < unit) return false;
  return key !== 'created_at' || (!isGuess && apart > 1);
}

const idOf = (n: number): string => `gen-${T0 / 1000 + n}-${n}`;

function batchOf(rows: readonly { n: number; told: Told }[], keys: readonly Key[]): GenerationBatch {
  const columns: { [K in ColumnKey]?: SourceValue[] } = { generation_id: rows.map(({ n }) => idOf(n)) };
  for (const key of keys) columns[key] = rows.map(({ told }) => told[key] ?? null);
  return { rows: rows.length, columns };
}

async function rowsOf(engine: MemoryEngine): Promise<Map<number, CellValue[]>> {
  const { rows } = await engine.rows({
    filter: [],
    columns: ['generation_id', ...KEYS],
    sort: { by: 'generation_id', descending: false },
    offset: 0,
    limit: 1000,
  });
  return new Map(rows.map(([id, ...cells]) => [Number(String(id).split('-')[2]), cells]));
}

/** Cuts the first segment in two, as if it had been filled by two batches. */
function cut(engine: MemoryEngine): void {
  const [first, ...more] = engine.segments;
  const rows = first?.info.rows ?? 0;
  if (!first || rows < 2) return;
  const half = rows >> 1;
  const part = (from: number, to: number) => {
    const others = Uint8Array.from({ length: rows }, (_, row) => (row >= from && row < to ? 0 : 1));
    return removeRows(first, others, engine.sets, ++engine.edition).changed?.segment as Segment;
  };
  const moved = part(half, rows);
  const id = Math.max(...engine.segments.map(({ info }) => info.id)) + 1;
  engine.segments = [part(0, half), ...more, { ...moved, info: { ...moved.info, id } }];
}

const told: fc.Arbitrary<Told> = fc.record(
  {
    created_at: fc.constantFrom(
      ...[0, 1, 400, 1000, 1700, 5000, 9000].map((ms) => new Date(T0 + ms).toISOString()),
    ),
    cost_total: fc.constantFrom('0.1', '0.000123', '0.0001234567', '0.000123456700000001', '0', '-2'),
    tokens_prompt: fc.constantFrom(0, 1, 2),
    latency_ms: fc.constantFrom(3, 3.25, 4),
    user: fc.constantFrom('a', 'b', 'c'),
    cancelled: fc.boolean(),
  },
  { requiredKeys: [] },
);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      ingest: fc.constantFrom(1, 2, 3, 4),
      rows: fc.array(fc.record({ n: fc.nat(7), told }), { minLength: 1, maxLength: 8 }),
      keys: fc.subarray([...KEYS]),
    }),
  },
  { weight: 2, arbitrary: fc.record({ undo: fc.constantFrom(1, 2, 3, 4) }) },
  { weight: 1, arbitrary: fc.constant({ cut: true } as const) },
  { weight: 1, arbitrary: fc.constant({ join: true } as const) },
);

describe('what sources say', () => {
  test('is laid over each other in their order, whatever came when, and is taken back whole', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), fc.boolean(), async (steps, weak) => {
        const [engine, model] = [new MemoryEngine(), new Model()];
        // All ids have one of two hashes: bytes alone tell them apart.
        if (weak)
          engine.hash = ({ offsets }) => ({
            low: new Uint32Array(offsets.length - 1).map((_, row) => (offsets[row] as number) & 1),
            high: new Uint32Array(offsets.length - 1),
          });
        for (const one of steps) {
          if ('ingest' in one) {
            const rows = one.rows.map(({ n, told: all }) => ({
              n,
              told: Object.fromEntries(
                one.keys.flatMap((key) => (key in all ? [[key, all[key]]] : [])),
              ) as Told,
            }));
            engine.ingest(batchOf(rows, one.keys), one.ingest);
            model.ingest(one.ingest, rows);
          } else if ('undo' in one) {
            const before = model.rows.size;
            model.sources.delete(one.undo);
            expect(engine.removeSource(one.undo)).toBe(before - model.rows.size);
          } else if ('cut' in one) cut(engine);
          else engine.join();
          expect(await rowsOf(engine)).toEqual(new Map([...model.rows].sort(([a], [b]) => a - b)));
        }
        // With all but one source undone nothing is left to be told apart.
        for (const source of [1, 2, 3]) engine.removeSource(source);
        expect(engine.segments.flatMap(({ info }) => info.claims)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test('an undo gives back what a file corrected, and forgets what only it knew', async () => {
    const engine = new MemoryEngine();
    const tell = (source: number, value: Told) =>
      engine.ingest(batchOf([{ n: 1, told: value }], Object.keys(value) as Key[]), source);
    tell(1, { created_at: new Date(T0).toISOString(), cost_total: '0.5', user: 'a' });
    expect(tell(2, { cost_total: '0.7', tokens_prompt: 9 })).toMatchObject({ new: 0, known: 0, merged: 1 });
    expect(await rowsOf(engine)).toEqual(new Map([[1, [T0, 7n * 10n ** 23n, 9, null, 'a', null]]]));
    engine.removeSource(2);
    expect(await rowsOf(engine)).toEqual(new Map([[1, [T0, 5n * 10n ** 23n, null, null, 'a', null]]]));
  });

  test('sources that say the same take no room of their own', () => {
    const engine = new MemoryEngine();
    const rows = [{ n: 1, told: { user: 'a' } }];
    for (const source of [1, 2, 3]) engine.ingest(batchOf(rows, ['user']), source);
    expect(engine.segments[0]?.info.claims).toEqual([]);
  });
});
