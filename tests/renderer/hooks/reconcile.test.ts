import { describe, expect, it } from 'vitest';
import type { CoverageFacts } from '../../../renderer/hooks/coverage.ts';
import { activityDays, fromActivity, type ModelSums, reconcile } from '../../../renderer/hooks/reconcile.ts';
import { gapShare, gapText, hints, verdict } from '../../../renderer/views/reconcile/reconcile-words.ts';
import { parseMoney } from '../../../shared/money.ts';
import { NO_CHECKPOINT } from '../../../shared/sync.ts';
import { DAY_MS } from '../../../shared/time.ts';

const day = (date: string) => Date.parse(`${date}T00:00:00Z`);
const range = { first: day('2026-11-19'), last: day('2026-11-21') };
const sums = (
  date: string,
  model: string | null,
  requests: number,
  credits: string,
  byok = '0',
): ModelSums => ({
  day: day(date),
  model,
  requests,
  credits: parseMoney(credits)!,
  byok: parseMoney(byok)!,
});

const covered = (from: string, to: string): CoverageFacts => ({
  coverers: [
    {
      connectionId: 'a',
      label: 'A',
      checkpoint: { ...NO_CHECKPOINT, covered: [{ from: day(from), to: day(to) }] },
      lists: true,
      syncing: false,
    },
  ],
  stored: new Map(),
  fromFiles: new Set(),
  now: day('2026-11-22'),
});
const whole = covered('2026-01-01', '2026-11-23');

describe('the days that OpenRouter’s totals cover', () => {
  const NOW = Date.parse('2026-11-22T15:00:00Z');
  it('are the last 30 that are over', () => {
    expect(activityDays([], NOW)).toEqual({ first: day('2026-10-23'), last: day('2026-11-21') });
    expect(activityDays([sums('2026-11-15', 'm', 1, '1')], NOW).last).toBe(day('2026-11-21'));
  });

  it('are those of the totals where this computer’s clock is wrong', () => {
    expect(activityDays([sums('2026-11-23', 'm', 1, '1')], NOW).last).toBe(day('2026-11-23'));
    expect(activityDays([sums('2026-08-01', 'm', 1, '1')], NOW)).toEqual({
      first: day('2026-07-03'),
      last: day('2026-08-01'),
    });
  });
});

describe('both sides of a day', () => {
  it('tie within the rounding of the API’s floats, and the gap stays exact', () => {
    const there = fromActivity([
      { day: '2026-11-20', model: 'm', requests: 3, credits: 0.30000000000000004, byok: 0.1 },
    ]);
    const result = reconcile([sums('2026-11-20', 'm', 3, '0.3', '0.1')], there, range);
    expect(result.ties).toBe(true);
    expect(result.gap).toBe(-40_000_000n);
    expect(result.days.map(({ ties }) => ties)).toEqual([true, true, true]);
    expect(verdict(result)).toBe('All 3 days tie with OpenRouter: $0.400 here, $0.400 there.');
    expect(gapText(result)).toBe('≈ $0');
  });

  it('do not tie from a millionth of a dollar for each request on', () => {
    const there = [sums('2026-11-20', 'm', 2, '1')];
    const ties = (credits: string) => reconcile([sums('2026-11-20', 'm', 2, credits)], there, range).ties;
    expect(ties('1.0000019')).toBe(true);
    expect(ties('1.000002')).toBe(false);
    expect(reconcile([sums('2026-11-20', 'm', 0, '0.0000001')], [], range).ties).toBe(false);
  });

  it('do not tie when two gaps cancel each other', () => {
    const result = reconcile(
      [sums('2026-11-20', 'm', 1, '2'), sums('2026-11-21', 'm', 1, '1')],
      [sums('2026-11-20', 'm', 1, '1'), sums('2026-11-21', 'm', 1, '2')],
      range,
    );
    expect(result.gap).toBe(0n);
    expect(result.ties).toBe(false);
    expect(verdict(result)).toMatch(/^2 of 3 days do not tie/);
  });

  it('are compared model by model, the largest gap first', () => {
    const result = reconcile(
      [sums('2026-11-20', 'a', 1, '1'), sums('2026-11-20', 'b', 1, '1'), sums('2026-11-20', null, 1, '0.5')],
      [sums('2026-11-20', 'a', 1, '1'), sums('2026-11-20', 'b', 2, '4')],
      range,
    );
    const [, busy] = result.days;
    expect(busy?.models.map(({ model, ties }) => [model, ties])).toEqual([
      ['b', false],
      [null, false],
      ['a', true],
    ]);
    expect(gapText(busy!)).toBe('−$2.50');
    expect(gapShare(busy!)).toBe('−50.0%');
  });

  it('leave days outside of the range alone', () => {
    const result = reconcile([sums('2026-11-18', 'm', 1, '1')], [sums('2026-11-22', 'm', 1, '1')], range);
    expect(result.here.requests + result.there.requests).toBe(0);
    expect(result.days).toHaveLength((range.last - range.first) / DAY_MS + 1);
  });
});

describe('where to look', () => {
  const off = reconcile(
    [sums('2026-11-20', 'a', 1, '1')],
    [sums('2026-11-20', 'a', 1, '1'), sums('2026-11-20', 'b', 1, '2')],
    range,
  );
  it('at days that are not pulled whole', () => {
    expect(hints(off, covered('2026-11-21', '2026-11-23'))).toEqual([
      { text: 'It is not pulled whole: fill it first.', coverage: true },
    ]);
  });

  it('at the models that differ', () => {
    expect(hints(off, whole)[0]?.text).toBe('Only b differs on the days that are complete.');
    const all = reconcile([sums('2026-11-20', 'a', 1, '1')], [sums('2026-11-20', 'a', 1, '2')], range);
    expect(hints(all, whole)[0]?.text).toBe('Open a day to see which of its models differ.');
    const none = reconcile([], [sums('2026-11-20', 'a', 1, '2')], range);
    expect(hints(none, whole)[0]?.text).toMatch(/complete but empty here/);
  });

  it('nowhere when all ties, but for requests that cost nothing', () => {
    const same = reconcile([sums('2026-11-20', 'a', 1, '1')], [sums('2026-11-20', 'a', 1, '1')], range);
    expect(hints(same, whole)).toEqual([]);
    const free = reconcile([sums('2026-11-20', 'a', 1, '1')], [sums('2026-11-20', 'a', 2, '1')], range);
    expect(hints(free, whole)[0]?.text).toMatch(/the number of requests does not/);
  });
});
