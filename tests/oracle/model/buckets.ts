/** Stretches of time in a zone, asked of `Intl` for each row anew. */
import type { Bucket, BucketUnit } from '../../../shared/query.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  return format;
}

/** What a clock on the wall shows, as if it showed UTC. */
function wallClock(time: number, zone: string): number {
  const shown = new Map(
    formatOf(zone)
      .formatToParts(time)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => shown.get(type) ?? 0;
  const seconds = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return seconds + (((time % 1000) + 1000) % 1000);
}

const begun = new Map<string, number>();

/** The first millisecond at which the calendar shows a date; a day may begin at one o'clock. */
function beginOf(date: number, zone: string): number {
  const name = `${zone} ${date}`;
  const known = begun.get(name);
  if (known !== undefined) return known;
  // No zone is further from UTC than 14 hours.
  let [before, at] = [date - 15 * HOUR, date + 15 * HOUR];
  while (at - before > 1) {
    const middle = Math.floor((before + at) / 2);
    if (wallClock(middle, zone) >= date) at = middle;
    else before = middle;
  }
  begun.set(name, at);
  return at;
}

/** The date on which the day, week or month of a date begins. */
function firstDate(every: BucketUnit, wall: number): number {
  const date = new Date(wall);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  switch (every) {
    case 'week':
      return Date.UTC(year, month, day - ((date.getUTCDay() + 6) % 7));
    case 'month':
      return Date.UTC(year, month, 1);
    default:
      return Date.UTC(year, month, day);
  }
}

const isShort = (every: BucketUnit): every is 'minute' | 'hour' => every === 'minute' || every === 'hour';

/** The first millisecond of the bucket that holds a time. */
export function bucketOf(time: number, { every, zone }: Bucket): number {
  const wall = wallClock(time, zone);
  if (!isShort(every)) return beginOf(firstDate(every, wall), zone);
  const into = wall % (every === 'minute' ? MINUTE : HOUR);
  if (wallClock(time - into, zone) === wall - into) return time - into;
  // The clock was set meanwhile: the stretch begins where it was.
  let [before, at] = [time - into, time];
  while (at - before > 1) {
    const middle = Math.floor((before + at) / 2);
    if (wallClock(middle, zone) - middle === wall - time) at = middle;
    else before = middle;
  }
  return at;
}

/** How many buckets lie between the bucket of one time and that of another. */
export function bucketsBetween(from: number, to: number, bucket: Bucket): number {
  const { every, zone } = bucket;
  if (isShort(every)) {
    return (bucketOf(to, bucket) - bucketOf(from, bucket)) / (every === 'minute' ? MINUTE : HOUR);
  }
  const [first, last] = [from, to].map((time) => firstDate(every, wallClock(time, zone))) as [number, number];
  if (every !== 'month') return (last - first) / (every === 'week' ? 7 * DAY : DAY);
  const months = (date: number) => new Date(date).getUTCFullYear() * 12 + new Date(date).getUTCMonth();
  return months(last) - months(first);
}

/** The bucket so many after the bucket of a time. */
export function bucketAfter(time: number, count: number, bucket: Bucket): number {
  const { every, zone } = bucket;
  if (isShort(every)) return bucketOf(time, bucket) + count * (every === 'minute' ? MINUTE : HOUR);
  const first = firstDate(every, wallClock(time, zone));
  if (every !== 'month') return beginOf(first + count * (every === 'week' ? 7 * DAY : DAY), zone);
  const date = new Date(first);
  return beginOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count, 1), zone);
}
