import { formatDay } from '../../shared/time.ts';
import type { DayRange } from '../hooks/filters.ts';

/** `whospent_users_2026-11-22.csv`, or with the range: `whospent_users_2026-11-01_2026-11-22.csv`. */
export function suggestedName(stem: string, range: DayRange | null, now = Date.now()): string {
  if (range === null) return `${stem}_${formatDay(now)}.csv`;
  const [first, last] = [formatDay(range.first), formatDay(range.last)];
  return `${stem}_${first === last ? first : `${first}_${last}`}.csv`;
}
