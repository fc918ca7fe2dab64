/** A file read as the CSV worker reads it, for tests: everything accepted, everything rejected. */

import { type Choices, type Layout, Reading } from '../../../renderer/csv/reading.ts';
import { piecesBy } from '../../../renderer/csv/sections.ts';
import { ShiftCounter, type ShiftFinding } from '../../../renderer/csv/shift.ts';
import type { EncodedBatch } from '../../../renderer/store/encode.ts';
import type { Rejection } from '../../../renderer/store/rejection.ts';
import { idAt, nanosAt, numberAt } from '../../../renderer/store/vector.ts';
import type { ColumnKey } from '../../../shared/columns.ts';
import { fromLanes, toDecimal } from '../../../shared/money.ts';
import { formatCsvTime } from '../../../shared/time.ts';
import { readersHere } from './readers.ts';

export interface ReadFile {
  readonly layout: Layout;
  /** Accepted rows, in plain words; unknown cells are left out. */
  readonly rows: readonly Readonly<Record<string, string>>[];
  readonly rejections: readonly Rejection[];
  readonly shift: ShiftFinding | null;
}

/** @param readers those that read it, in sections or not */
export async function readFile(
  content: string | Uint8Array,
  choices: Choices = {},
  readers = readersHere(),
): Promise<ReadFile> {
  const blob = new Blob([content as BlobPart]);
  const reading = await Reading.open({ name: 'activity.csv', blob }, choices);
  const rows: Record<string, string>[] = [];
  const rejections: Rejection[] = [];
  const shift = new ShiftCounter();
  if (reading.layout.header.missing.length > 0)
    return { layout: reading.layout, rows, rejections, shift: null };
  for await (const { batches } of piecesBy(readers, reading, null)) {
    for (const { batch } of batches) {
      shift.add(batch);
      for (let row = 0; row < batch.rows; row++) rows.push(rowOf(batch, row));
      rejections.push(...batch.rejections);
    }
  }
  return { layout: reading.layout, rows, rejections, shift: shift.finding };
}

function rowOf(batch: EncodedBatch, row: number): Record<string, string> {
  const told: Record<string, string> = { generation_id: idAt(batch.ids, row) };
  for (const key of Object.keys(batch.columns) as ColumnKey[]) {
    const column = batch.columns[key];
    if (column?.kind === 'text') {
      const word = column.words[(column.codes[row] as number) - 1];
      if (word !== undefined) told[key] = word;
    } else if (column?.kind === 'flag') {
      const flag = column.values[row] as number;
      if (flag < 2) told[key] = flag === 1 ? 'true' : 'false';
    } else if (column?.kind === 'money') {
      const nanos = nanosAt(column, row);
      if (!Number.isNaN(nanos)) told[key] = toDecimal(fromLanes(nanos, column.rest?.[row] ?? 0), 0);
    } else if (column?.kind === 'number') {
      const value = numberAt(column, row);
      if (!Number.isNaN(value)) told[key] = key === 'created_at' ? formatCsvTime(value) : String(value);
    }
  }
  return told;
}
