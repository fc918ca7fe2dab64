/** Takes spans of time out of what checkpoints say was pulled whole, so that the next sync pulls them again. */
import { type Checkpoint, readCheckpoint, type Span } from '../../shared/sync.ts';
import type { Database } from './database.ts';

/** A checkpoint that no longer says that these spans were pulled. */
export function without(checkpoint: Checkpoint, spans: readonly Span[]): Checkpoint {
  if (spans.length === 0) return checkpoint;
  let { covered } = checkpoint;
  for (const { from, to } of spans) {
    covered = covered.flatMap((span) =>
      [
        { from: span.from, to: Math.min(span.to, from) },
        { from: Math.max(span.from, to), to: span.to },
      ].filter((part) => part.from < part.to),
    );
  }
  // A run through the list covers at its end what it went through before: it has to begin anew.
  const run = checkpoint.run?.source === 'generations' ? null : checkpoint.run;
  return { ...checkpoint, covered, run };
}

/** A checkpoint that no longer says that anything from before a time was pulled, and by which no sync asks for it. */
function beginningAt(checkpoint: Checkpoint, time: number): Checkpoint {
  const cut = without(checkpoint, [{ from: Number.NEGATIVE_INFINITY, to: time }]);
  return { ...cut, floor: Math.max(cut.floor ?? time, time) };
}

/** @param connections null: all of them */
export function cutCheckpoints(
  database: Database,
  spans: readonly Span[],
  connections: ReadonlySet<string> | null,
): Promise<void> {
  return change(database, connections, (checkpoint) => without(checkpoint, spans));
}

/**
 * What was deleted is pulled again, if a sync would: but not what is too old to be kept, or the next sync would bring
 * it back.
 */
export function cutDeleted(database: Database, { from, to }: Span): Promise<void> {
  const isOld = from === Number.NEGATIVE_INFINITY && Number.isFinite(to);
  return change(database, null, (checkpoint) =>
    isOld ? beginningAt(checkpoint, to) : without(checkpoint, [{ from, to }]),
  );
}

async function change(
  { checkpoints }: Database,
  connections: ReadonlySet<string> | null,
  to: (checkpoint: Checkpoint) => Checkpoint,
): Promise<void> {
  for (const { connectionId, value } of await checkpoints.toArray()) {
    if (connections && !connections.has(connectionId)) continue;
    await checkpoints.put({ connectionId, value: to(readCheckpoint(value)) });
  }
}
