/**
 * Days and other stretches of time as people in a zone (IANA name) count them. A day may have 23 or 25 hours; a week
 * begins on Monday; where clocks jump over midnight, the day begins at the jump. Every boundary is UTC ms.
 */
import { CalendarDate, fromAbsolute } from '@internationalized/date';
import type { BucketUnit, TimeRange } from './query.ts';
import { DAY_MS } from './time.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * DAY_MS;

/** A day as a date: `2026-03-29`. */
export type DateText = string;

/** What a clock shows beyond UTC in a week of the epoch, ms: one offset, or another from a moment on. */
interface WeekOffsets {
  readonly before: number;
  readonly after: number;
  /** The moment of the change, UTC ms; the week's end where there is none. */
  readonly change: number;
}

/** The clock of a zone. Offsets are asked for once a week; no zone changed its clock twice in one. */
export class Zone {
  readonly name: string;
  readonly #weeks = new Map<number, WeekOffsets>();

  /** @throws RangeError when there is no such zone */
  constructor(name: string) {
    this.name = name;
    this.#ask(0);
  }

  /** What a clock shows beyond UTC, ms. */
  offset(time: number): number {
    const week = this.#week(time);
    return time < week.change ? week.before : week.after;
  }

  /** The first moment of the stretch that holds a time. */
  start(time: number, every: BucketUnit): number {
    if (every === 'minute' || every === 'hour') {
      const width = every === 'minute' ? MINUTE_MS : HOUR_MS;
      const offset = this.offset(time);
      const start = Math.floor((time + offset) / width) * width - offset;
      // Where the clock jumps inside an hour, another begins.
      const { change } = this.#week(time);
      return change <= time && change > start ? change : start;
    }
    let number = wallNumber(time + this.offset(time), every);
    let start = this.#wallStart(number, every);
    // Clocks put back just after midnight show yesterday again, but it is today that goes on.
    for (
      let next = this.#wallStart(number + 1, every);
      next <= time;
      next = this.#wallStart(number + 1, every)
    ) {
      number++;
      start = next;
    }
    return start;
  }

  /** The first moment of the stretch after the one that begins here. */
  next(start: number, every: BucketUnit): number {
    if (every === 'minute' || every === 'hour') {
      const width = every === 'minute' ? MINUTE_MS : HOUR_MS;
      const offset = this.offset(start);
      const next = (Math.floor((start + offset) / width) + 1) * width - offset;
      // A clock that is set inside an hour ends it.
      const { change } = this.#week(next - 1);
      return change > start && change < next ? change : next;
    }
    let number = wallNumber(start + this.offset(start), every);
    // A day that was skipped has no length.
    for (;;) {
      const next = this.#wallStart(++number, every);
      if (next > start) return next;
    }
  }

  /** How many stretches after the one of `first` the one of `time` is. */
  number(first: number, time: number, every: BucketUnit): number {
    if (every === 'minute' || every === 'hour') {
      const width = every === 'minute' ? MINUTE_MS : HOUR_MS;
      return Math.round((this.start(time, every) - this.start(first, every)) / width);
    }
    return this.#wallNumber(time, every) - this.#wallNumber(first, every);
  }

  /** The first moment of the stretch so many after that of `first`. */
  nth(first: number, number: number, every: BucketUnit): number {
    if (every === 'minute' || every === 'hour') {
      const width = every === 'minute' ? MINUTE_MS : HOUR_MS;
      return this.start(this.start(first, every) + number * width, every);
    }
    return this.#wallStart(this.#wallNumber(first, every) + number, every);
  }

  /** The first moment of a day, given as its number since 1970-01-01. */
  dayStart(day: number): number {
    return this.#wallStart(day, 'day');
  }

  /** The number of the day that holds a time, since 1970-01-01. */
  day(time: number): number {
    return this.#wallNumber(time, 'day');
  }

  #wallNumber(time: number, every: 'day' | 'week' | 'month'): number {
    const start = this.start(time, every);
    let number = wallNumber(start + this.offset(start), every);
    // The start of a stretch may show the day before where the clock is put back at midnight.
    while (this.#wallStart(number + 1, every) <= time) number++;
    return number;
  }

  #wallStart(number: number, every: 'day' | 'week' | 'month'): number {
    const wall =
      every === 'day'
        ? number * DAY_MS
        : every === 'week'
          ? number * WEEK_MS - MONDAY_MS
          : Date.UTC(2000, number - MONTHS_TO_2000, 1);
    const [before, after] = [this.offset(wall - DAY_MS), this.offset(wall + DAY_MS)];
    const early = wall - before;
    // The earlier of two, where midnight comes twice.
    if (before === after || this.offset(early) === before) return early;
    const late = wall - after;
    if (this.offset(late) === after) return late;
    // There is no such midnight: the day begins when the clock jumps over it.
    const { change } = this.#week(early);
    return change > late && change <= early ? change : this.#week(late).change;
  }

  #week(time: number): WeekOffsets {
    const number = Math.floor(time / WEEK_MS);
    let week = this.#weeks.get(number);
    if (!week) {
      week = this.#ask(number);
      this.#weeks.set(number, week);
    }
    return week;
  }

  #ask(number: number): WeekOffsets {
    let [from, to] = [number * WEEK_MS, (number + 1) * WEEK_MS];
    const [before, after] = [offsetOf(from, this.name), offsetOf(to, this.name)];
    if (before === after) return { before, after, change: to };
    while (to - from > 1000) {
      const middle = Math.floor((from + to) / 2000) * 1000;
      if (offsetOf(middle, this.name) === before) from = middle;
      else to = middle;
    }
    return { before, after, change: to };
  }
}

/** 1970-01-01 was a Thursday, three days after a Monday. */
const MONDAY_MS = 3 * DAY_MS;
const MONTHS_TO_2000 = 30 * 12;

function offsetOf(time: number, zone: string): number {
  return zone === 'UTC' ? 0 : fromAbsolute(time, zone).offset;
}

/** The number of the stretch that a clock's time, written as UTC ms, lies in; since 1970. */
function wallNumber(wall: number, every: 'day' | 'week' | 'month'): number {
  if (every === 'day') return Math.floor(wall / DAY_MS);
  if (every === 'week') return Math.floor((wall + MONDAY_MS) / WEEK_MS);
  const date = new Date(wall);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

const zones = new Map<string, Zone>();

/**
 * The clock of a zone; what was asked of it before is remembered.
 * @throws RangeError when there is no such zone
 */
export function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (!zone) {
    zone = new Zone(name);
    zones.set(name, zone);
  }
  return zone;
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** @throws RangeError when the text is no date */
function dayNumber(date: DateText): number {
  const match = DATE.exec(date);
  if (!match) throw new RangeError(`not a date: ${date}`);
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const exact = new CalendarDate(year, month, day);
  if (exact.month !== month || exact.day !== day) throw new RangeError(`no such day: ${date}`);
  return Math.floor(Date.UTC(year, month - 1, day) / DAY_MS);
}

const dateText = (day: number): DateText => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** The date of the day that holds a time. */
export const dateOf = (time: number, zone: string): DateText => dateText(zoneOf(zone).day(time));

/**
 * From the beginning of one day to the end of another.
 * @throws RangeError when a text is no date
 */
export function dayRange(first: DateText, last: DateText, zone: string): TimeRange {
  const clock = zoneOf(zone);
  return { from: clock.dayStart(dayNumber(first)), to: clock.dayStart(dayNumber(last) + 1) };
}

/** As many whole days just before those of a range; the days are those that hold its first and its last moment. */
export function previousRange(range: TimeRange, zone: string): TimeRange {
  const clock = zoneOf(zone);
  const first = clock.day(range.from);
  const days = clock.day(range.to - 1) - first + 1;
  return { from: clock.dayStart(first - days), to: clock.dayStart(first) };
}

/** The same days of the month before; a day that it does not have is its last. */
export function sameDaysLastMonth(range: TimeRange, zone: string): TimeRange {
  const clock = zoneOf(zone);
  const back = (time: number): DateText => {
    const [year, month, day] = dateText(clock.day(time)).split('-').map(Number) as [number, number, number];
    return new CalendarDate(year, month, day).subtract({ months: 1 }).toString();
  };
  return dayRange(back(range.from), back(range.to - 1), zone);
}
