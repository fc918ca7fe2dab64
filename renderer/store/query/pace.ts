import { AppFailure } from '../../../shared/errors.ts';

/** So long a query may keep the worker to itself: messages, newer questions and imports wait meanwhile. */
const STRETCH_MS = 8;

/** What a question fails with that was given up. */
export const stopped = (): AppFailure =>
  new AppFailure({
    code: 'stopped',
    title: 'The question was given up.',
    meaning: 'A newer one took its place, or its view was left. Your stored data is as it was.',
    action: 'Nothing needs to be done.',
  });

/** Lets a query stop for breath between its steps. */
export class Pace {
  readonly #signal: AbortSignal | undefined;
  #since = performance.now();

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /**
   * Called between steps: lets others run when it is time.
   * @throws what the signal was aborted for
   */
  step(): Promise<void> | undefined {
    this.#signal?.throwIfAborted();
    return performance.now() - this.#since < STRETCH_MS ? undefined : this.#rest();
  }

  async #rest(): Promise<void> {
    await nextTurn();
    this.#since = performance.now();
    this.#signal?.throwIfAborted();
  }
}

/** Resolves after the messages that wait; timers would wait for milliseconds of their own. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
