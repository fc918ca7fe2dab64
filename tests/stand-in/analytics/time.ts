import { z } from 'zod';
import { ApiError } from '../errors.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;

/** ISO 8601 with seconds and a zone: `…T00:00:00Z` passes, `…T00:00Z` does not. */
const Instant = z.iso
  .datetime({ offset: true, error: 'must be an ISO 8601 datetime with seconds' })
  .refine((text) => /T\d\d:\d\d:\d\d/.test(text), 'must be an ISO 8601 datetime with seconds');
export const TimeRange = z.object({ start: Instant, end: Instant });

export interface Range {
  /** UTC milliseconds, inclusive. */
  start: number;
  /** UTC milliseconds, exclusive. */
  end: number;
}

/** The range asked for; the last 7 days without one. Throws 400 when it does not end after its start. */
export function readRange(range: z.infer<typeof TimeRange> | undefined, now: number): Range {
  if (!range) return { start: now - 7 * DAY, end: now };
  const { start, end } = { start: Date.parse(range.start), end: Date.parse(range.end) };
  if (start >= end) throw new ApiError(400, 'time_range.start must be before time_range.end');
  return { start, end };
}

/** Throws 400 when the range is longer than `days`, or, where age is bounded too, begins longer ago. */
export function checkLength({ start, end }: Range, days: number, what: string, oldest?: number): void {
  if (end - start > days * DAY)
    throw new ApiError(400, `Time range exceeds ${days} days, the limit for ${what}`);
  if (oldest !== undefined && start < oldest - days * DAY)
    throw new ApiError(400, `Data of ${what} is available for the last ${days} days only`);
}

export const GRANULARITIES = ['minute', 'hour', 'day', 'week', 'month'] as const;
export type Granularity = (typeof GRANULARITIES)[number];

/** Throws 400 for an unknown granularity, or `minute` over more than three hours. */
export function checkGranularity(name: string, { start, end }: Range): Granularity {
  const granularity = GRANULARITIES.find((known) => known === name);
  if (!granularity) throw new ApiError(400, `Unknown granularity: ${name}`);
  if (granularity === 'minute' && end - start > 3 * HOUR)
    throw new ApiError(400, 'Granularity "minute" is only available for time ranges up to 3 hours');
  return granularity;
}

/** The start of the bucket that holds `ms`: UTC milliseconds, weeks from Monday. */
export function bucketStart(ms: number, granularity: Granularity): number {
  const day = Math.floor(ms / DAY) * DAY;
  const date = new Date(day);
  switch (granularity) {
    case 'minute':
      return Math.floor(ms / MINUTE) * MINUTE;
    case 'hour':
      return Math.floor(ms / HOUR) * HOUR;
    case 'day':
      return day;
    case 'week':
      return day - ((date.getUTCDay() + 6) % 7) * DAY;
    case 'month':
      return day - (date.getUTCDate() - 1) * DAY;
  }
}
