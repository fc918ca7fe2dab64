import { ApiError } from './errors.ts';

const WINDOW = 60_000;

/** At most `perMinute` requests in any 60 seconds of the server's clock (sliding window). */
export class RateLimit {
  readonly #now: () => number;
  #times: number[] = [];
  /** Can be changed while the server runs; Infinity switches the limit off. */
  perMinute: number;

  constructor(perMinute: number, now: () => number) {
    this.perMinute = perMinute;
    this.#now = now;
  }

  /** Requests that count against the limit now. */
  get used(): number {
    this.#forget();
    return this.#times.length;
  }

  /** Counts one request. Throws 429 with `Retry-After` (whole seconds) when the minute is full. */
  take(): void {
    this.#forget();
    const oldest = this.#times[0];
    if (oldest !== undefined && this.#times.length >= this.perMinute) {
      const seconds = Math.max(1, Math.ceil((oldest + WINDOW - this.#now()) / 1000));
      throw new ApiError(429, 'Rate limit exceeded', { 'Retry-After': String(seconds) });
    }
    this.#times.push(this.#now());
  }

  #forget(): void {
    const start = this.#now() - WINDOW;
    this.#times = this.#times.filter((time) => time > start);
  }
}
