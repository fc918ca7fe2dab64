/**
 * How far the pull of a connection has come. It is planned in the main process and stored by the store in the
 * same transaction as the rows it speaks of; nobody else reads or changes it.
 */
import { z } from 'zod';

export const checkpointSchema = z.strictObject({
  version: z.literal(1),
  /** Every generation up to this time (UTC ms) is stored; null before the first pull came to its end. */
  completeThrough: z.number().nullable(),
  /** When the last pull came to its end, UTC ms. */
  completedAt: z.number().nullable(),
  /** The pull under way: where it goes on if it is stopped or killed. */
  run: z
    .strictObject({
      /** Generations skipped so far, counted from the newest. Later arrivals only push older ones further down. */
      offset: z.number().int().nonnegative(),
      /** The newest time this run has seen, UTC ms: what `completeThrough` becomes at its end. */
      newest: z.number().nullable(),
      /** The oldest time this run has seen, UTC ms. */
      oldest: z.number().nullable(),
    })
    .nullable(),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;

export const NO_CHECKPOINT: Checkpoint = { version: 1, completeThrough: null, completedAt: null, run: null };

/** What the store did with a batch. `rows = new + known + merged + rejected`. */
export const ingestCountsSchema = z.strictObject({
  rows: z.number().int().nonnegative(),
  new: z.number().int().nonnegative(),
  known: z.number().int().nonnegative(),
  merged: z.number().int().nonnegative(),
  rejected: z.number().int().nonnegative(),
});
export type IngestCounts = z.infer<typeof ingestCountsSchema>;

export const NO_COUNTS: IngestCounts = { rows: 0, new: 0, known: 0, merged: 0, rejected: 0 };

export function addCounts(a: IngestCounts, b: IngestCounts): IngestCounts {
  return {
    rows: a.rows + b.rows,
    new: a.new + b.new,
    known: a.known + b.known,
    merged: a.merged + b.merged,
    rejected: a.rejected + b.rejected,
  };
}
