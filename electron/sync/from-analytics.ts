import { AppFailure } from '../../shared/errors.ts';
import { lengthOf } from '../../shared/spans.ts';
import type { Checkpoint, Span } from '../../shared/sync.ts';
import { formatTime } from '../../shared/time.ts';
import {
  type Answered,
  type AnsweredWindow,
  askCount,
  askQuery,
  askWindow,
  type Offer,
  type Query,
} from '../openrouter/analytics.ts';
import type { Client } from '../openrouter/client.ts';
import { statusOf } from '../openrouter/failures.ts';
import type { Limiter } from '../openrouter/limiter.ts';
import {
  afterWindow,
  beginRun,
  canHalve,
  doneOf,
  nextStretch,
  nextWindow,
  type Outcome,
  type Run,
} from './plan-analytics.ts';
import { type Around, type Deliveries, NO_GENERATIONS } from './pull.ts';

/** The analytics of one key. */
export interface Analytics {
  readonly client: Client;
  readonly limiter: Limiter;
  readonly offer: Offer;
}

/**
 * Pulls through `POST /analytics/query`, from where the checkpoint stands.
 * @param fill only these spans, whatever is covered
 */
export async function* fromAnalytics(
  { client, limiter, offer }: Analytics,
  checkpoint: Checkpoint,
  fill: readonly Span[] | undefined,
  around: Around,
): Deliveries {
  const gaps: Span[] = [];
  /** Between here and now there is something in every long stretch of time, UTC ms. */
  let filledFrom = Number.POSITIVE_INFINITY;
  for (let run = beginRun(checkpoint, client.now(), fill); ; ) {
    for (let window = nextWindow(run); window; window = nextWindow(run)) {
      const answer = await askPatiently(window);
      const outcome = outcomeOf(answer);
      const next = afterWindow(run, window, outcome);
      if (!next) throw answer instanceof OtherWindow ? answer.failure : new Error('no window follows');
      run = outcome.kind === 'whole' && outcome.rows === 0 ? await passEmptiness(next) : next;

      // What is there of a second that holds too much is kept; the second stays missing.
      const isKept = !(answer instanceof OtherWindow) && (!answer.truncated || !canHalve(window));
      const isEnd = nextWindow(run) === null;
      if (!isKept && !isEnd) continue;
      yield {
        batch: isKept ? answer.batch : NO_GENERATIONS,
        checkpoint: isEnd && !run.resumed ? { ...run.checkpoint, completedAt: Date.now() } : run.checkpoint,
        source: 'analytics',
        span: isKept ? { oldest: window.from, newest: window.to } : null,
        done: doneOf(run),
      };
    }
    gaps.push(...run.gaps);
    if (!run.resumed) break;
    run = beginRun({ ...run.checkpoint, run: null }, client.now());
  }
  if (gaps.length > 0) throw tooMany(gaps);

  /** Goes over a long time without generations in few steps: an account is younger than OpenRouter. */
  async function passEmptiness(run: Run): Promise<Run> {
    const stretch = nextStretch(run);
    if (!offer.hasCount || !stretch || lengthOf([stretch]) <= run.windowMs) return run;
    // What was not empty as a whole is gone through window by window.
    if (stretch.to > filledFrom) return run;
    const count = askCount(stretch, (query) => ask(query, stretch));
    const isEmpty = (await otherwise(count, () => null)) === 0;
    const next = isEmpty ? afterWindow(run, stretch, { kind: 'whole', rows: 0 }) : undefined;
    if (next) return passEmptiness(next);
    filledFrom = stretch.from;
    return run;
  }

  /** @returns the window, or why it has to be another one */
  function askPatiently(window: Span): Promise<AnsweredWindow | OtherWindow> {
    const answer = askWindow(offer, window, (query) => ask(query, window));
    return otherwise(answer, (other) => other);
  }

  function ask(query: Query, span: Span): Promise<Answered> {
    const once = () => askQuery(client, query, around.signal).catch((thrown) => whatToChange(thrown, span));
    return around.attempt(() => limiter.run(once, around));
  }
}

/** What a promise gives, or what is made of it where it was asked for a window that cannot be answered. */
async function otherwise<T, O>(promise: Promise<T>, make: (other: OtherWindow) => O): Promise<T | O> {
  try {
    return await promise;
  } catch (thrown) {
    if (thrown instanceof OtherWindow) return make(thrown);
    throw thrown;
  }
}

function outcomeOf(answer: AnsweredWindow | OtherWindow): Outcome {
  if (answer instanceof OtherWindow) return { kind: answer.kind };
  return answer.truncated ? { kind: 'truncated' } : { kind: 'whole', rows: answer.batch.rows };
}

/** The query cannot be answered for this window, but for another it could. */
class OtherWindow extends Error {
  readonly kind: 'too-heavy' | 'refused';
  readonly failure: unknown;

  constructor(kind: OtherWindow['kind'], failure: unknown) {
    super(kind);
    this.kind = kind;
    this.failure = failure;
  }
}

function whatToChange(thrown: unknown, window: Span): Promise<Answered> {
  const status = statusOf(thrown);
  if (status === 400) throw new OtherWindow('refused', thrown);
  // A window that cannot become smaller is tried again as it is.
  if (status === 408 && canHalve(window)) throw new OtherWindow('too-heavy', thrown);
  throw thrown;
}

function tooMany(gaps: readonly Span[]): AppFailure {
  const times = gaps.map(({ from }) => formatTime(from));
  const seconds = lengthOf(gaps) / 1000;
  return new AppFailure({
    code: 'bad-answer',
    title: `${seconds === 1 ? 'A second holds' : `${seconds} seconds hold`} more generations than OpenRouter’s analytics give at once.`,
    meaning: `All others are stored. Of ${times[0]} UTC${seconds === 1 ? '' : ' and the others'} only a part is, so totals over that time are too low.`,
    action: 'Download the activity CSV of that time at openrouter.ai → Activity and drop it here.',
    detail: times.slice(0, 20).join(', '),
  });
}
