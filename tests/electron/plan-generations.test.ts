import { describe, expect, it } from 'vitest';
import {
  afterPage as after,
  beginRun,
  itemsToKeep,
  type Run,
  type Step,
} from '../../electron/sync/plan-generations.ts';
import { type Checkpoint, LATE_MS, NO_CHECKPOINT, type Span } from '../../shared/sync.ts';
import { DAY_MS } from '../../shared/time.ts';

const NOW = Date.UTC(2026, 7, 1, 12);
const MINUTE = 60_000;

/** Generations that were made so many minutes before `NOW`. */
const page = (...minutesAgo: number[]) =>
  minutesAgo.map((ago) => ({ id: `gen-${ago}`, created_at: new Date(NOW - ago * MINUTE).toISOString() }));

const afterPage = (run: Run, items: readonly unknown[], now: number): Step =>
  after(run, items, { asked: now, now });

/** Covered between so many minutes before `NOW`. */
const recent = (from: number, to: number): Span[] => [{ from: NOW - from * MINUTE, to: NOW - to * MINUTE }];

const isNext = (step: Step): Run => {
  if (step.kind !== 'next') throw new Error(`${step.kind} where the next page was expected`);
  return step.run;
};

const complete = (minutesAgo: number): Checkpoint => ({
  ...NO_CHECKPOINT,
  covered: [{ from: 0, to: NOW - minutesAgo * MINUTE }],
  floor: NOW - 1e9 * MINUTE,
});

/** What a run leaves that began now and has everything. */
const ALL: Checkpoint = { ...NO_CHECKPOINT, covered: [{ from: 0, to: NOW }], source: 'generations' };
const under = { source: 'generations', startedAt: NOW } as const;

describe('the first pull', () => {
  it('goes down page by page, by as many as the server gives', () => {
    const first = isNext(afterPage(beginRun(NO_CHECKPOINT), page(1, 2, 3), NOW));
    expect(first.offset).toBe(3);
    expect(first.checkpoint).toEqual({
      ...NO_CHECKPOINT,
      run: { ...under, offset: 3, newest: NOW - MINUTE, oldest: NOW - 3 * MINUTE },
    });
    const second = isNext(afterPage(first, page(4, 5), NOW));
    expect(second.offset).toBe(5);
    expect(second.checkpoint.run).toEqual({
      ...under,
      offset: 5,
      newest: NOW - MINUTE,
      oldest: NOW - 5 * MINUTE,
    });
  });

  it('ends at an empty page, not at a short one', () => {
    let run = isNext(afterPage(beginRun(NO_CHECKPOINT), page(1, 2, 3), NOW));
    run = isNext(afterPage(run, page(4), NOW));
    expect(afterPage(run, [], NOW)).toEqual({
      kind: 'end',
      checkpoint: { ...ALL, floor: NOW - 4 * MINUTE },
      again: false,
    });
  });

  it('of an account without generations is complete without a floor', () => {
    expect(afterPage(beginRun(NO_CHECKPOINT), [], NOW)).toEqual({
      kind: 'end',
      again: false,
      checkpoint: ALL,
    });
  });

  it('does not stop at old times, however old', () => {
    expect(afterPage(beginRun(NO_CHECKPOINT), page(1, 9_999_999), NOW).kind).toBe('next');
  });
});

describe('a later pull', () => {
  const overlap = LATE_MS / MINUTE;

  it('ends at a page that goes back further than the overlap', () => {
    const step = afterPage(beginRun(complete(100)), page(5, 50, 101 + overlap), NOW);
    expect(step).toEqual({
      kind: 'end',
      checkpoint: { ...ALL, floor: complete(100).floor },
      again: false,
    });
  });

  it('goes on within the overlap, where generations may have arrived late', () => {
    expect(afterPage(beginRun(complete(100)), page(5, 50, 100 + overlap), NOW).kind).toBe('next');
  });

  it.each([
    ['out of order', page(5, 500, 50)],
    ['oldest first', page(500, 50, 5)],
    ['with a time nobody can read', [...page(5), { id: 'gen-x', created_at: 'yesterday' }, ...page(500)]],
    ['with an item that is no object', [...page(5), null, ...page(500)]],
  ])('goes to the end when a page is %s', (_what, items) => {
    expect(afterPage(beginRun(complete(100)), items, NOW).kind).toBe('next');
  });

  it('goes all the way back to the oldest hole', () => {
    const holed = { ...complete(100_000), covered: [...complete(100_000).covered, ...recent(1000, 100)] };
    const run = isNext(afterPage(beginRun(holed), page(5, 50, 99_999), NOW));
    expect(afterPage(run, page(100_001 + overlap), NOW)).toMatchObject({
      kind: 'end',
      checkpoint: { covered: ALL.covered },
    });
  });

  it('goes to the end of the list where the beginning of time is missing', () => {
    const recently = { ...NO_CHECKPOINT, covered: recent(100_000, 100), floor: NOW - 100_000 * MINUTE };
    expect(afterPage(beginRun(recently), page(5, 9_999_999), NOW).kind).toBe('next');
  });

  it('goes as far as it is told to, whatever is covered', () => {
    const fill = [
      { from: NOW - 2000 * MINUTE, to: NOW - 1900 * MINUTE },
      { from: NOW - 5000 * MINUTE, to: NOW - 4000 * MINUTE },
    ];
    const run = isNext(afterPage(beginRun(complete(100), fill), page(5, 500, 3000), NOW));
    expect(afterPage(run, page(5001), NOW)).toMatchObject({
      kind: 'end',
      checkpoint: { covered: ALL.covered },
    });
  });

  it('is not misled by a time in the future', () => {
    const future = { id: 'gen-future', created_at: new Date(NOW + 365 * DAY_MS).toISOString() };
    const run = isNext(afterPage(beginRun(NO_CHECKPOINT), [future, ...page(1)], NOW));
    expect(run.checkpoint.run).toMatchObject({ newest: NOW - MINUTE });
  });
});

describe('a stopped pull', () => {
  const stopped: Checkpoint = {
    ...complete(1000),
    run: {
      source: 'generations',
      offset: 40,
      startedAt: NOW - 29 * MINUTE,
      newest: NOW - 30 * MINUTE,
      oldest: NOW - 90 * MINUTE,
    },
  };

  it('goes on at its offset, and asks for a second run for what arrived since', () => {
    const run = beginRun(stopped);
    expect(run.offset).toBe(40);
    const step = afterPage(run, page(60, 5000), NOW);
    expect(step).toEqual({
      kind: 'end',
      checkpoint: {
        ...ALL,
        covered: [{ from: 0, to: NOW - 29 * MINUTE }],
        floor: stopped.floor,
      },
      again: true,
    });
    if (step.kind === 'end') expect(beginRun(step.checkpoint)).toMatchObject({ offset: 0, resumed: false });
  });

  it('claims nothing before its end', () => {
    const run = isNext(afterPage(beginRun(stopped), page(90, 95), NOW));
    expect(run.checkpoint).toMatchObject({
      covered: stopped.covered,
      run: { offset: 42, startedAt: NOW - 29 * MINUTE, newest: NOW - 30 * MINUTE, oldest: NOW - 95 * MINUTE },
    });
  });

  it('that had no page yet begins as if it were new', () => {
    const fresh = { ...NO_CHECKPOINT, run: { ...under, offset: 0, newest: null, oldest: null } };
    expect(beginRun(fresh)).toMatchObject({ offset: 0, resumed: false });
  });
});

describe('a stopped pull through another source', () => {
  it('is none of this one', () => {
    const other = {
      ...complete(1000),
      run: { source: 'analytics', startedAt: NOW, left: recent(10, 5), windowMs: 1000 },
    } as const;
    expect(beginRun({ ...other, run: { ...other.run, left: [...other.run.left] } })).toMatchObject({
      offset: 0,
      resumed: false,
      checkpoint: { run: null },
    });
  });
});

describe('a server that gives the same page for every offset', () => {
  it('is asked again, found out, and its offsets are not kept', () => {
    let run = isNext(afterPage(beginRun(NO_CHECKPOINT), page(1, 2, 3), NOW));
    for (let again = 1; again < 3; again++) {
      run = isNext(afterPage(run, page(1, 2, 3), NOW));
      expect(run.offset).toBe(3);
      expect(run.checkpoint.run).toMatchObject({ offset: 3 });
    }
    expect(afterPage(run, page(1, 2, 3), NOW)).toEqual({
      kind: 'repeats',
      checkpoint: { ...NO_CHECKPOINT, run: null },
    });
  });

  it('once is believed the next time', () => {
    let run = isNext(afterPage(beginRun(NO_CHECKPOINT), page(1, 2, 3), NOW));
    run = isNext(afterPage(run, page(1, 2, 3), NOW));
    run = isNext(afterPage(run, page(4, 5, 6), NOW));
    expect(run).toMatchObject({ repeats: 0, offset: 6, checkpoint: { run: { offset: 6 } } });
  });

  it('is found out while new generations arrive', () => {
    let run = isNext(afterPage(beginRun(NO_CHECKPOINT), page(5, 6, 7), NOW));
    run = isNext(afterPage(run, page(4, 5, 6), NOW));
    run = isNext(afterPage(run, page(3, 4, 5), NOW));
    expect(afterPage(run, page(2, 3, 4), NOW).kind).toBe('repeats');
  });

  it('is found out by items without ids', () => {
    let run = isNext(afterPage(beginRun(NO_CHECKPOINT), [null], NOW));
    run = isNext(afterPage(run, [null], NOW));
    run = isNext(afterPage(run, [null], NOW));
    expect(afterPage(run, [null], NOW).kind).toBe('repeats');
  });

  it('is not confused with pages that overlap', () => {
    let run = isNext(afterPage(beginRun(NO_CHECKPOINT), page(1, 2, 3, 4), NOW));
    for (const at of [4, 7, 10, 13, 16]) run = isNext(afterPage(run, page(at, at + 1, at + 2, at + 3), NOW));
    expect(run.repeats).toBe(0);
  });
});

describe('what was deleted because it is old', () => {
  const kept: Checkpoint = {
    ...NO_CHECKPOINT,
    covered: recent(100, 5),
    keepFrom: NOW - 100 * MINUTE,
  };

  it('does not make a pull go back to the beginning of time', () => {
    expect(beginRun(kept).target).toBe(NOW - 5 * MINUTE - LATE_MS);
    expect(beginRun({ ...kept, covered: [] }).target).toBe(kept.keepFrom);
    expect(beginRun(kept, recent(500, 50)).target).toBe(kept.keepFrom);
  });

  it('is not taken from a page that reaches back to it', () => {
    const items = page(99, 100, 101);
    expect(itemsToKeep(items, kept)).toEqual(items.slice(0, 2));
    expect(itemsToKeep(items, NO_CHECKPOINT)).toBe(items);
    expect(itemsToKeep([{ id: 'gen-1' }], kept)).toHaveLength(1);
  });
});
