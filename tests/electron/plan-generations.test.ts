import { describe, expect, it } from 'vitest';
import { afterPage, beginRun, OVERLAP_MS, type Run, type Step } from '../../electron/sync/plan.ts';
import { type Checkpoint, NO_CHECKPOINT } from '../../shared/sync.ts';
import { DAY_MS } from '../../shared/time.ts';

const NOW = Date.UTC(2026, 7, 1, 12);
const MINUTE = 60_000;

/** Generations that were made so many minutes before `NOW`. */
const page = (...minutesAgo: number[]) =>
  minutesAgo.map((ago) => ({ id: `gen-${ago}`, created_at: new Date(NOW - ago * MINUTE).toISOString() }));

const isNext = (step: Step): Run => {
  if (step.kind !== 'next') throw new Error(`${step.kind} where the next page was expected`);
  return step.run;
};

const complete = (minutesAgo: number): Checkpoint => ({
  ...NO_CHECKPOINT,
  completeThrough: NOW - minutesAgo * MINUTE,
  completedAt: NOW - minutesAgo * MINUTE,
});

describe('the first pull', () => {
  it('goes down page by page, by as many as the server gives', () => {
    const first = isNext(afterPage(beginRun(NO_CHECKPOINT), page(1, 2, 3), NOW));
    expect(first.offset).toBe(3);
    expect(first.checkpoint).toEqual({
      ...NO_CHECKPOINT,
      run: { offset: 3, newest: NOW - MINUTE, oldest: NOW - 3 * MINUTE },
    });
    const second = isNext(afterPage(first, page(4, 5), NOW));
    expect(second.offset).toBe(5);
    expect(second.checkpoint.run).toEqual({ offset: 5, newest: NOW - MINUTE, oldest: NOW - 5 * MINUTE });
  });

  it('ends at an empty page, not at a short one', () => {
    let run = isNext(afterPage(beginRun(NO_CHECKPOINT), page(1, 2, 3), NOW));
    run = isNext(afterPage(run, page(4), NOW));
    expect(afterPage(run, [], NOW)).toEqual({
      kind: 'end',
      checkpoint: { version: 1, completeThrough: NOW - MINUTE, completedAt: NOW, run: null },
      again: false,
    });
  });

  it('of an account without generations is complete without a time', () => {
    expect(afterPage(beginRun(NO_CHECKPOINT), [], NOW)).toMatchObject({
      kind: 'end',
      checkpoint: { completeThrough: null, completedAt: NOW, run: null },
    });
  });

  it('does not stop at old times, however old', () => {
    expect(afterPage(beginRun(NO_CHECKPOINT), page(1, 9_999_999), NOW).kind).toBe('next');
  });
});

describe('a later pull', () => {
  const overlap = OVERLAP_MS / MINUTE;

  it('ends at a page that goes back further than the overlap', () => {
    const step = afterPage(beginRun(complete(100)), page(5, 50, 101 + overlap), NOW);
    expect(step).toEqual({
      kind: 'end',
      checkpoint: { version: 1, completeThrough: NOW - 5 * MINUTE, completedAt: NOW, run: null },
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

  it('keeps what was complete when there is nothing new', () => {
    const before = complete(100);
    expect(afterPage(beginRun(before), page(500), NOW)).toMatchObject({
      checkpoint: { completeThrough: before.completeThrough, completedAt: NOW },
    });
  });

  it('is not misled by a time in the future', () => {
    const future = { id: 'gen-future', created_at: new Date(NOW + 365 * DAY_MS).toISOString() };
    const run = isNext(afterPage(beginRun(NO_CHECKPOINT), [future, ...page(1)], NOW));
    expect(afterPage(run, [], NOW)).toMatchObject({ checkpoint: { completeThrough: NOW - MINUTE } });
  });
});

describe('a stopped pull', () => {
  const stopped: Checkpoint = {
    ...complete(1000),
    run: { offset: 40, newest: NOW - 30 * MINUTE, oldest: NOW - 90 * MINUTE },
  };

  it('goes on at its offset, and asks for a second run for what arrived since', () => {
    const run = beginRun(stopped);
    expect(run.offset).toBe(40);
    const step = afterPage(run, page(60, 5000), NOW);
    expect(step).toEqual({
      kind: 'end',
      checkpoint: { version: 1, completeThrough: NOW - 30 * MINUTE, completedAt: NOW, run: null },
      again: true,
    });
    if (step.kind === 'end') expect(beginRun(step.checkpoint)).toMatchObject({ offset: 0, resumed: false });
  });

  it('claims nothing before its end', () => {
    const run = isNext(afterPage(beginRun(stopped), page(90, 95), NOW));
    expect(run.checkpoint).toMatchObject({
      completeThrough: stopped.completeThrough,
      run: { offset: 42, newest: NOW - 30 * MINUTE, oldest: NOW - 95 * MINUTE },
    });
  });

  it('that had no page yet begins as if it were new', () => {
    const fresh = { ...NO_CHECKPOINT, run: { offset: 0, newest: null, oldest: null } };
    expect(beginRun(fresh)).toMatchObject({ offset: 0, resumed: false });
  });
});

describe('a server that gives the same page for every offset', () => {
  it('is found out, and its offsets are not kept', () => {
    let run = isNext(afterPage(beginRun(NO_CHECKPOINT), page(1, 2, 3), NOW));
    run = isNext(afterPage(run, page(1, 2, 3), NOW));
    expect(run.offset).toBe(6);
    expect(run.checkpoint.run?.offset).toBe(3);
    run = isNext(afterPage(run, page(1, 2, 3), NOW));
    expect(run.checkpoint.run?.offset).toBe(3);
    expect(afterPage(run, page(1, 2, 3), NOW)).toEqual({
      kind: 'repeats',
      checkpoint: { ...NO_CHECKPOINT, run: null },
    });
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

  it('is not confused with a page of arrivals that pushed the list down once', () => {
    let run = isNext(afterPage(beginRun(NO_CHECKPOINT), page(5, 6, 7), NOW));
    run = isNext(afterPage(run, page(5, 6, 7), NOW));
    run = isNext(afterPage(run, page(7, 8, 9), NOW));
    expect(run.repeats).toBe(0);
    expect(run.checkpoint.run?.offset).toBe(9);
  });

  it('is not confused with pages that overlap', () => {
    let run = isNext(afterPage(beginRun(NO_CHECKPOINT), page(1, 2, 3, 4), NOW));
    for (const at of [4, 7, 10, 13, 16]) run = isNext(afterPage(run, page(at, at + 1, at + 2, at + 3), NOW));
    expect(run.repeats).toBe(0);
  });
});
