/** Questions that are given up, and what is shared between those who ask. */
import { describe, expect, test } from 'vitest';
import { Questions } from '../../../renderer/store/query/questions.ts';
import type { Snapshot } from '../../../renderer/store/query/snapshot.ts';
import { Recent } from '../../../renderer/store/recent.ts';
import type { GroupQuery } from '../../../shared/query.ts';
import { MemoryEngine } from './memory.ts';

const QUERY = {
  filter: [],
  by: ['user'],
  aggregates: { requests: { fn: 'count' } },
  sort: { by: 'requests', descending: true },
  offset: 0,
  limit: 10,
} as const satisfies GroupQuery;
const OTHER = { ...QUERY, by: ['model_permaslug'] } as const satisfies GroupQuery;

/** A store whose disk answers only when it is let. */
function slowStore() {
  const engine = new MemoryEngine();
  engine.ingest({
    rows: 3,
    columns: {
      generation_id: ['gen-1767225601-a', 'gen-1767225602-b', 'gen-1767225603-c'],
      user: ['one', 'one', 'two'],
    },
  });
  const reads: (() => void)[] = [];
  let loads = 0;
  const snapshot: Snapshot = {
    ...engine.snapshot,
    load: async (segments, keys) => {
      loads++;
      await new Promise<void>((resolve) => reads.push(resolve));
      await engine.snapshot.load(segments, keys);
    },
  };
  return {
    questions: new Questions(() => snapshot),
    loads: () => loads,
    /** Lets everything through that waits, and whatever comes. */
    async release<T>(until: Promise<T>): Promise<T> {
      let done = false;
      void until
        .catch(() => undefined)
        .finally(() => {
          done = true;
        });
      while (!done) {
        for (const read of reads.splice(0)) read();
        // Also messages get through between two reads.
        await new Promise((resolve) => setImmediate(resolve));
      }
      return until;
    },
  };
}

const STOPPED = { error: { code: 'stopped', title: 'The question was given up.' } };

describe('a view', () => {
  test('that asks again gives up what it asked before', async () => {
    const store = slowStore();
    const first = store.questions.group(QUERY, 'users');
    const second = store.questions.group(OTHER, 'users');
    await expect(first).rejects.toMatchObject(STOPPED);
    expect((await store.release(second)).totals.requests.value).toBe(3);
  });

  test('can give up; the others go on', async () => {
    const store = slowStore();
    const mine = store.questions.rows(
      { filter: [], columns: ['user'], sort: { by: 'user', descending: false }, offset: 0, limit: 5 },
      'mine',
    );
    const theirs = store.questions.group(QUERY, 'theirs');
    store.questions.cancel('mine');
    await expect(mine).rejects.toMatchObject(STOPPED);
    expect((await store.release(theirs)).groups.map(({ keys }) => keys)).toEqual([['one'], ['two']]);
  });

  test('that gives up does not disturb another that asked the same', async () => {
    const store = slowStore();
    const mine = store.questions.group(QUERY, 'mine');
    const theirs = store.questions.group(QUERY, 'theirs');
    store.questions.cancel('mine');
    await expect(mine).rejects.toMatchObject(STOPPED);
    expect((await store.release(theirs)).count).toBe(2);
  });

  test('that asks the same again after all have left gets its answer', async () => {
    const store = slowStore();
    const first = store.questions.group(QUERY, 'mine');
    store.questions.cancel('mine');
    await expect(first).rejects.toMatchObject(STOPPED);
    expect((await store.release(store.questions.group(QUERY, 'mine'))).count).toBe(2);
  });

  test('reads nothing more once all who asked have left', async () => {
    const store = slowStore();
    const first = store.questions.group(QUERY, 'mine');
    store.questions.cancel('mine');
    await expect(first).rejects.toMatchObject(STOPPED);
    const before = store.loads();
    await store.release(store.questions.group({ ...OTHER, limit: 0 }, 'other'));
    const alone = slowStore();
    await alone.release(alone.questions.group({ ...OTHER, limit: 0 }, 'other'));
    expect(store.loads() - before).toBe(alone.loads());
  });
});

describe('what is kept', () => {
  test('is made once for all who ask, and anew after a failure', async () => {
    const recent = new Recent<number>(2);
    let made = 0;
    const make = async () => ++made;
    expect(await Promise.all([recent.get('a', make), recent.get('a', make)])).toEqual([1, 1]);
    await expect(recent.get('b', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await recent.get('b', make)).toBe(2);
    expect(await recent.get('c', make)).toBe(3);
    expect(await recent.get('a', make)).toBe(4);
  });

  test('is stopped only when the last asker has left', async () => {
    const recent = new Recent<number>(2);
    const [first, second] = [new AbortController(), new AbortController()];
    let stopped: unknown;
    const make = (signal: AbortSignal) =>
      new Promise<number>((_, reject) => {
        signal.addEventListener('abort', () => {
          stopped = signal.reason;
          reject(signal.reason);
        });
      });
    const answers = [recent.get('a', make, first.signal), recent.get('a', make, second.signal)];
    const settled = Promise.allSettled(answers);
    first.abort('first');
    expect(stopped).toBeUndefined();
    second.abort('second');
    expect(stopped).toBe('second');
    expect(await settled).toEqual([
      { status: 'rejected', reason: 'first' },
      { status: 'rejected', reason: 'second' },
    ]);
  });
});
