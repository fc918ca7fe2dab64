import { describe, expect, it } from 'vitest';
import { addPoint, leftText, type PacePoint, paceOf, paceText } from '../../../renderer/hooks/pace.ts';

describe('the pace of something', () => {
  it('is not known from one moment, nor from two that are too near', () => {
    expect(paceOf([])).toEqual({ perSecond: null, leftMs: null });
    expect(paceOf([{ at: 0, count: 5, done: 0 }]).perSecond).toBeNull();
    expect(
      paceOf([
        { at: 0, count: 5, done: 0 },
        { at: 500, count: 50, done: 0.5 },
      ]).perSecond,
    ).toBeNull();
  });

  it('tells what is left where it is known how much is done', () => {
    const points = [
      { at: 0, count: 0, done: 0.5 },
      { at: 10_000, count: 2000, done: 0.75 },
    ];
    expect(paceOf(points)).toEqual({ perSecond: 200, leftMs: 10_000 });
    expect(paceOf(points.map((point) => ({ ...point, done: null }))).leftMs).toBeNull();
    expect(paceOf(points.map((point) => ({ ...point, done: 0.5 }))).leftMs).toBeNull();
  });

  it('is that of the last minute', () => {
    let points: readonly PacePoint[] = [];
    for (let second = 0; second <= 180; second++)
      points = addPoint(points, {
        at: second * 1000,
        count: second < 100 ? 0 : (second - 100) * 10,
        done: null,
      });
    expect(points.length).toBeLessThanOrEqual(61);
    expect(paceOf(points).perSecond).toBe(10);
    expect(addPoint([{ at: 0, count: 0, done: null }], { at: 600_000, count: 6, done: null })).toHaveLength(
      2,
    );
  });

  it('in words', () => {
    expect(paceText({ perSecond: 1234.4, leftMs: null })).toBe('1,234/s');
    expect(paceText({ perSecond: 0.2, leftMs: null })).toBe('12/min');
    expect(paceText({ perSecond: 0, leftMs: null })).toBeNull();
    expect(leftText(20_000)).toBe('less than a minute left');
    expect(leftText(60_000)).toBe('about a minute left');
    expect(leftText(125_000)).toBe('about 2 minutes left');
    expect(leftText(7_200_000)).toBe('about 2 hours left');
    expect(leftText(72 * 3_600_000)).toBe('about 3 days left');
  });
});
