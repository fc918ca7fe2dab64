import { describe, expect, test } from 'vitest';
import type { GenerationBatch } from '../../../shared/batch.ts';
import { type Filter, UTC_DAY } from '../../../shared/query.ts';
import { MemoryEngine } from './memory.ts';

const T0 = Date.UTC(2026, 0, 1);
const batch = (ns: readonly number[], user = 'a'): GenerationBatch => ({
  rows: ns.length,
  columns: {
    generation_id: ns.map((n) => `gen-${T0 / 1000 + n * 3600}-${n}`),
    created_at: ns.map((n) => new Date(T0 + n * 3_600_000).toISOString()),
    user: ns.map(() => user),
    cost_total: ns.map(() => '0.5'),
  },
});

function engineOf(...parts: readonly (readonly [source: number, ns: readonly number[]])[]) {
  const engine = new MemoryEngine();
  engine.sources = [
    { id: 1, key: 'connection one' },
    { id: 2, key: 'connection two' },
    { id: 3, key: 'origin 9' },
  ];
  for (const [source, ns] of parts) engine.ingest(batch(ns), source);
  return engine;
}

const COUNT = { requests: { fn: 'count' }, spend: { fn: 'sum', of: 'spend' } } as const;
async function requests(engine: MemoryEngine, filter: Filter): Promise<number> {
  const sort = { by: 'key', descending: false } as const;
  const { coverage } = await engine.group({
    filter,
    by: ['user'],
    aggregates: COUNT,
    sort,
    offset: 0,
    limit: 9,
  });
  return coverage.rows;
}

describe('where rows came from', () => {
  test('each source sees its own; what came twice counts once, and for both', async () => {
    const engine = engineOf([1, [1, 2, 3]], [2, [3, 4]], [3, [4, 5]]);
    expect(await requests(engine, [])).toBe(5);
    expect(await requests(engine, [{ on: 'source', in: [{ connectionId: 'one' }] }])).toBe(3);
    expect(await requests(engine, [{ on: 'source', in: [{ connectionId: 'two' }] }])).toBe(2);
    expect(await requests(engine, [{ on: 'source', in: ['files'] }])).toBe(2);
    expect(await requests(engine, [{ on: 'source', in: [{ connectionId: 'one' }, 'files'] }])).toBe(5);
    expect(await requests(engine, [{ on: 'source', in: [{ connectionId: 'none' }] }])).toBe(0);
  });

  test('coming from another source as well is known, not merged', () => {
    const engine = engineOf([1, [1, 2]]);
    expect(engine.ingest(batch([1, 2, 3]), 2)).toMatchObject({ new: 1, known: 2, merged: 0 });
  });

  test('removing a source takes only what nothing else brought', async () => {
    const engine = engineOf([1, [1, 2, 3]], [2, [3, 4]], [3, [4, 5]]);
    expect(engine.removeSource(2)).toBe(0);
    expect(await requests(engine, [{ on: 'source', in: [{ connectionId: 'two' }] }])).toBe(0);

    expect(engine.removeSource(1)).toBe(3);
    expect(await requests(engine, [])).toBe(2);
    const { rows } = await engine.rows({
      filter: [],
      columns: ['generation_id', 'user', 'spend'],
      sort: { by: 'created_at', descending: false },
      offset: 0,
      limit: 9,
    });
    expect(rows).toEqual([4, 5].map((n) => [`gen-${T0 / 1000 + n * 3600}-${n}`, 'a', 5n * 10n ** 23n]));
    // What was removed may come again.
    expect(engine.ingest(batch([1, 4, 6]), 1)).toMatchObject({ new: 2, known: 1 });
  });

  test('a segment of which nothing is left is gone', () => {
    const engine = engineOf([1, [1, 2]]);
    expect(engine.removeSource(1)).toBe(2);
    expect(engine.segments).toEqual([]);
  });
});

test('exactly these generations', async () => {
  const engine = engineOf([1, [1, 2, 3]]);
  const id = (n: number) => `gen-${T0 / 1000 + n * 3600}-${n}`;
  expect(await requests(engine, [{ on: 'generation_id', in: [id(2), id(2), 'gen-0-none'] }])).toBe(1);
});

test('exactly these generations, however many are asked for', async () => {
  const engine = engineOf([1, [1, 2, 3]]);
  const id = (n: number) => `gen-${T0 / 1000 + n * 3600}-${n}`;
  const others = Array.from({ length: 140_000 }, (_, n) => `gen-0-${n}`);
  const ids = [...others.slice(0, 70_000), id(1), ...others.slice(70_000), id(3)];
  expect(await requests(engine, [{ on: 'generation_id', in: ids }])).toBe(2);
});

test('by day and by two dimensions: sums tie, days are UTC', async () => {
  const engine = engineOf([1, [0, 23, 24, 47, 48]]);
  engine.ingest(batch([30, 31], 'b'), 1);
  const sort = { by: 'key', descending: false } as const;
  const days = await engine.group({
    filter: [],
    by: [UTC_DAY],
    aggregates: COUNT,
    sort,
    offset: 0,
    limit: 9,
  });
  const day = 86_400_000;
  expect(days.groups.map(({ keys, values }) => [keys[0], values.requests.value])).toEqual([
    [T0, 2],
    [T0 + day, 4],
    [T0 + 2 * day, 1],
  ]);
  const both = await engine.group({
    filter: [],
    by: [UTC_DAY, 'user'],
    aggregates: COUNT,
    sort,
    offset: 0,
    limit: 9,
  });
  expect(both.groups.map(({ keys, values }) => [...keys, values.requests.value])).toEqual([
    [T0, 'a', 2],
    [T0 + day, 'a', 2],
    [T0 + day, 'b', 2],
    [T0 + 2 * day, 'a', 1],
  ]);
  expect(both.totals).toEqual(days.totals);
});
