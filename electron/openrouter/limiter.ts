import { delay } from '../delay.ts';
import { ApiFailure, stopped } from './failures.ts';
import type { Wait } from './retry.ts';

/** OpenRouter's own limit for `/analytics/*`. */
const MOST = 64;
const WINDOW_MS = 60_000;
/** For clocks that do not tick alike. */
const MARGIN_MS = 100;
/** Shorter pauses are not worth a word. */
const TOLD_MS = 1000;

/** Monotonic milliseconds, and a pause in them. */
export interface Clock {
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const CLOCK: Clock = { now: () => performance.now(), sleep: delay };

export interface LimitedOptions {
  readonly signal: AbortSignal;
  /** Told before a pause that can be noticed, and after it. */
  readonly onWait: (wait: Wait) => void;
  readonly onResume?: () => void;
}

export interface Limiter {
  /** Does something that the server counts as one request, as soon as it may be done; first come, first served. */
  run<T>(action: () => Promise<T>, options: LimitedOptions): Promise<T>;
}

/**
 * Lets through so many requests that the server never counts more than 64 in any 60 seconds.
 *
 * The server counts a request at some moment between its being sent and its being answered, and nobody knows
 * when. So a request holds its place from being sent until 60 seconds after its answer: however long each of
 * them was on its way, the 65th is sent more than 60 seconds after the first was counted.
 */
export function createLimiter(clock: Clock = CLOCK): Limiter {
  /** When the places of answered requests are free again, ascending. */
  let taken: number[] = [];
  let underWay = 0;
  /** The server asked for a pause until then. */
  let heldUntil = 0;
  let freed = () => {};
  let line: Promise<unknown> = Promise.resolve();

  /** When there is a place again; Infinity where that depends on an answer. */
  function freeAt(): number {
    const now = clock.now();
    taken = taken.filter((until) => until > now);
    const full = taken.length + underWay >= MOST;
    return Math.max(heldUntil, full ? (taken[0] ?? Number.POSITIVE_INFINITY) : 0);
  }

  async function admit({ signal, onWait, onResume }: LimitedOptions): Promise<void> {
    let told = false;
    for (;;) {
      if (signal.aborted) throw stopped();
      const pause = freeAt() - clock.now();
      if (pause <= 0) break;
      if (pause > TOLD_MS && pause < Number.POSITIVE_INFINITY) {
        told = true;
        onWait({ until: Date.now() + pause, error: LIMITED });
      }
      const answered = new Promise<void>((resolve) => {
        freed = resolve;
      });
      const slept = pause === Number.POSITIVE_INFINITY ? answered : clock.sleep(pause, signal);
      await slept.catch(() => {});
    }
    if (told) onResume?.();
    underWay++;
  }

  async function run<T>(action: () => Promise<T>, options: LimitedOptions): Promise<T> {
    const admitted = line.then(() => admit(options));
    line = admitted.catch(() => {});
    await orStopped(admitted, options.signal);
    try {
      return await action();
    } catch (thrown) {
      const pause = thrown instanceof ApiFailure && thrown.status === 429 ? thrown.retry?.afterMs : null;
      if (pause) heldUntil = Math.max(heldUntil, clock.now() + pause);
      throw thrown;
    } finally {
      underWay--;
      taken.push(clock.now() + WINDOW_MS + MARGIN_MS);
      freed();
    }
  }

  return { run };
}

/** What waits in line need not get to its head to be stopped. */
function orStopped(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(stopped());
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

const LIMITED = {
  code: 'rate-limited',
  title: `OpenRouter takes ${MOST} analytics queries a minute.`,
  meaning: 'They are used up for the moment; everything received so far is stored.',
  action: 'Nothing to do: it goes on by itself.',
} as const;
