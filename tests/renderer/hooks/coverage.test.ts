import { describe, expect, it } from 'vitest';
import {
  type CoverageFacts,
  type Coverer,
  completeness,
  coverageDay,
  daysOf,
  fillsFor,
  firstKnownDay,
  missingDays,
  pulledState,
  spansOf,
} from '../../../renderer/hooks/coverage.ts';
import { type Checkpoint, NO_CHECKPOINT, type Run, type Span } from '../../../shared/sync.ts';
import { DAY_MS } from '../../../shared/time.ts';

const HOUR = 3_600_000;
const day = (date: string) => Date.parse(`${date}T00:00:00Z`);
const at = (stamp: string) => Date.parse(`${stamp}Z`);
const span = (from: string, to: string): Span => ({ from: at(from), to: at(to) });
const NOW = at('2026-11-22T15:00:00');

const checkpoint = (covered: readonly Span[], more: Partial<Checkpoint> = {}): Checkpoint => ({
  ...NO_CHECKPOINT,
  covered: [...covered],
  ...more,
});
const coverer = (
  covered: readonly Span[],
  more: Partial<Checkpoint> = {},
  rest: Partial<Coverer> = {},
): Coverer => ({
  connectionId: 'a',
  label: 'A',
  checkpoint: checkpoint(covered, more),
  lists: true,
  syncing: false,
  ...rest,
});
const facts = (coverers: readonly Coverer[], more: Partial<CoverageFacts> = {}): CoverageFacts => ({
  coverers,
  stored: new Map(),
  fromFiles: new Set(),
  now: NOW,
  ...more,
});
const stored = (...dates: string[]) =>
  new Map(dates.map((date) => [day(date), { requests: 2, spend: 3n }] as const));
const stateOf = (coverers: readonly Coverer[], date: string, more: Partial<CoverageFacts> = {}) =>
  coverageDay(facts(coverers, more), day(date)).state;

const listRun = (oldest: string | null): Run => ({
  source: 'generations',
  offset: 100,
  startedAt: NOW,
  newest: NOW,
  oldest: oldest === null ? null : at(oldest),
});

describe('a day of one connection', () => {
  it('is complete only when what was pulled reaches an hour beyond its end', () => {
    const until = (to: string) => [coverer([span('2026-11-01T00:00:00', to)])];
    expect(stateOf(until('2026-11-04T01:00:00'), '2026-11-03')).toBe('complete');
    expect(stateOf(until('2026-11-04T00:59:59'), '2026-11-03')).toBe('partial');
    expect(stateOf(until('2026-11-04T00:59:59'), '2026-11-02')).toBe('complete');
    expect(stateOf(until('2026-11-04T00:59:59'), '2026-11-05')).toBe('never');
  });

  it('is never complete while it is under way', () => {
    expect(stateOf([coverer([{ from: day('2026-11-01'), to: NOW }])], '2026-11-22')).toBe('partial');
  });

  it('is not complete across a gap between two spans', () => {
    const spans = [
      span('2026-11-01T00:00:00', '2026-11-03T12:00:00'),
      span('2026-11-03T12:00:01', '2026-11-06T00:00:00'),
    ];
    expect(stateOf([coverer(spans)], '2026-11-03')).toBe('partial');
  });

  it('is beyond where the API gives nothing, and whole where only that part is missing', () => {
    const floor = at('2026-11-03T09:00:00');
    const one = [coverer([{ from: floor, to: NOW }], { floor })];
    expect(stateOf(one, '2026-11-02')).toBe('beyond');
    expect(stateOf(one, '2026-11-03')).toBe('complete');
    expect(stateOf(one, '2026-11-04')).toBe('complete');
  });

  it('a list that was pulled to its end does not reach beyond what the API gives', () => {
    const one = [coverer([{ from: 0, to: NOW }], { floor: at('2026-11-03T09:00:00') })];
    expect(stateOf(one, '2026-11-02')).toBe('beyond');
    expect(stateOf(one, '2026-11-03')).toBe('complete');
  });

  it('what was pulled once stays complete when the API has forgotten it', () => {
    const one = [coverer([{ from: day('2026-10-01'), to: NOW }], { floor: at('2026-11-03T09:00:00') })];
    expect(stateOf(one, '2026-10-15')).toBe('complete');
    expect(stateOf(one, '2026-09-30')).toBe('beyond');
  });

  it('is being pulled while a run has it before it', () => {
    const list = (syncing: boolean) => [
      coverer(
        [span('2026-11-01T00:00:00', '2026-11-05T00:00:00')],
        { run: listRun('2026-11-10T06:00:00') },
        { syncing },
      ),
    ];
    expect(stateOf(list(true), '2026-11-08')).toBe('pulling');
    expect(stateOf(list(true), '2026-11-02')).toBe('complete');
    expect(stateOf(list(false), '2026-11-08')).toBe('never');
    expect(stateOf(list(false), '2026-11-10')).toBe('partial');
    expect(stateOf(list(false), '2026-11-12')).toBe('partial');

    const run: Run = {
      source: 'analytics',
      startedAt: NOW,
      left: [span('2026-11-05T00:00:00', '2026-11-08T03:00:00')],
      windowMs: DAY_MS,
    };
    const windows = [
      coverer([span('2026-11-08T03:00:00', '2026-11-20T00:00:00')], { run }, { syncing: true }),
    ];
    expect(stateOf(windows, '2026-11-06')).toBe('pulling');
    expect(stateOf(windows, '2026-11-08')).toBe('pulling');
    expect(stateOf(windows, '2026-11-09')).toBe('complete');
    expect(stateOf(windows, '2026-11-01')).toBe('never');
  });
});

describe('a day with what is stored', () => {
  it('from a file is imported, unless a connection knows better', () => {
    const file = { stored: stored('2026-11-03'), fromFiles: new Set([day('2026-11-03')]) };
    expect(stateOf([], '2026-11-03', file)).toBe('imported');
    expect(stateOf([coverer([])], '2026-11-03', file)).toBe('imported');
    expect(stateOf([coverer([span('2026-11-01T00:00:00', '2026-11-05T00:00:00')])], '2026-11-03', file)).toBe(
      'complete',
    );
    expect(stateOf([coverer([span('2026-11-03T12:00:00', '2026-11-05T00:00:00')])], '2026-11-03', file)).toBe(
      'partial',
    );
  });

  it('that was looked up by id is partial: nobody has seen the whole day', () => {
    const ids = coverer([], {}, { lists: false });
    expect(stateOf([ids], '2026-11-03', { stored: stored('2026-11-03') })).toBe('partial');
    expect(stateOf([ids], '2026-11-04', { stored: stored('2026-11-03') })).toBe('never');
  });

  it('says its requests and spend', () => {
    expect(coverageDay(facts([], { stored: stored('2026-11-03') }), day('2026-11-03'))).toMatchObject({
      requests: 2,
      spend: 3n,
    });
  });
});

describe('a day of several connections', () => {
  const whole = coverer([span('2026-11-01T00:00:00', '2026-11-21T12:00:00')]);
  const none = coverer([], {}, { connectionId: 'b', label: 'B' });
  it('is complete only where it is for each of them', () => {
    expect(stateOf([whole, whole], '2026-11-03')).toBe('complete');
    expect(stateOf([whole, none], '2026-11-03')).toBe('partial');
    expect(stateOf([none, none], '2026-11-03')).toBe('never');
    expect(coverageDay(facts([whole, none]), day('2026-11-03')).each).toEqual([
      { label: 'A', state: 'complete' },
      { label: 'B', state: 'never' },
    ]);
  });

  it('does not wait for one that has nothing more to give, or that only looks up ids', () => {
    const beyond = coverer([], { floor: day('2026-11-10') });
    expect(stateOf([whole, beyond], '2026-11-03')).toBe('complete');
    expect(stateOf([beyond, beyond], '2026-11-03')).toBe('beyond');
    expect(stateOf([whole, { ...none, lists: false }], '2026-11-03')).toBe('complete');
  });

  it('keeps what a connection pulled that is not connected any more', () => {
    const left = { ...whole, lists: false };
    expect(stateOf([left], '2026-11-03')).toBe('complete');
    expect(stateOf([left], '2026-11-21')).toBe('partial');
    expect(stateOf([left], '2026-11-22')).toBe('never');
    expect(stateOf([{ ...coverer([], { floor: day('2026-11-10') }), lists: false }], '2026-11-03')).toBe(
      'never',
    );
    const floored = coverer([span('2026-11-10T00:00:00', '2026-11-21T12:00:00')], {
      floor: day('2026-11-10'),
    });
    expect(stateOf([{ ...floored, lists: false }], '2026-11-03')).toBe('beyond');
    // Another one that is connected is asked instead.
    expect(stateOf([left, coverer([{ from: day('2026-11-01'), to: NOW }])], '2026-11-21')).toBe('complete');
  });
});

describe('days', () => {
  it('begin with the first that is known', () => {
    expect(firstKnownDay(facts([]))).toBe(day('2026-11-22'));
    expect(firstKnownDay(facts([], { stored: stored('2026-11-03', '2026-10-31') }))).toBe(day('2026-10-31'));
  });

  it('of a range end today', () => {
    const range = { first: day('2026-11-20'), last: day('2026-12-05') };
    expect([...daysOf(facts([]), range)]).toEqual([day('2026-11-20'), day('2026-11-21'), day('2026-11-22')]);
  });
});

describe('what is said of a total', () => {
  const range = { first: day('2026-10-24'), last: day('2026-11-22') };
  it('nothing without a connection that lists days', () => {
    const file = { stored: stored('2026-11-03'), fromFiles: new Set([day('2026-11-03')]) };
    expect(completeness(facts([], file), range).incomplete).toBe(0);
  });

  it('counts the days that are not complete', () => {
    const one = coverer([span('2026-10-24T00:00:00', '2026-11-19T12:00:00')]);
    expect(completeness(facts([one]), range)).toEqual({
      days: 30,
      incomplete: 4,
      onlyUnderWay: false,
      olderMissing: false,
      onlyLookedUp: false,
      deletedBefore: null,
    });
  });

  it('names what was deleted of the days that were chosen, whoever else has them whole', () => {
    const keepFrom = day('2026-11-01');
    const cut = coverer([{ from: 0, to: NOW }], { keepFrom });
    const whole = coverer([{ from: 0, to: NOW }]);
    expect(completeness(facts([cut, whole]), range).deletedBefore).toBe(keepFrom);
    expect(completeness(facts([cut]), { ...range, first: keepFrom }).deletedBefore).toBeNull();
    expect(completeness(facts([cut]), null).deletedBefore).toBeNull();
  });

  it('knows when everything was only looked up by id', () => {
    const ids = coverer([], {}, { lists: false });
    expect(completeness(facts([ids], { stored: stored('2026-11-03') }), range).onlyLookedUp).toBe(true);
    expect(completeness(facts([ids]), range).onlyLookedUp).toBe(false);
  });

  it('is the same where the key was kept for one session only', () => {
    const whole = coverer([{ from: day('2026-10-01'), to: NOW }], {}, { lists: false });
    expect(completeness(facts([whole]), range)).toMatchObject({
      incomplete: 1,
      onlyUnderWay: true,
      onlyLookedUp: false,
    });
    const run = { source: 'generations', startedAt: NOW, oldest: day('2026-11-12') } as Run;
    const stopped = coverer([], { run }, { lists: false });
    expect(completeness(facts([stopped], { stored: stored('2026-11-12') }), null)).toMatchObject({
      olderMissing: true,
      onlyLookedUp: false,
    });
  });

  it('knows when only today is missing', () => {
    const one = coverer([{ from: day('2026-10-01'), to: NOW }]);
    expect(completeness(facts([one]), range)).toMatchObject({ days: 30, incomplete: 1, onlyUnderWay: true });
    const early = { ...facts([coverer([{ from: day('2026-10-01'), to: day('2026-11-22') + HOUR / 2 }])]) };
    const night = { ...early, now: day('2026-11-22') + HOUR / 2 };
    expect(completeness(night, range)).toMatchObject({ days: 30, incomplete: 2, onlyUnderWay: true });
  });

  it('knows when older days are still to be pulled', () => {
    const older = (covered: readonly Span[], run: Run | null) =>
      completeness(facts([coverer(covered, { run })], { stored: stored('2026-11-12') }), null).olderMissing;
    const left = (to: string): Run => ({
      source: 'analytics',
      startedAt: NOW,
      left: [{ from: day('2023-01-01'), to: at(to) }],
      windowMs: DAY_MS,
    });
    const recent = { from: day('2026-11-11'), to: NOW };
    expect(older([], null)).toBe(true);
    expect(older([recent], left('2026-11-11T00:00:00'))).toBe(true);
    expect(older([recent], null)).toBe(false);
    expect(older([], listRun('2026-11-12T00:00:00'))).toBe(true);
    expect(older([{ from: 0, to: day('2026-11-20') }], listRun('2026-11-21T00:00:00'))).toBe(false);
  });

  it('asks for nothing beyond what can be had', () => {
    const one = coverer([{ from: day('2026-11-10'), to: NOW }], { floor: day('2026-11-10') });
    expect(completeness(facts([one]), { first: day('2026-11-01'), last: day('2026-11-21') }).incomplete).toBe(
      0,
    );
  });
});

describe('filling', () => {
  const holes = coverer([
    span('2026-11-10T00:00:00', '2026-11-12T01:00:00'),
    span('2026-11-14T00:00:00', '2026-11-22T14:00:00'),
  ]);
  it('finds the missing days, the newest first, without today', () => {
    const some = { stored: stored('2026-11-10') };
    expect(missingDays(facts([holes], some))).toEqual([day('2026-11-13'), day('2026-11-12')]);
    expect(missingDays(facts([{ ...holes, lists: false }], some))).toEqual([]);
  });

  it('asks each connection for what it lacks', () => {
    const whole = coverer([{ from: day('2026-11-01'), to: NOW }], {}, { connectionId: 'b' });
    expect(
      fillsFor(facts([holes, whole]), [day('2026-11-12'), day('2026-11-13'), day('2026-11-15')]),
    ).toEqual([{ connectionId: 'a', spans: [{ from: day('2026-11-12'), to: day('2026-11-14') }] }]);
  });

  it('pulls complete days again when that is what was asked for, but never beyond the API’s reach', () => {
    expect(fillsFor(facts([holes]), [day('2026-11-15')])).toEqual([
      { connectionId: 'a', spans: [{ from: day('2026-11-15'), to: day('2026-11-16') }] },
    ]);
    expect(fillsFor(facts([coverer([], { floor: day('2026-11-10') })]), [day('2026-11-01')])).toEqual([]);
  });

  it('joins neighbours and ends now', () => {
    expect(
      spansOf([day('2026-11-22'), day('2026-11-20'), day('2026-11-21'), day('2026-11-18')], NOW),
    ).toEqual([
      { from: day('2026-11-20'), to: NOW },
      { from: day('2026-11-18'), to: day('2026-11-19') },
    ]);
    expect(spansOf([day('2026-11-23')], NOW)).toEqual([]);
  });
});

it('what a connection makes of a day does not depend on others', () => {
  expect(pulledState(coverer([]), day('2026-11-03'))).toBe('never');
});
