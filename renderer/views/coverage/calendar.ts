/** Days as months of weeks: pure. All in UTC; weeks begin on Monday. */
import { DAY_MS, startOfDay } from '../../../shared/time.ts';

export interface Month {
  /** Its first day. */
  readonly first: number;
  readonly label: string;
  /** Its days up to the last one, in weeks. */
  readonly weeks: readonly (readonly number[])[];
}

const name = new Intl.DateTimeFormat('en-US', { month: 'short', year: 'numeric', timeZone: 'UTC' });

/** 0 for Monday to 6 for Sunday. */
export const weekday = (day: number): number => (new Date(day).getUTCDay() + 6) % 7;

export const startOfMonth = (time: number, shift = 0): number => {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + shift, 1);
};

/** The months from one that holds `from` to the one that holds `last`, which is the last day of all. */
export function monthsBetween(from: number, last: number): readonly Month[] {
  const end = startOfDay(last);
  const months: Month[] = [];
  for (let first = startOfMonth(from); first <= end; first = startOfMonth(first, 1)) {
    const weeks: number[][] = [];
    const until = Math.min(end, startOfMonth(first, 1) - DAY_MS);
    for (let day = first; day <= until; day += DAY_MS) {
      const week = weeks.at(-1);
      if (week && weekday(day) !== 0) week.push(day);
      else weeks.push([day]);
    }
    months.push({ first, label: name.format(first), weeks });
  }
  return months;
}

/** Where a key goes from a day, between two others; undefined for keys that go nowhere. */
export function dayFrom(day: number, key: string, first: number, last: number): number | undefined {
  const to = {
    ArrowLeft: day - DAY_MS,
    ArrowRight: day + DAY_MS,
    ArrowUp: day - 7 * DAY_MS,
    ArrowDown: day + 7 * DAY_MS,
    PageUp: sameDay(day, -1),
    PageDown: sameDay(day, 1),
    Home: startOfMonth(day),
    End: startOfMonth(day, 1) - DAY_MS,
  }[key];
  return to === undefined ? undefined : Math.min(last, Math.max(first, to));
}

/** The same day of another month, or its last one. */
function sameDay(day: number, shift: number): number {
  const date = new Date(day);
  const last = startOfMonth(day, shift + 1) - DAY_MS;
  return Math.min(last, startOfMonth(day, shift) + (date.getUTCDate() - 1) * DAY_MS);
}
