/** Readers of sections in this thread. */
import type { ReadBatch } from '../../../renderer/csv/batches.ts';
import type { Readers } from '../../../renderer/csv/sections.ts';

/** @param lines of a section; unless told, no file is read in sections */
export const readersHere = (lines = Number.POSITIVE_INFINITY, count = 2): Readers => ({
  count,
  lines,
  async read(reading, from, to) {
    const batches: ReadBatch[] = [];
    for await (const piece of reading.pieces(from, to)) batches.push(...piece.batches);
    return batches;
  },
});
