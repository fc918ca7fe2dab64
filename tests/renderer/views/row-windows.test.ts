import { describe, expect, it } from 'vitest';
import { RowWindows, WINDOW_ROWS, type WindowAnswer } from '../../../renderer/hooks/row-windows.ts';

type Fetch = (query: string, offset: number, limit: number) => Promise<WindowAnswer<string, string>>;

/** A list of `count` rows named after the query that asked; answers come when they are let go. */
function list(count: number) {
  const asked: { query: string; offset: number; answer: () => void; fail: () => void }[] = [];
  const fetch: Fetch = (query, offset, limit) =>
    new Promise((resolve, reject) => {
      const rows = Array.from({ length: Math.min(limit, count - offset) }, (_, i) => `${query}${offset + i}`);
      asked.push({
        query,
        offset,
        answer: () => resolve({ rows, count, head: query }),
        fail: () => reject(new Error('broken')),
      });
    });
  let cancelled = 0;
  const windows = new RowWindows(fetch, () => cancelled++);
  const letGo = async (outcome: 'answer' | 'fail' = 'answer') => {
    asked.shift()?.[outcome]();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { windows, asked, letGo, cancelled: () => cancelled };
}

describe('RowWindows', () => {
  it('asks for the windows that are visible, one at a time, and no others', async () => {
    const { windows, asked, letGo } = list(1_000_000);
    windows.show(WINDOW_ROWS * 10 - 3, WINDOW_ROWS * 10 + 3);
    windows.ask('a');
    expect(asked.map(({ offset }) => offset)).toEqual([WINDOW_ROWS * 9]);
    await letGo();
    expect(asked.map(({ offset }) => offset)).toEqual([WINDOW_ROWS * 10]);
    await letGo();
    expect(asked).toEqual([]);
    expect(windows.view().count).toBe(1_000_000);
    expect(windows.view().row(WINDOW_ROWS * 10)).toBe(`a${WINDOW_ROWS * 10}`);
    expect(windows.view().row(0)).toBeUndefined();
  });

  it('after a long scroll asks for what is visible then, not for all that passed by', async () => {
    const { windows, asked, letGo } = list(1_000_000);
    windows.ask('a');
    for (let row = 0; row <= 900_000; row += 1000) windows.show(row, row + 20);
    await letGo();
    expect(asked.map(({ offset }) => offset)).toEqual([Math.floor(900_000 / WINDOW_ROWS) * WINDOW_ROWS]);
  });

  it('cancels what is under way for something else, but not for the same on newer data', async () => {
    const { windows, asked, letGo, cancelled } = list(10);
    windows.ask('a');
    windows.ask('a');
    expect(cancelled()).toBe(0);
    await letGo();
    expect(windows.view()).toMatchObject({ head: 'a', stale: true });
    expect(asked).toHaveLength(1);
    windows.ask('b');
    expect(cancelled()).toBe(1);
    await letGo('fail');
    expect(windows.view()).toMatchObject({ head: 'a', stale: true, error: null });
    await letGo();
    expect(windows.view()).toMatchObject({ head: 'b', stale: false });
  });

  it('keeps the rows of the last query until the next one has answered', async () => {
    const { windows, letGo } = list(10);
    windows.ask('a');
    await letGo();
    windows.ask('b');
    expect(windows.view()).toMatchObject({ head: 'a', stale: true });
    expect(windows.view().row(3)).toBe('a3');
    await letGo();
    expect(windows.view()).toMatchObject({ head: 'b', stale: false });
    expect(windows.view().row(3)).toBe('b3');
  });

  it('drops the answer to a query that was replaced meanwhile', async () => {
    const { windows, asked, letGo } = list(10);
    windows.ask('a');
    windows.ask('b');
    windows.ask('c');
    await letGo();
    expect(windows.view().head).toBeNull();
    expect(asked.map(({ query }) => query)).toEqual(['c']);
    await letGo();
    expect(windows.view().head).toBe('c');
  });

  it('says what failed, keeps what it had, and tries again when asked', async () => {
    const { windows, letGo } = list(10);
    windows.ask('a');
    await letGo();
    windows.ask('b');
    await letGo('fail');
    expect(windows.view().error?.code).toBe('internal');
    expect(windows.view().row(3)).toBe('a3');
    windows.ask('b');
    await letGo();
    expect(windows.view().error).toBeNull();
    expect(windows.view().row(3)).toBe('b3');
  });

  it('asks again from the end when the list has become shorter than what is shown', async () => {
    const { windows, letGo } = list(10);
    windows.show(5000, 5020);
    windows.ask('a');
    await letGo();
    await letGo();
    expect(windows.view().row(9)).toBe('a9');
  });

  it('does not hold a list whole', async () => {
    const { windows, letGo } = list(WINDOW_ROWS * 200);
    windows.ask('a');
    await letGo();
    for (let window = 0; window < 200; window++) {
      windows.show(window * WINDOW_ROWS, window * WINDOW_ROWS + 20);
      await letGo();
    }
    const held = Array.from({ length: 200 }, (_, window) => windows.view().row(window * WINDOW_ROWS));
    expect(held.filter((row) => row !== undefined).length).toBeLessThan(60);
    expect(windows.view().row(199 * WINDOW_ROWS)).toBeDefined();
  });
});
