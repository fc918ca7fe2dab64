import { batchFromApi, type GenerationBatch } from '../../shared/batch.ts';
import { toAppError } from '../../shared/errors.ts';
import type { SyncState } from '../../shared/ipc.ts';
import { NO_PROGRESS } from '../../shared/ipc-values.ts';
import type { Checkpoint, IngestCounts, Source, SyncProgress } from '../../shared/sync.ts';
import { type RetryOptions, withRetry } from '../openrouter/retry.ts';

/** What a source hands over: generations, and the checkpoint to store in the same transaction. */
export interface Delivery {
  readonly batch: GenerationBatch;
  readonly checkpoint: Checkpoint;
  readonly source: Source;
  /** The time it speaks of, UTC ms; null where it holds none. */
  readonly span: { readonly oldest: number; readonly newest: number } | null;
  /** How much of the run is done behind it, 0 to 1; null where nobody can know. */
  readonly done: number | null;
}

/** What a source may use while it pulls. */
export interface Around {
  readonly signal: AbortSignal;
  /** Tells that it waits, and that it goes on. */
  readonly onWait: RetryOptions['onWait'];
  readonly onResume: () => void;
  /** Tries as long as it may help. */
  readonly attempt: <T>(action: () => Promise<T>) => Promise<T>;
}

/** A source at work. Each step is asked for while the store still works on the one before. */
export type Deliveries = AsyncGenerator<Delivery, void, void>;

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
  readonly from: (around: Around) => Deliveries;
  readonly deliver: Deliver;
  readonly onState: (state: PullState) => void;
  readonly signal: AbortSignal;
  /** The source that will most likely be used: what is shown before the first delivery. */
  readonly source?: Source;
  readonly retry?: Pick<RetryOptions, 'tries' | 'firstPauseMs' | 'random'>;
}

export const NO_GENERATIONS: GenerationBatch = batchFromApi([]);

/**
 * Pulls until the store has everything, and tells how it goes; never rejects. The next page is on its way while
 * the store works on the one before.
 */
export async function pull(options: PullOptions): Promise<void> {
  const { from, deliver, onState, signal, source = 'generations' } = options;
  // Ends what is on its way when the store fails.
  const failed = new AbortController();
  const fetching = AbortSignal.any([signal, failed.signal]);
  let progress: SyncProgress = { ...NO_PROGRESS, source };

  const onWait: Around['onWait'] = (wait) => onState({ phase: 'waiting', progress, ...wait });
  const onResume = () => onState({ phase: 'pulling', progress });
  const attempt: Around['attempt'] = (action) =>
    withRetry(action, { ...options.retry, signal: fetching, onWait, onResume });

  onState({ phase: 'pulling', progress });
  try {
    const deliveries = from({ signal: fetching, onWait, onResume, attempt });
    let coming = deliveries.next();
    for (;;) {
      const { value: delivery, done } = await coming;
      if (done) break;
      coming = deliveries.next();
      // It is awaited only after the store's answer; until then a failure is nobody's yet.
      coming.catch(() => {});
      const counts = await deliver(delivery.batch, delivery.checkpoint, signal);
      progress = advance(progress, delivery, counts);
      onState({ phase: 'pulling', progress });
    }
    onState({ phase: 'done', progress });
  } catch (thrown) {
    failed.abort();
    if (signal.aborted) onState({ phase: 'stopped', progress });
    else onState({ phase: 'failed', progress, error: toAppError(thrown) });
  }
}

function advance(progress: SyncProgress, delivery: Delivery, counts: IngestCounts): SyncProgress {
  const { batch, source, span, done } = delivery;
  return {
    source,
    done,
    pages: progress.pages + 1,
    received: progress.received + batch.rows,
    new: progress.new + counts.new,
    merged: progress.merged + counts.merged,
    known: progress.known + counts.known,
    rejected: progress.rejected + counts.rejected,
    oldest: span ? Math.min(span.oldest, progress.oldest ?? span.oldest) : progress.oldest,
    newest: span ? Math.max(span.newest, progress.newest ?? span.newest) : progress.newest,
  };
}
