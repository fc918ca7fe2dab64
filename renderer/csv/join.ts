/** Encoded batches, put together: reading goes in small bites, the store likes large ones. */
import type { ColumnKey } from '../../shared/columns.ts';
import type { EncodedBatch, EncodedColumn, EncodedText } from '../store/encode.ts';
import { type IdVector, narrowCodes, narrowNumbers, UNKNOWN_FLAG, widenNumbers } from '../store/vector.ts';

/** One batch of the rows of all, in their order, in the narrowest arrays that hold them. */
export function joinBatches(batches: readonly EncodedBatch[]): EncodedBatch {
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  const columns: { [K in ColumnKey]?: EncodedColumn } = {};
  const keys = new Set(batches.flatMap((batch) => Object.keys(batch.columns) as ColumnKey[]));
  for (const key of keys) columns[key] = joinColumn(batches, key, rows);
  return {
    rows,
    ids: joinIds(batches, rows),
    columns,
    timeFromId: joinMarks(batches, rows),
    rejections: batches.flatMap((batch) => batch.rejections),
  };
}

function joinColumn(batches: readonly EncodedBatch[], key: ColumnKey, rows: number): EncodedColumn {
  const kind = batches.find((batch) => batch.columns[key])?.columns[key]?.kind;
  let at = 0;
  const each = <C extends EncodedColumn>(put: (column: C, at: number) => void) => {
    for (const batch of batches) {
      const column = batch.columns[key];
      if (column) put(column as C, at);
      at += batch.rows;
    }
  };
  switch (kind) {
    case 'flag': {
      const values = new Uint8Array(rows).fill(UNKNOWN_FLAG);
      each<Extract<EncodedColumn, { kind: 'flag' }>>((column, start) => values.set(column.values, start));
      return { kind, values };
    }
    case 'text':
      return joinTexts(batches, key as ColumnKey, rows);
    case 'money': {
      const nanos = new Float64Array(rows).fill(Number.NaN);
      let rest: Float64Array | null = null;
      each<Extract<EncodedColumn, { kind: 'money' }>>((column, start) => {
        nanos.set(widenNumbers(column.nanos), start);
        if (!column.rest) return;
        rest ??= new Float64Array(rows);
        rest.set(column.rest, start);
      });
      return { kind, nanos: narrowNumbers(nanos), rest };
    }
    default: {
      const values = new Float64Array(rows).fill(Number.NaN);
      each<Extract<EncodedColumn, { kind: 'number' }>>((column, start) =>
        values.set(widenNumbers(column.values), start),
      );
      return { kind: 'number', values: narrowNumbers(values) };
    }
  }
}

function joinTexts(batches: readonly EncodedBatch[], key: ColumnKey, rows: number): EncodedText {
  const codes = new Uint32Array(rows);
  const words: string[] = [];
  const codeOf = new Map<string, number>();
  let at = 0;
  for (const batch of batches) {
    const column = batch.columns[key];
    if (column?.kind === 'text') {
      const joined = new Uint32Array(column.words.length + 1);
      column.words.forEach((word, i) => {
        let code = codeOf.get(word);
        if (code === undefined) {
          code = words.push(word);
          codeOf.set(word, code);
        }
        joined[i + 1] = code;
      });
      for (let row = 0; row < batch.rows; row++)
        codes[at + row] = joined[column.codes[row] as number] as number;
    }
    at += batch.rows;
  }
  return { kind: 'text', codes: narrowCodes(codes), words };
}

function joinIds(batches: readonly EncodedBatch[], rows: number): IdVector {
  const bytes = new Uint8Array(batches.reduce((sum, batch) => sum + batch.ids.bytes.length, 0));
  const offsets = new Uint32Array(rows + 1);
  let [row, used] = [0, 0];
  for (const { ids, rows: some } of batches) {
    bytes.set(ids.bytes, used);
    for (let i = 1; i <= some; i++) offsets[row + i] = used + (ids.offsets[i] as number);
    row += some;
    used += ids.bytes.length;
  }
  return { kind: 'id', offsets, bytes };
}

function joinMarks(batches: readonly EncodedBatch[], rows: number): Uint8Array | null {
  if (batches.every((batch) => batch.timeFromId === null)) return null;
  const marks = new Uint8Array(rows);
  let at = 0;
  for (const batch of batches) {
    if (batch.timeFromId) marks.set(batch.timeFromId, at);
    at += batch.rows;
  }
  return marks;
}
