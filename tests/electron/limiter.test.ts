import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiFailure } from '../../electron/openrouter/failures.ts';
import { createLimiter, type LimitedOptions } from '../../electron/openrouter/limiter.ts';
import { withRetry } from '../../electron/openrouter/retry.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const MINUTE = 60_000;
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const quietly = (signal = new AbortController().signal): LimitedOptions => ({ signal, onWait: () => {} });
const limited = (afterMs: number | null) =>
  new ApiFailure({ code: 'rate-limited', title: '', meaning: '', action: '' }, { afterMs }, 429);

/** The most in any minute that ends with one of them. */
function mostInAMinute(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  let from = 0;
  let most = 0;
  sorted.forEach((time, i) => {
    while ((sorted[from] as number) < time - MINUTE) from++;
    most = Math.max(most, i - from + 1);
  });
  return most;
}

describe('the limiter', () => {
  it('never lets the server count more than 64 in any minute, and uses nine tenths of that', async () => {
    const way = fc.integer({ min: 0, max: 1500 });
    await fc.assert(
      fc.asyncProperty(
        // How long each request is on its way there and back, ms: the server counts it in between.
        fc.array(fc.tuple(way, way), { minLength: 230, maxLength: 260 }),
        fc.integer({ min: 2, max: 12 }),
        async (ways, workers) => {
          const began = performance.now();
          const limiter = createLimiter();
          const counted: number[] = [];
          const waiting = [...ways];
          const work = async () => {
            for (let next = waiting.shift(); next; next = waiting.shift()) {
              const [there, back] = next;
              await limiter.run(async () => {
                await pause(there);
                counted.push(performance.now() - began);
                await pause(back);
              }, quietly());
            }
          };
          const done = Promise.all(Array.from({ length: workers }, work));
          await vi.advanceTimersByTimeAsync(10 * MINUTE);
          await done;
          expect(counted).toHaveLength(ways.length);
          expect(mostInAMinute(counted)).toBeLessThanOrEqual(64);
          // Two workers alone may be too slow to use it all.
          if (workers < 4) return;
          const minutes = Math.floor(Math.max(...counted) / MINUTE);
          const inThem = counted.filter((at) => at < minutes * MINUTE).length;
          expect(inThem).toBeGreaterThanOrEqual(0.9 * 64 * minutes);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('counts requests that hang as long as they do', async () => {
    const limiter = createLimiter();
    let sent = 0;
    let answer = () => {};
    const hanging = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const send = () => {
      sent++;
      return hanging;
    };
    const all = Array.from({ length: 65 }, () => limiter.run(send, quietly()));
    await vi.advanceTimersByTimeAsync(5 * MINUTE);
    expect(sent).toBe(64);
    answer();
    await vi.advanceTimersByTimeAsync(MINUTE + 200);
    await Promise.all(all);
    expect(sent).toBe(65);
  });

  it('keeps still for all as long as the server asks for, and says so', async () => {
    const limiter = createLimiter();
    const waits: number[] = [];
    await expect(limiter.run(() => Promise.reject(limited(30_000)), quietly())).rejects.toThrow();
    const began = performance.now();
    const next = limiter.run(async () => performance.now() - began, {
      ...quietly(),
      onWait: ({ until, error }) => {
        waits.push(until - Date.now());
        expect(error).toMatchObject({ code: 'rate-limited', title: expect.stringMatching(/64 .* a minute/) });
      },
    });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await next).toBe(30_000);
    expect(waits).toEqual([30_000]);
  });

  it('lets whoever waits in line be stopped at once, and nobody lose a place by it', async () => {
    const limiter = createLimiter();
    await Promise.all(Array.from({ length: 64 }, () => limiter.run(async () => {}, quietly())));
    const abort = new AbortController();
    const stopped = [1, 2].map(() => limiter.run(async () => 'sent', quietly(abort.signal)));
    const patient = limiter.run(async () => 'sent', quietly());
    abort.abort();
    for (const one of stopped) await expect(one).rejects.toMatchObject({ error: { code: 'stopped' } });
    await vi.advanceTimersByTimeAsync(MINUTE + 200);
    expect(await patient).toBe('sent');
  });
});

describe('trying again', () => {
  const failure = (afterMs: number | null) =>
    new ApiFailure({ code: 'server-error', title: '', meaning: '', action: '' }, { afterMs });

  it.each([
    ['as long as the server says', [2000, 7], 2007],
    ['an hour at most', [86_400_000], 3_600_000],
    ['ever longer where it says nothing', [null, null, null, null], 1000 + 2000 + 4000 + 8000],
    ['a minute at most then', Array(9).fill(null), 1000 * (1 + 2 + 4 + 8 + 16 + 32 + 60 + 60 + 60)],
  ])('%s', async (_what, pauses, whole) => {
    const left = [...pauses];
    const began = performance.now();
    const waits: number[] = [];
    const done = withRetry(
      async () => {
        const next = left.shift();
        if (next !== undefined) throw failure(next);
        return performance.now() - began;
      },
      {
        signal: new AbortController().signal,
        onWait: ({ until }) => waits.push(until - Date.now()),
        tries: 20,
        random: () => 1,
      },
    );
    await vi.advanceTimersByTimeAsync(10_000_000);
    expect(await done).toBe(whole);
    expect(waits).toHaveLength(pauses.length);
  });

  it('never at the same moment as everybody else', async () => {
    const waits: number[] = [];
    for (const random of [0, 0.5, 1]) {
      let failed = false;
      const done = withRetry(
        async () => {
          if (failed) return;
          failed = true;
          throw failure(null);
        },
        {
          signal: new AbortController().signal,
          onWait: ({ until }) => waits.push(until - Date.now()),
          random: () => random,
        },
      );
      await vi.advanceTimersByTimeAsync(1000);
      await done;
    }
    expect(waits).toEqual([500, 750, 1000]);
  });
});
