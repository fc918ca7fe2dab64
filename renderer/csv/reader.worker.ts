/** Reads sections of large files: see sections.ts. */
import * as Comlink from '../comlink.ts';
import { BatchEncoder, buffersOf } from '../store/encode.ts';
import { type Bookmark, MOST_LINES, type ReadBatch } from './batches.ts';
import { type Layout, Reading } from './reading.ts';
import type { NamedBlob } from './source.ts';

/** Used again, so that a section leaves little behind to be cleared away. */
const idle: BatchEncoder[] = [];

const api = {
  async read(
    file: NamedBlob,
    layout: Layout,
    from: Bookmark | null,
    to: number,
  ): Promise<readonly ReadBatch[]> {
    const encoder = idle.pop() ?? new BatchEncoder(MOST_LINES);
    const batches: ReadBatch[] = [];
    for await (const piece of new Reading(file, layout).pieces(from, to, encoder))
      batches.push(...piece.batches);
    idle.push(encoder);
    return Comlink.transfer(
      batches,
      batches.flatMap(({ batch }) => buffersOf(batch)),
    );
  },
};

export type ReaderApi = typeof api;

Comlink.expose(api);
