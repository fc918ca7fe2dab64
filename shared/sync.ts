/**
 * How far the pull of a connection has come. It is planned in the main process and stored by the store in the
 * same transaction as the rows it speaks of; nobody else reads or changes it.
 */
// The small edition: the store's worker is started with it.
import * as z from 'zod/mini';

/** A span of time, UTC ms: `from` is inside, `to` is outside. */
export const spanSchema = z.strictObject({ from: z.number(), to: z.number() });
export type Span = z.infer<typeof spanSchema>;

/**
 * Generations arrive late, by so much at most, ms: a pull asks again for so much of the past, and a day is complete
 * when what was pulled reaches so far beyond its end.
 */
export const LATE_MS = 3_600_000;

/** Where generations are pulled from; see `electron/openrouter`. */
export const SOURCES = ['generations', 'analytics', 'ids'] as const;
export type Source = (typeof SOURCES)[number];

/** The pull under way: where it goes on if it is stopped or killed. */
const runSchema = z.discriminatedUnion('source', [
  z.strictObject({
    source: z.literal('generations'),
    /** Generations skipped so far, counted from the newest. Later arrivals only push older ones further down. */
    offset: z.int().check(z.nonnegative()),
    /** When it began, by the server's clock, UTC ms: the span that it covers at its end reaches up to here. */
    startedAt: z.number(),
    /** The newest and the oldest time it has seen, UTC ms. */
    newest: z.nullable(z.number()),
    oldest: z.nullable(z.number()),
  }),
  z.strictObject({
    source: z.literal('analytics'),
    startedAt: z.number(),
    /** What it still has to pull, newest first, disjoint. */
    left: z.array(spanSchema),
    /** The length of the next window, ms: halved when an answer was truncated, doubled when it was small. */
    windowMs: z.number().check(z.positive()),
  }),
]);

export const checkpointSchema = z.strictObject({
  version: z.literal(2),
  /** Spans of time that were pulled whole: ascending, disjoint. Everything in them is stored, but for arrivals later than `LATE_MS`. */
  covered: z.array(spanSchema),
  /** The API gave nothing from before this time (UTC ms); null: not known. */
  floor: z.nullable(z.number()),
  /** The reader deleted what was from before this time (UTC ms), and wants none of it back; absent: nothing. */
  keepFrom: z.exactOptional(z.number()),
  /** When the last pull came to its end, UTC ms, and where it pulled from. */
  completedAt: z.nullable(z.number()),
  source: z.nullable(z.enum(SOURCES)),
  /** When `GET /generations` was last found not to be offered, UTC ms: it is asked again another day. */
  refusedAt: z.nullable(z.number()),
  run: z.nullable(runSchema),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;
export type Run = z.infer<typeof runSchema>;

export const NO_CHECKPOINT: Checkpoint = {
  version: 2,
  covered: [],
  floor: null,
  completedAt: null,
  source: null,
  refusedAt: null,
  run: null,
};

/** What the store did with a batch. `rows = new + known + merged + rejected`. */
export const ingestCountsSchema = z.strictObject({
  rows: z.int().check(z.nonnegative()),
  new: z.int().check(z.nonnegative()),
  known: z.int().check(z.nonnegative()),
  merged: z.int().check(z.nonnegative()),
  rejected: z.int().check(z.nonnegative()),
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

const firstVersionSchema = z.object({
  version: z.literal(1),
  completeThrough: z.nullable(z.number()),
  completedAt: z.nullable(z.number()),
});

/** A checkpoint as this version or an earlier one wrote it; whatever else it is given, nothing was pulled yet. */
export function readCheckpoint(stored: unknown): Checkpoint {
  const parsed = checkpointSchema.safeParse(stored);
  if (parsed.success) return parsed.data;
  const first = firstVersionSchema.safeParse(stored);
  if (!first.success) return NO_CHECKPOINT;
  const { completeThrough, completedAt } = first.data;
  const covered = completeThrough === null ? [] : [{ from: 0, to: completeThrough }];
  return { ...NO_CHECKPOINT, covered, completedAt, source: 'generations' };
}

/** How far a sync is. */
export interface SyncProgress {
  /** Where this run pulls from. */
  readonly source: Source;
  /** How much of the time that this run has to go through is done, 0 to 1; null where nobody can know. */
  readonly done: number | null;
  /** Pages asked for and generations received in this run. */
  readonly pages: number;
  readonly received: number;
  readonly new: number;
  readonly merged: number;
  readonly known: number;
  readonly rejected: number;
  /** The span pulled so far, UTC ms. */
  readonly oldest: number | null;
  readonly newest: number | null;
}
