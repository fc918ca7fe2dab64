import { batchFromApi } from '../../shared/batch.ts';
import { AppFailure } from '../../shared/errors.ts';
import type { Checkpoint, Span } from '../../shared/sync.ts';
import { badAnswer } from '../openrouter/failures.ts';
import { afterPage, beginRun, itemsToKeep, type Run, timeOf } from './plan-generations.ts';
import { type Around, type Deliveries, type Delivery, NO_GENERATIONS } from './pull.ts';

/** The list of generations, page by page. */
export interface Pages {
  /** The page behind so many generations, newest first; empty behind the last one. */
  fetch(offset: number, signal: AbortSignal): Promise<readonly unknown[]>;
  /** UTC ms by the server's clock, at a moment of `performance.now()`; default now. */
  now(at?: number): number;
}

/**
 * Pulls through `GET /generations`, from where the checkpoint stands.
 * @param fill go back as far as the oldest of these, whatever is covered
 */
export async function* fromGenerations(
  pages: Pages,
  checkpoint: Checkpoint,
  fill: readonly Span[] | undefined,
  { signal, attempt }: Around,
): Deliveries {
  let run = beginRun(checkpoint, fill);
  let isFirst = true;
  for (;;) {
    const { offset } = run;
    const asked = performance.now();
    let items: readonly unknown[];
    try {
      items = await attempt(() => pages.fetch(offset, signal));
      // A list that ends for a moment must not pass for the end of the list.
      if (items.length === 0 && offset > 0) items = await attempt(() => pages.fetch(offset, signal));
    } catch (thrown) {
      // Where the last run stopped there may be a page that never comes: what is new above it has to.
      if (!(isFirst && run.resumed && isOfThisPage(thrown))) throw thrown;
      run = beginRun({ ...checkpoint, run: null }, fill);
      isFirst = false;
      continue;
    }
    isFirst = false;
    const step = afterPage(run, items, { asked: pages.now(asked), now: pages.now() });
    const found = { source: 'generations', span: spanOf(items) } as const;
    switch (step.kind) {
      case 'repeats':
        yield { ...found, batch: NO_GENERATIONS, span: null, checkpoint: step.checkpoint, done: null };
        throw badAnswer(
          'OpenRouter gives the same page again and again.',
          `GET /generations does not heed its offset (${offset})`,
        );
      case 'next':
        run = step.run;
        yield {
          ...found,
          batch: batchFromApi(itemsToKeep(items, run.checkpoint)),
          checkpoint: run.checkpoint,
          done: doneOf(run),
        };
        break;
      case 'end': {
        // By this computer's clock, which whoever reads it compares it with.
        const completedAt = step.again ? step.checkpoint.completedAt : Date.now();
        const end = { ...step.checkpoint, completedAt };
        yield {
          ...found,
          batch: batchFromApi(itemsToKeep(items, end)),
          checkpoint: end,
          done: step.again ? null : 1,
        };
        if (!step.again) return;
        run = beginRun(end);
      }
    }
  }
}

/** Whether a failure may be one of this page alone, and not of the key, the network or the whole server's limits. */
function isOfThisPage(thrown: unknown): boolean {
  return thrown instanceof AppFailure && ['bad-answer', 'server-error'].includes(thrown.error.code);
}

/** How much of the time between now and where it ends a run has seen; null where the end is not known. */
function doneOf({ checkpoint, target }: Run): number | null {
  const end = target ?? checkpoint.floor;
  const { run } = checkpoint;
  if (end === null || run?.source !== 'generations' || run.oldest === null) return null;
  const whole = run.startedAt - end;
  return whole <= 0 ? null : Math.min(1, Math.max(0, (run.startedAt - run.oldest) / whole));
}

function spanOf(items: readonly unknown[]): Delivery['span'] {
  let oldest = Number.POSITIVE_INFINITY;
  let newest = Number.NEGATIVE_INFINITY;
  for (const item of items) {
    const time = timeOf(item);
    if (time === undefined) continue;
    oldest = Math.min(time, oldest);
    newest = Math.max(time, newest);
  }
  return oldest <= newest ? { oldest, newest } : null;
}
