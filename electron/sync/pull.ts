import { batchFromApi, type GenerationBatch } from '../../shared/batch.ts';
import { toAppError } from '../../shared/errors.ts';
import type { SyncProgress, SyncState } from '../../shared/ipc.ts';
import type { Checkpoint, IngestCounts } from '../../shared/sync.ts';
import { badAnswer } from '../openrouter/failures.ts';
import { type RetryOptions, withRetry } from '../openrouter/retry.ts';
import { afterPage, beginRun, timeOf } from './plan.ts';

/** A page of generations, newest first; empty behind the last one. */
export type FetchPage = (offset: number, signal: AbortSignal) => Promise<readonly unknown[]>;

/** Hands a batch to the store. Resolves when it is stored together with the checkpoint; rejects when it is not. */
export type Deliver = (
  batch: GenerationBatch,
  checkpoint: Checkpoint,
  signal: AbortSignal,
) => Promise<IngestCounts>;

/** How a pull stands, without whose it is. */
export type PullState = SyncState extends infer S
  ? S extends SyncState
    ? Omit<S, 'connectionId'>
    : never
  : never;

export interface PullOptions {
  readonly checkpoint: Checkpoint;
  readonly fetchPage: FetchPage;
  readonly deliver: Deliver;
  readonly onState: (state: PullState) => void;
  readonly signal: AbortSignal;
  readonly retry?: Pick<RetryOptions, 'tries' | 'firstPauseMs' | 'random'>;
  readonly now?: () => number;
}

export const NO_PROGRESS: SyncProgress = {
  pages: 0,
  received: 0,
  new: 0,
  merged: 0,
  known: 0,
  rejected: 0,
  oldest: null,
  newest: null,
};

/**
 * Pulls until the store has everything, and tells how it goes; never rejects. The next page is on its way while
 * the store works on the one before.
 */
export async function pull(options: PullOptions): Promise<void> {
  const { fetchPage, deliver, onState, signal, now = Date.now } = options;
  let progress = NO_PROGRESS;

  const fetch = (offset: number) => {
    const page = withRetry(() => fetchPage(offset, signal), {
      ...options.retry,
      signal,
      onWait: (wait) => onState({ phase: 'waiting', progress, ...wait }),
    });
    // It is awaited only after the store's answer; until then a failure is nobody's yet.
    page.catch(() => {});
    return page;
  };

  /** @returns the checkpoint at its end, and whether another run from the top has to follow */
  async function runToEnd(from: Checkpoint): Promise<{ checkpoint: Checkpoint; again: boolean }> {
    let run = beginRun(from);
    let coming = fetch(run.offset);
    for (;;) {
      const items = await coming;
      const step = afterPage(run, items, now());
      if (step.kind === 'repeats') {
        await deliver(batchFromApi([]), step.checkpoint, signal);
        throw badAnswer(
          'OpenRouter gives the same page again and again.',
          `GET /generations does not heed its offset (${run.offset})`,
        );
      }
      if (step.kind === 'next') coming = fetch(step.run.offset);
      const checkpoint = step.kind === 'next' ? step.run.checkpoint : step.checkpoint;
      const counts = await deliver(batchFromApi(items), checkpoint, signal);
      progress = advance(progress, items, counts);
      onState({ phase: 'pulling', progress });
      if (step.kind === 'end') return step;
      run = step.run;
    }
  }

  onState({ phase: 'pulling', progress });
  try {
    let end = await runToEnd(options.checkpoint);
    while (end.again) end = await runToEnd(end.checkpoint);
    onState({ phase: 'done', progress });
  } catch (thrown) {
    if (signal.aborted) onState({ phase: 'stopped', progress });
    else onState({ phase: 'failed', progress, error: toAppError(thrown) });
  }
}

function advance(progress: SyncProgress, items: readonly unknown[], counts: IngestCounts): SyncProgress {
  let { oldest, newest } = progress;
  for (const item of items) {
    const time = timeOf(item);
    if (time === undefined) continue;
    oldest = oldest === null ? time : Math.min(oldest, time);
    newest = newest === null ? time : Math.max(newest, time);
  }
  return {
    pages: progress.pages + 1,
    received: progress.received + items.length,
    new: progress.new + counts.new,
    merged: progress.merged + counts.merged,
    known: progress.known + counts.known,
    rejected: progress.rejected + counts.rejected,
    oldest,
    newest,
  };
}
