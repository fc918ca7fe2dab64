/** Spend over time as bars: plain SVG, drawn for print. */
import { formatMoney } from '../../shared/money.ts';
import { DAY_MS, formatDay } from '../../shared/time.ts';
import { html, type Markup } from './markup.ts';

/** A bar: a stretch of time and its amount. */
export interface Bar {
  /** What it stands for: `2026-11-03`, `November 2026`. */
  readonly label: string;
  /** Short, below the axis. */
  readonly tick: string;
  /** Yocto-dollars; null is not known. */
  readonly amount: bigint | null;
  /** Something of it is missing: drawn lighter. */
  readonly incomplete: boolean;
}

/** Days with amounts, by their first millisecond (UTC). */
export type DayAmounts = ReadonlyMap<number, bigint | null>;

/** More bars than this are thinner than print shows: then they stand for months. */
const MOST_DAYS = 190;

/** Bars from the first day to the last, both inside: one a day, or one a month where the days are too many. */
export function barsOf(
  amounts: DayAmounts,
  first: number,
  last: number,
  gaps: ReadonlySet<number>,
): { readonly unit: 'day' | 'month'; readonly bars: readonly Bar[] } {
  const days: number[] = [];
  for (let day = first; day <= last; day += DAY_MS) days.push(day);
  if (days.length <= MOST_DAYS) {
    return {
      unit: 'day',
      bars: days.map((day) => ({
        label: formatDay(day),
        tick: formatDay(day).slice(5),
        amount: amounts.get(day) ?? null,
        incomplete: gaps.has(day),
      })),
    };
  }
  const months = new Map<string, { amount: bigint | null; incomplete: boolean }>();
  for (const day of days) {
    const month = formatDay(day).slice(0, 7);
    const before = months.get(month) ?? { amount: null, incomplete: false };
    const more = amounts.get(day) ?? null;
    months.set(month, {
      amount: more === null ? before.amount : (before.amount ?? 0n) + more,
      incomplete: before.incomplete || gaps.has(day),
    });
  }
  return { unit: 'month', bars: [...months].map(([month, bar]) => ({ label: month, tick: month, ...bar })) };
}

/** The size of the drawing, in its own units: a unit is a CSS pixel at full width. */
const WIDTH = 680;
const HEIGHT = 176;
const LEFT = 58;
const RIGHT = 4;
const TOP = 10;
const BOTTOM = 22;
const MOST_TICKS = 8;

/** The bars with an axis of round amounts. Its words are also those of a screen reader. */
export function barChart(name: string, bars: readonly Bar[]): Markup {
  const most = bars.reduce((most, { amount }) => Math.max(most, dollars(amount)), 0);
  const step = roundStep(most / 3);
  const top = Math.max(step, Math.ceil(most / step - 1e-9) * step);
  const [width, height] = [WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM];
  const slot = width / Math.max(1, bars.length);
  const gap = Math.min(6, slot * 0.28);
  const y = (amount: number) => TOP + height * (1 - amount / top);
  const lines = Array.from({ length: Math.round(top / step) + 1 }, (_, i) => i * step);
  const every = Math.max(1, Math.ceil(bars.length / MOST_TICKS));
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${name}" class="chart">
<g class="grid">${lines.map((amount) => html`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(y(amount))}" y2="${round(y(amount))}"/>`)}</g>
<g class="axis">${lines.map((amount) => html`<text x="${LEFT - 8}" y="${round(y(amount) + 3.5)}" text-anchor="end">${axisWords(amount, step)}</text>`)}</g>
<g>${bars.map((bar, i) => {
    const size = Math.max(0, dollars(bar.amount));
    if (size === 0) return null;
    const high = Math.max(0.75, (height * size) / top);
    return html`<rect class="${bar.incomplete ? 'bar open' : 'bar'}" x="${round(LEFT + i * slot + gap / 2)}" y="${round(TOP + height - high)}" width="${round(Math.max(0.5, slot - gap))}" height="${round(high)}"><title>${bar.label}: ${formatMoney(bar.amount ?? 0n, 6)}${bar.incomplete ? ', not complete' : ''}</title></rect>`;
  })}</g>
<g class="axis">${bars.map((bar, i) => (i % every === 0 ? html`<text x="${round(LEFT + (i + 0.5) * slot)}" y="${HEIGHT - 6}" text-anchor="middle">${bar.tick}</text>` : null))}</g>
</svg>`;
}

/** Good enough to draw with; never added up. */
const dollars = (amount: bigint | null): number => (amount === null ? 0 : Number(amount) / 1e24);

const round = (size: number): string => String(Math.round(size * 100) / 100);

/** 1, 2 or 5 times a power of ten: at least `least`. */
export function roundStep(least: number): number {
  if (!(least > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  const times = [1, 2, 5, 10].find((times) => times * power >= least * (1 - 1e-9)) ?? 10;
  return times * power;
}

function axisWords(amount: number, step: number): string {
  const decimals = Math.min(12, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  const [whole, fraction] = amount.toFixed(decimals).split('.');
  const grouped = (whole as string).replace(/\B(?=(\d{3})+$)/g, ',');
  // Cents, once there are decimals at all.
  return `$${grouped}${fraction === undefined ? '' : `.${fraction.padEnd(2, '0')}`}`;
}
