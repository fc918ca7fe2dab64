import type { AppError } from '../../shared/errors.ts';
import { delay } from '../delay.ts';
import { ApiFailure, stopped } from './failures.ts';

/** A pause before the next try. */
export interface Wait {
  /** UTC ms by this computer's clock. */
  readonly until: number;
  readonly error: AppError;
}

export interface RetryOptions {
  readonly signal: AbortSignal;
  /** Told before each pause. */
  readonly onWait: (wait: Wait) => void;
  /** Told after each pause. */
  readonly onResume?: () => void;
  /** Tries in a row before it gives up. */
  readonly tries?: number;
  /** The first pause where the server names none, ms; doubles each time. */
  readonly firstPauseMs?: number;
  readonly random?: () => number;
}

const MAX_BACKOFF_MS = 60_000;
const MAX_PAUSE_MS = 3_600_000;

/**
 * Tries again as long as it may help: after the pause the server asked for, else after a growing one with
 * jitter, so that many clients do not come back at once.
 * @throws the last failure, or `stopped` as soon as the signal is aborted
 */
export async function withRetry<T>(action: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { signal, onWait, onResume, tries = 6, firstPauseMs = 1000, random = Math.random } = options;
  for (let tried = 1; ; tried++) {
    try {
      return await action();
    } catch (thrown) {
      if (!(thrown instanceof ApiFailure) || !thrown.retry || tried >= tries) throw thrown;
      const backoff = Math.min(firstPauseMs * 2 ** (tried - 1), MAX_BACKOFF_MS) * (0.5 + random() / 2);
      const pause = Math.min(thrown.retry.afterMs ?? backoff, MAX_PAUSE_MS);
      onWait({ until: Date.now() + pause, error: thrown.error });
      await delay(pause, signal).catch(() => Promise.reject(stopped()));
      onResume?.();
    }
  }
}
