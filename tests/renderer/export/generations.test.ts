import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GenerationsFormat, nanosText, writeGenerations } from '../../../renderer/store/export.ts';
import { RowTable } from '../../../renderer/store/query/rows.ts';
import type { GenerationBatch } from '../../../shared/batch.ts';
import { COLUMNS, type ColumnKey, CSV_KEYS, type SourceValue } from '../../../shared/columns.ts';
import { fromLanes, toDecimal } from '../../../shared/money.ts';
import { MemoryEngine } from '../store/memory.ts';

const PLAIN: GenerationsFormat = { format: 'csv', cells: 'plain' };

async function write(engine: MemoryEngine, format: GenerationsFormat) {
  const { snapshot } = engine;
  await snapshot.load(snapshot.segments, []);
  const table = await RowTable.build({ filter: [], sort: { by: 'created_at', descending: true } }, snapshot);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const pieces: { rows: number; size: number }[] = [];
  let text = '';
  const written = await writeGenerations(table.order, snapshot, format, async ({ bytes, rows }) => {
    text += decoder.decode(bytes, { stream: true });
    pieces.push({ rows, size: bytes.length });
  });
  return { text, pieces, ...written };
}

/** What an import makes of a file. */
function read(text: string): GenerationBatch {
  const [header, ...lines] = parse(text, { record_delimiter: '\n' }) as string[][];
  const columns: { [K in ColumnKey]?: SourceValue[] } = {};
  header!.forEach((key, i) => {
    columns[key as ColumnKey] = lines.map((line) => line[i] ?? '');
  });
  return { rows: lines.length, columns };
}

const engineOf = (batch: GenerationBatch) => {
  const engine = new MemoryEngine();
  const { rejected } = engine.ingest(batch);
  expect(rejected).toEqual([]);
  return engine;
};

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('=', '-', '"', ',', '\n', '\r', '\t', ' ', "'", 'a', '日', '😀', '\ufeff'), {
      maxLength: 6,
    })
    .map((parts) => parts.join('')),
);
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.integer({ min: 9, max: 24 }))
  .map(([digits, decimals]) => toDecimal(digits * 10n ** BigInt(24 - decimals)));

/** A generation with anything in it; what is absent is unknown. */
const anyRow = fc.record(
  Object.fromEntries(
    COLUMNS.filter(({ key }) => key !== 'generation_id' && key !== 'created_at').map(({ key, kind }) => {
      const of: fc.Arbitrary<SourceValue> =
        kind === 'money'
          ? decimal
          : kind === 'flag'
            ? fc.boolean()
            : kind === 'text'
              ? text
              : kind === 'count'
                ? fc.nat(2 ** 31)
                : fc.double({ min: 0, max: 1e9, noNaN: true });
      return [key, fc.option(of, { nil: null })];
    }),
  ) as Record<string, fc.Arbitrary<SourceValue>>,
);
const anyBatch = fc
  .array(fc.tuple(anyRow, fc.integer({ min: 0, max: 3 }), fc.stringMatching(/^[-=+a-zA-Z0-9,"é]{1,6}$/)), {
    maxLength: 12,
  })
  .map((rows): GenerationBatch => {
    const columns: { [K in ColumnKey]?: SourceValue[] } = {};
    for (const { key } of COLUMNS) columns[key] = rows.map(([row]) => row[key] ?? null);
    columns.generation_id = rows.map(([, , more], i) => `${more}${i}`);
    // Several at the same time, and days apart.
    columns.created_at = rows.map(([, second], i) =>
      new Date(Date.UTC(2026, 8, 1 + (i % 3), 23, 59, 59, 999) + second * 1000).toISOString(),
    );
    return { rows: rows.length, columns };
  });

describe('generations as CSV', () => {
  it('read again into an empty store and written again are the same bytes', async () => {
    await fc.assert(
      fc.asyncProperty(anyBatch, async (batch) => {
        const first = await write(engineOf(batch), PLAIN);
        expect(first.text.split('\n')[0]).toBe(CSV_KEYS.join(','));
        const second = await write(engineOf(read(first.text)), PLAIN);
        expect(second.text).toBe(first.text);
      }),
    );
  });

  it('for spreadsheets have no text that begins like a formula, and the same numbers', async () => {
    await fc.assert(
      fc.asyncProperty(anyBatch, async (batch) => {
        const engine = engineOf(batch);
        const plain = parse((await write(engine, PLAIN)).text, { record_delimiter: '\n' }) as string[][];
        const { text: guarded, touched } = await write(engine, { format: 'csv', cells: 'protected' });
        const cells = parse(guarded, { record_delimiter: '\n' }) as string[][];
        const isText = CSV_KEYS.map((key) =>
          COLUMNS.some((one) => one.key === key && /text|id/.test(one.kind)),
        );
        expect(cells.length).toBe(plain.length);
        cells.forEach((line, row) => {
          line.forEach((cell, i) => {
            if (isText[i]) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
            // Nothing but apostrophes was added.
            expect(cell.replaceAll("'", '')).toBe(plain[row]![i]!.replaceAll("'", ''));
            if (!isText[i]) expect(cell).toBe(plain[row]![i]);
          });
        });
        expect(touched).toBe(guarded !== (await write(engine, PLAIN)).text);
      }),
    );
  });

  it('come in pieces of about half a megabyte, in order, of many segments', async () => {
    const rows = 70_000;
    const at = (i: number) => Date.UTC(2026, 0, 1) + ((i * 7919) % rows) * 1000;
    const engine = engineOf({
      rows,
      columns: {
        generation_id: Array.from({ length: rows }, (_, i) => `gen-${at(i) / 1000}-${i}`),
        created_at: Array.from({ length: rows }, (_, i) => new Date(at(i)).toISOString()),
        user: Array.from({ length: rows }, (_, i) => (i % 7 === 0 ? null : `user ${i % 1000}`)),
        cost_total: Array.from({ length: rows }, (_, i) => i / 1_000_000),
      },
    });
    const { text: all, pieces, rows: written } = await write(engine, PLAIN);
    const times = (parse(all) as string[][]).slice(1).map((line) => line[1]!);
    expect(written).toBe(rows);
    expect(times).toHaveLength(rows);
    expect(times).toEqual([...times].sort().reverse());
    expect(pieces.at(-1)!.rows).toBe(rows);
    for (const { size } of pieces.slice(0, -1)) expect(size).toBeGreaterThanOrEqual(1 << 19);
    expect(Math.max(...pieces.map(({ size }) => size))).toBeLessThan(1.1 * (1 << 19));
  });

  it('stop when a piece is not taken', async () => {
    const engine = engineOf({
      rows: 1,
      columns: { generation_id: ['a'], created_at: ['2026-01-01T00:00:00Z'] },
    });
    const { snapshot } = engine;
    await snapshot.load(snapshot.segments, []);
    const table = await RowTable.build(
      { filter: [], sort: { by: 'created_at', descending: true } },
      snapshot,
    );
    const refuse = () => Promise.reject(new Error('full'));
    await expect(writeGenerations(table.order, snapshot, PLAIN, refuse)).rejects.toThrow('full');
  });
});

describe('generations as JSON lines', () => {
  it('have every column that is known: money as decimal text, times in ISO 8601', async () => {
    await fc.assert(
      fc.asyncProperty(anyBatch, async (batch) => {
        const engine = engineOf(batch);
        const { text: all } = await write(engine, { format: 'ndjson' });
        const lines =
          all === ''
            ? []
            : all
                .trimEnd()
                .split('\n')
                .map((line) => JSON.parse(line));
        const keys = COLUMNS.map(({ key }) => key);
        const { rows } = await engine.rows({
          filter: [],
          columns: keys,
          sort: { by: 'created_at', descending: true },
          offset: 0,
          limit: 1000,
        });
        const expected = rows.map((row) =>
          Object.fromEntries(
            COLUMNS.flatMap(({ key, kind }, i) => {
              const value = row[i] ?? null;
              if (value === null) return [];
              if (typeof value === 'bigint') return [[key, toDecimal(value)]];
              return [[key, kind === 'time' ? new Date(value as number).toISOString() : value]];
            }),
          ),
        );
        expect(lines).toEqual(expected);
      }),
    );
  });
});

it('amounts without bigint are those with it', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (nanos) => {
      expect(nanosText(nanos)).toBe(toDecimal(fromLanes(nanos, 0)));
    }),
  );
});
