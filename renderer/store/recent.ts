/**
 * Keeps the most recent results of something dear, by name; whoever asks while one is made waits for the same. One
 * asker who leaves does not disturb the others; when all have left, the making is stopped.
 */
export class Recent<T> {
  readonly #most: number;
  readonly #kept = new Map<string, Making<T>>();

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * @param signal by which this asker leaves; what it is aborted for is what the answer fails with
   */
  get(name: string, make: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const making = this.#kept.get(name) ?? this.#begin(name, make);
    this.#kept.delete(name);
    this.#kept.set(name, making);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#most) break;
      this.#kept.delete(oldest);
    }
    making.askers++;
    if (!signal) return making.result;
    return new Promise((resolve, reject) => {
      const leave = () => {
        reject(signal.reason);
        if (--making.askers > 0 || making.finished) return;
        this.#forget(name, making);
        making.controller.abort(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      making.result.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }

  #begin(name: string, make: (signal: AbortSignal) => Promise<T>): Making<T> {
    const controller = new AbortController();
    const making: Making<T> = { result: make(controller.signal), controller, askers: 0, finished: false };
    making.result.then(
      () => {
        making.finished = true;
      },
      // A failure is not kept: the next one to ask tries again.
      () => this.#forget(name, making),
    );
    return making;
  }

  #forget(name: string, making: Making<T>): void {
    if (this.#kept.get(name) === making) this.#kept.delete(name);
  }
}

interface Making<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  askers: number;
  finished: boolean;
}
