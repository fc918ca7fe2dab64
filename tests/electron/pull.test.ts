import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiFailure, stopped } from '../../electron/openrouter/failures.ts';
import { fromGenerations, type Pages } from '../../electron/sync/from-generations.ts';
import { type PullOptions, type PullState, pull } from '../../electron/sync/pull.ts';
import { AppFailure, type ErrorCode } from '../../shared/errors.ts';
import { type Checkpoint, LATE_MS, NO_CHECKPOINT, NO_COUNTS } from '../../shared/sync.ts';
import { Account } from './account.ts';

/** A store that takes rows and checkpoint together, as the real one does. */
class Store {
  readonly ids = new Set<unknown>();
  checkpoint: Checkpoint = NO_CHECKPOINT;
  deliveries = 0;

  readonly deliver: PullOptions['deliver'] = async (batch, checkpoint) => {
    this.deliveries++;
    const before = this.ids.size;
    for (const id of batch.columns.generation_id ?? []) this.ids.add(id);
    this.checkpoint = checkpoint;
    const fresh = this.ids.size - before;
    return { ...NO_COUNTS, rows: batch.rows, new: fresh, known: batch.rows - fresh };
  };
}

interface RunOptions extends Partial<Omit<PullOptions, 'deliver'>> {
  readonly deliver: PullOptions['deliver'];
  readonly fetchPage: Pages['fetch'];
  readonly checkpoint?: Checkpoint;
  readonly now?: () => number;
}

async function run({
  fetchPage,
  checkpoint = NO_CHECKPOINT,
  now = Date.now,
  ...options
}: RunOptions): Promise<PullState[]> {
  const states: PullState[] = [];
  await pull({
    from: (around) => fromGenerations({ fetch: fetchPage, now: () => now() }, checkpoint, undefined, around),
    signal: new AbortController().signal,
    onState: (state) => states.push(state),
    retry: { firstPauseMs: 1 },
    ...options,
  });
  return states;
}

const last = (states: readonly PullState[]): PullState => states[states.length - 1] as PullState;

const failure = (code: ErrorCode, retry: ApiFailure['retry'] = null): ApiFailure =>
  new ApiFailure({ code, title: code, meaning: '', action: '' }, retry);

describe('a pull', () => {
  it('gets what is new even if the page where it stopped never comes', async () => {
    const account = new Account();
    account.arrive(Array(60).fill(0));
    const store = new Store();
    const broken: Pages['fetch'] = async (offset) => {
      if (offset >= 40) throw failure('bad-answer');
      return account.items.slice(offset, offset + 20);
    };
    expect(last(await run({ fetchPage: broken, deliver: store.deliver })).phase).toBe('failed');
    expect(store.ids.size).toBe(40);
    account.arrive(Array(10).fill(0));
    await run({ fetchPage: broken, deliver: store.deliver, checkpoint: store.checkpoint });
    expect(store.ids.size).toBe(50);
  });

  it('does not take a list that is empty for a moment for its end', async () => {
    const account = new Account();
    account.arrive(Array(60).fill(0));
    const store = new Store();
    let asked = 0;
    const fetchPage: Pages['fetch'] = async (offset) =>
      offset === 40 && ++asked === 1 ? [] : account.items.slice(offset, offset + 20);
    expect(last(await run({ fetchPage, deliver: store.deliver })).phase).toBe('done');
    expect(store.ids.size).toBe(60);
  });

  it('stores every generation and tells how far it is', async () => {
    const account = new Account();
    account.arrive(Array(25).fill(0));
    const store = new Store();
    const states = await run({
      fetchPage: async (offset) => account.page(offset, 10),
      deliver: store.deliver,
      now: () => account.now,
    });
    expect(store.ids.size).toBe(25);
    expect(last(states)).toMatchObject({
      phase: 'done',
      progress: {
        pages: 4,
        received: 25,
        new: 25,
        known: 0,
        newest: account.now,
        oldest: account.now - 24 * 60_000,
      },
    });
    expect(store.checkpoint).toEqual({
      ...NO_CHECKPOINT,
      covered: [{ from: 0, to: account.now }],
      floor: account.now - 24 * 60_000,
      completedAt: expect.any(Number),
      source: 'generations',
    });
  });

  it('asks again only for the recent past', async () => {
    const account = new Account();
    account.arrive(Array(500).fill(0));
    const store = new Store();
    const options = {
      fetchPage: async (o: number) => account.page(o, 50),
      deliver: store.deliver,
      now: () => account.now,
    };
    await run(options);
    account.arrive(Array(5).fill(0));
    const states = await run({ ...options, checkpoint: store.checkpoint });
    expect(store.ids.size).toBe(505);
    expect(last(states)).toMatchObject({ phase: 'done', progress: { pages: 2, new: 5 } });
  });

  it('fetches the next page while the store works', async () => {
    const account = new Account();
    account.arrive(Array(4).fill(0));
    const asked: number[] = [];
    const seen: number[][] = [];
    const store = new Store();
    await run({
      fetchPage: async (offset) => {
        asked.push(offset);
        return account.page(offset, 2);
      },
      deliver: async (...delivery) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        seen.push([...asked]);
        return store.deliver(...delivery);
      },
    });
    // Behind the last page there is nothing, which is asked twice.
    expect(seen.map((offsets) => [...new Set(offsets)])).toEqual([
      [0, 2],
      [0, 2, 4],
      [0, 2, 4],
    ]);
  });

  it('waits and goes on where the server asks for a pause', async () => {
    const account = new Account();
    account.arrive([0, 0]);
    const failures = [failure('rate-limited', { afterMs: 1 }), failure('server-error', { afterMs: null })];
    const states = await run({
      fetchPage: async (offset) => {
        const next = failures.shift();
        if (next) throw next;
        return account.page(offset, 10);
      },
      deliver: new Store().deliver,
    });
    const waits = states.flatMap((state) => (state.phase === 'waiting' ? [state.error.code] : []));
    expect(waits).toEqual(['rate-limited', 'server-error']);
    expect(last(states).phase).toBe('done');
  });

  it('gives up after a handful of tries, with the last error', async () => {
    let tries = 0;
    const states = await run({
      fetchPage: async () => {
        tries++;
        throw failure('server-error', { afterMs: 0 });
      },
      deliver: new Store().deliver,
    });
    expect(tries).toBe(6);
    expect(last(states)).toMatchObject({ phase: 'failed', error: { code: 'server-error' } });
  });

  it('does not try again what cannot become better', async () => {
    const states = await run({
      fetchPage: async () => {
        throw failure('key-refused');
      },
      deliver: new Store().deliver,
    });
    expect(states.map(({ phase }) => phase)).toEqual(['pulling', 'failed']);
  });

  it('stores the page before a failure, and goes on behind it', async () => {
    const account = new Account();
    account.arrive(Array(6).fill(0));
    const store = new Store();
    let broken = true;
    const fetchPage = async (offset: number) => {
      if (offset === 4 && broken) throw failure('bad-answer');
      return account.page(offset, 2);
    };
    expect(last(await run({ fetchPage, deliver: store.deliver }))).toMatchObject({ phase: 'failed' });
    expect(store.ids.size).toBe(4);
    expect(store.checkpoint.run).toMatchObject({ offset: 4 });
    broken = false;
    expect(last(await run({ fetchPage, deliver: store.deliver, checkpoint: store.checkpoint })).phase).toBe(
      'done',
    );
    expect(store.ids.size).toBe(6);
  });

  it('fails when the store cannot take a batch', async () => {
    const states = await run({
      fetchPage: async () => [{ id: 'gen-1' }],
      deliver: async () => {
        throw new AppFailure({ code: 'storage-full', title: '', meaning: '', action: '' });
      },
    });
    expect(last(states)).toMatchObject({ phase: 'failed', error: { code: 'storage-full' } });
  });

  it('does not run for ever when a server does not page', async () => {
    const account = new Account();
    account.arrive([0, 0, 0]);
    const store = new Store();
    const states = await run({ fetchPage: async () => account.page(0, 10), deliver: store.deliver });
    expect(last(states)).toMatchObject({ phase: 'failed', error: { code: 'bad-answer' } });
    expect(store.ids.size).toBe(3);
    expect(store.checkpoint.run).toBeNull();
  });

  it.each(['while it fetches', 'while it waits', 'while the store works'])(
    'stops at once %s',
    async (when) => {
      const abort = new AbortController();
      const never = (signal: AbortSignal) =>
        new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(stopped())));
      setTimeout(() => abort.abort(), 10);
      const states = await run({
        signal: abort.signal,
        fetchPage: async (_offset, signal) => {
          if (when === 'while it fetches') return never(signal);
          if (when === 'while it waits') throw failure('rate-limited', { afterMs: 60_000 });
          return [{ id: 'gen-1' }];
        },
        deliver: (_batch, _checkpoint, signal) => never(signal),
      });
      expect(last(states).phase).toBe('stopped');
    },
  );
});

describe('whatever happens on the way', () => {
  const lateness = fc.integer({ min: 0, max: 59 });
  const event = fc.record({
    /** Arrivals before this page is read, each so many minutes late. */
    arrivals: fc.array(lateness, { maxLength: 8 }),
    fate: fc.constantFrom('stored', 'stored', 'stored', 'stored', 'killed before', 'killed after'),
  });

  it('a pull that says it is done has everything that was there when it began', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(lateness, { maxLength: 40 }),
        fc.integer({ min: 3, max: 12 }),
        fc.array(event, { maxLength: 40 }),
        async (history, limit, events) => {
          const account = new Account();
          account.arrive(history);
          const store = new Store();
          const coming = [...events];
          // Each turn is a process: it begins with the stored checkpoint, and may be killed.
          for (let turn = 0, done = 0; done < 2 && turn < 60; turn++) {
            const abort = new AbortController();
            const before = account.items.map(({ id }) => id);
            const fates: string[] = [];
            const states = await run({
              checkpoint: store.checkpoint,
              signal: abort.signal,
              now: () => account.now,
              fetchPage: async (offset) => {
                const next = coming.shift();
                if (next) account.arrive(next.arrivals);
                fates.push(next?.fate ?? 'stored');
                return account.page(offset, limit);
              },
              deliver: async (batch, checkpoint, signal) => {
                const fate = fates.shift();
                if (fate === 'killed before') abort.abort();
                else await store.deliver(batch, checkpoint, signal);
                if (fate === 'killed after') abort.abort();
                signal.throwIfAborted();
                return { ...NO_COUNTS, rows: batch.rows };
              },
            });
            // What is called covered is there, but for what the overlap is for.
            for (const { from, to } of store.checkpoint.covered) {
              const settled = account.items.filter(({ created_at }) => {
                const time = Date.parse(created_at);
                return from <= time && time < to - LATE_MS;
              });
              expect(settled.filter(({ id }) => !store.ids.has(id))).toEqual([]);
            }
            if (last(states).phase !== 'done') continue;
            done++;
            expect(before.filter((id) => !store.ids.has(id))).toEqual([]);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
