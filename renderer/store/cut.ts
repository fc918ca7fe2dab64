/** Takes spans of time out of what checkpoints say was pulled whole, so that the next sync pulls them again. */
import { removeSpan } from '../../shared/spans.ts';
import { type Checkpoint, readCheckpoint, type Span } from '../../shared/sync.ts';
import type { Database } from './database.ts';

/**
 * A checkpoint that no longer says that these spans were pulled. What has no beginning was deleted because it is old:
 * of that, nothing is pulled any more, or the next sync would bring it back.
 */
export function without(checkpoint: Checkpoint, spans: readonly Span[]): Checkpoint {
  if (spans.length === 0) return checkpoint;
  let { covered, keepFrom } = checkpoint;
  for (const span of spans) {
    const { from, to } = span;
    if (from === Number.NEGATIVE_INFINITY && Number.isFinite(to)) keepFrom = Math.max(keepFrom ?? to, to);
    covered = removeSpan(covered, span);
  }
  // A run through the list covers at its end what it went through before: it has to begin anew.
  const run = checkpoint.run?.source === 'generations' ? null : checkpoint.run;
  return { ...checkpoint, covered, run, ...(keepFrom === undefined ? {} : { keepFrom }) };
}

/** @param connections null: all of them */
export async function cutCheckpoints(
  { checkpoints }: Database,
  spans: readonly Span[],
  connections: ReadonlySet<string> | null,
): Promise<void> {
  if (spans.length === 0) return;
  for (const { connectionId, value } of await checkpoints.toArray()) {
    if (connections && !connections.has(connectionId)) continue;
    await checkpoints.put({ connectionId, value: without(readCheckpoint(value), spans) });
  }
}
