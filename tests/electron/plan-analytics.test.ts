import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterWindow,
  BEGINNING,
  beginRun,
  canHalve,
  LONGEST_MS,
  nextWindow,
  type Outcome,
  type Run,
} from '../../electron/sync/plan-analytics.ts';
import { addSpan, joinSpans, lengthOf, removeSpan } from '../../shared/spans.ts';
import { type Checkpoint, checkpointSchema, LATE_MS, NO_CHECKPOINT, type Span } from '../../shared/sync.ts';
import { DAY_MS } from '../../shared/time.ts';

const NOW = Date.UTC(2026, 7, 1, 12);
const HOUR = 3_600_000;

describe('spans', () => {
  const span = fc
    .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 }))
    .map(([from, length]): Span => ({ from, to: from + length }));
  const within = (spans: readonly Span[], at: number) => spans.some(({ from, to }) => from <= at && at < to);
  const isTidy = (spans: readonly Span[]) =>
    spans.every(({ from, to }, i) => from < to && (i === 0 || (spans[i - 1] as Span).to < from));

  it('hold what was added and not what was removed', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), span), { maxLength: 12 }), (changes) => {
        let spans: Span[] = [];
        const truth = new Set<number>();
        for (const [isAdded, change] of changes) {
          spans = isAdded ? addSpan(spans, change) : removeSpan(spans, change);
          for (let at = change.from; at < change.to; at++) {
            if (isAdded) truth.add(at);
            else truth.delete(at);
          }
          expect(isTidy(spans)).toBe(true);
        }
        for (let at = 0; at < 90; at++) expect(within(spans, at)).toBe(truth.has(at));
        expect(lengthOf(spans)).toBe(truth.size);
      }),
    );
  });
});

const whole = (rows: number): Outcome => ({ kind: 'whole', rows });
const window = (run: Run): Span => nextWindow(run) as Span;
const step = (run: Run, outcome: Outcome): Run => afterWindow(run, window(run), outcome) as Run;

describe('the windows', () => {
  it('begin with the last day, and grow while there is little in them', () => {
    let run = beginRun(NO_CHECKPOINT, NOW + 789);
    const lengths: number[] = [];
    for (let i = 0; i < 7; i++) {
      const { from, to } = window(run);
      if (i === 0) expect(to).toBe(NOW);
      lengths.push((to - from) / DAY_MS);
      run = step(run, whole(10));
    }
    expect(lengths).toEqual([1, 2, 4, 8, 16, 31, 31]);
  });

  it('keep their length while there is enough in them, and are halved when there is too much', () => {
    let run = step(beginRun(NO_CHECKPOINT, NOW), whole(5000));
    expect(lengthOf([window(run)])).toBe(DAY_MS);
    run = step(run, { kind: 'truncated' });
    expect(lengthOf([window(run)])).toBe(DAY_MS / 2);
    run = step(run, { kind: 'too-heavy' });
    expect(lengthOf([window(run)])).toBe(DAY_MS / 4);
  });

  it('of a later pull are what is new, the overlap, and the holes', () => {
    const covered = [
      { from: BEGINNING, to: NOW - 10 * DAY_MS },
      { from: NOW - 5 * DAY_MS, to: NOW - HOUR },
    ];
    expect(beginRun({ ...NO_CHECKPOINT, covered }, NOW).left).toEqual([
      { from: NOW - 10 * DAY_MS - LATE_MS, to: NOW - 5 * DAY_MS },
      { from: NOW - HOUR - LATE_MS, to: NOW },
    ]);
    expect(beginRun({ ...NO_CHECKPOINT, covered, floor: NOW - 7 * DAY_MS + 1 }, NOW).left[0]).toEqual({
      from: NOW - 7 * DAY_MS,
      to: NOW - 5 * DAY_MS,
    });
  });

  it('of a fill are exactly what was asked for, up to now', () => {
    const fill = [
      { from: NOW - HOUR, to: NOW + HOUR },
      { from: NOW - 3 * DAY_MS + 1, to: NOW - 2 * DAY_MS + 1 },
    ];
    const covered = [{ from: BEGINNING, to: NOW }];
    expect(beginRun({ ...NO_CHECKPOINT, covered }, NOW, fill).left).toEqual([
      { from: NOW - 3 * DAY_MS, to: NOW - 2 * DAY_MS + 1000 },
      { from: NOW - HOUR, to: NOW },
    ]);
  });

  it('are refused in the present: nobody goes on', () => {
    let run: Run | undefined = beginRun(NO_CHECKPOINT, NOW);
    for (let i = 0; run; i++) {
      expect(i).toBeLessThan(12);
      run = afterWindow(run, window(run), { kind: 'refused' });
    }
  });
});

describe('whatever the server does', () => {
  /** A server with so many generations a second here and there, some bounds, and a process that is killed. */
  const world = fc.record({
    ageDays: fc.option(fc.integer({ min: 2, max: 90 }), { nil: null }),
    densest: fc.integer({ min: 1, max: 30_000 }),
    heavyHours: fc.option(fc.integer({ min: 4, max: 600 }), { nil: null }),
    kills: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 6 }),
    hoursApart: fc.integer({ min: 0, max: 100 }),
    days: fc.integer({ min: 1, max: 60 }),
  });

  it('every second that it gives is pulled whole, or told as a gap', () => {
    fc.assert(
      fc.property(world, ({ ageDays, densest, heavyHours, kills, hoursApart, days }) => {
        let now = NOW;
        let checkpoint: Checkpoint = { ...NO_CHECKPOINT, floor: NOW - days * DAY_MS };
        const kept: Span[] = [];
        const gaps: Span[] = [];
        /** One second of the whole time holds `densest`, all others nothing. */
        const dense = NOW - 36 * HOUR - 17_000;

        const answer = ({ from, to }: Span): Outcome => {
          const isFine = from % 1000 === 0 && to % 1000 === 0 && from < to && to <= now;
          if (!isFine || to - from > LONGEST_MS) throw new Error(`asked for ${from} to ${to}`);
          if (ageDays !== null && from < now - ageDays * DAY_MS) return { kind: 'refused' };
          if (heavyHours !== null && to - from > heavyHours * HOUR) return { kind: 'too-heavy' };
          const rows = from <= dense && dense < to ? densest : 0;
          return rows > 10_000 ? { kind: 'truncated' } : { kind: 'whole', rows };
        };

        for (const steps of [...kills, Number.POSITIVE_INFINITY]) {
          let run = beginRun(checkpoint, now);
          for (let i = 0; i < steps; i++) {
            const asked = nextWindow(run);
            if (!asked) {
              if (!run.resumed) break;
              run = beginRun({ ...run.checkpoint, run: null }, now);
              continue;
            }
            if (i > 5000) throw new Error('it does not end');
            const outcome = answer(asked);
            if (outcome.kind === 'whole') kept.push(asked);
            else if (outcome.kind === 'truncated' && !canHalve(asked)) gaps.push(asked);
            const next = afterWindow(run, asked, outcome);
            if (!next) throw new Error('it gave up');
            run = next;
            checkpoint = run.checkpoint;
          }
          checkpointSchema.parse(checkpoint);
          if (steps === Number.POSITIVE_INFINITY) expect(checkpoint.run).toBeNull();
          else now += hoursApart * HOUR;
        }

        // Covered is what was kept, and nothing else.
        expect(checkpoint.covered).toEqual(joinSpans(kept));
        // Nothing is missing that the server gives but the gaps.
        const oldest = checkpoint.floor as number;
        const missing = [...kept, ...gaps].reduce<Span[]>(removeSpan, [{ from: oldest, to: now }]);
        expect(lengthOf(missing)).toBe(0);
        expect(gaps.every((gap) => gap.from === dense)).toBe(true);
        if (densest > 10_000 && dense >= oldest) expect(gaps.length).toBeGreaterThan(0);
        if (ageDays !== null && days > ageDays) {
          const bound = NOW - ageDays * DAY_MS;
          expect(oldest).toBeGreaterThanOrEqual(bound);
          expect(oldest).toBeLessThanOrEqual(now - ageDays * DAY_MS + 2 * HOUR);
        } else expect(oldest).toBeGreaterThanOrEqual(NOW - days * DAY_MS);
      }),
      { numRuns: 200 },
    );
  });
});
