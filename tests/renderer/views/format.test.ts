import { describe, expect, it } from 'vitest';
import {
  cellText,
  decimalsFor,
  formatAgo,
  formatBytes,
  formatShare,
  titleText,
  visibleText,
} from '../../../renderer/components/format.ts';
import { parseMoney } from '../../../shared/money.ts';

describe('formatShare', () => {
  it.each([
    [0, '0.0%'],
    [0.0001, '<0.1%'],
    [0.0005, '0.1%'],
    [0.1234, '12.3%'],
    [0.9999, '>99.9%'],
    [1, '100.0%'],
    [-0.5, '−50.0%'],
  ])('%s is %s', (share, text) => expect(formatShare(share)).toBe(text));
});

describe('decimalsFor', () => {
  it.each([
    ['1234', 2],
    ['5.2', 2],
    ['0.52', 3],
    ['0.052', 4],
    ['0.0000001', 4],
    ['0', 2],
    ['-0.52', 3],
  ])('a typical amount of %s takes %s decimals', (amount, decimals) =>
    expect(decimalsFor(parseMoney(amount)!, 2, 4)).toBe(decimals),
  );
  it('takes the fewest when nothing is known', () => expect(decimalsFor(null, 4, 6)).toBe(4));
});

describe('text from outside', () => {
  it('shows what cannot be seen', () => {
    expect(visibleText('a\nb\tc\r')).toBe('a↵b⇥c␍');
    expect(['  a b ', 'a ', ' ', '\t '].map(visibleText)).toEqual(['␣␣a b␣', 'a␣', '␣', '⇥␣']);
    expect(visibleText('a\u0000b\u202Ec')).toBe('a␀b‹U+202E›c');
    expect(visibleText('émile 👩‍💻 مستخدم')).toBe('émile 👩‍💻 مستخدم');
  });

  it('is cut where a screen ends, never inside a character', () => {
    expect(cellText('x'.repeat(10_000))).toHaveLength(301);
    expect(cellText(`${'x'.repeat(299)}😀 and more`)).toBe(`${'x'.repeat(299)}…`);
    expect(titleText('x'.repeat(10_000))).toMatch(/… \(10,000 characters\)$/);
  });
});

describe('the rest', () => {
  it('formats sizes', () => {
    expect(formatBytes(0)).toBe('0 B');
    expect(formatBytes(999)).toBe('999 B');
    expect(formatBytes(87_789_601)).toBe('87.8 MB');
  });

  it('tells how long ago something was', () => {
    const now = Date.UTC(2026, 10, 22);
    expect(formatAgo(now - 30_000, now)).toBe('just now');
    expect(formatAgo(now + 5_000, now)).toBe('just now');
    expect(formatAgo(now - 60_000, now)).toBe('1 minute ago');
    expect(formatAgo(now - 3 * 3_600_000, now)).toBe('3 hours ago');
    expect(formatAgo(now - 72 * 3_600_000, now)).toBe('3 days ago');
  });
});
