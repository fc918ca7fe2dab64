/** Time is UTC milliseconds since 1970 everywhere in the project; it becomes text only here. */

export const DAY_MS = 86_400_000;

const STAMP =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/;

/**
 * Reads a time stamp: OpenRouter's CSV (`2025-12-19 20:32:13.640`, UTC without a mark, as the seconds in the
 * generation ids prove) or the API's ISO 8601 with a zone. Digits finer than a millisecond are cut.
 * @returns UTC milliseconds, or `undefined` when it is no time stamp or no such day exists.
 */
export function parseTime(text: string): number | undefined {
  const match = STAMP.exec(text.trim());
  if (!match) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match;
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  if (h > 23 || m > 59 || s > 60) return undefined;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (new Date(midnight).getUTCDate() !== Number(day) || Number(month) > 12) return undefined;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return midnight + ((h * 60 + m) * 60 + s) * 1000 + milliseconds - zoneOffset(zone);
}

function zoneOffset(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || '0');
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

/**
 * The time inside a generation id, `gen-<unix seconds>-<random>`: within a second of `created_at` on real
 * exports. @returns UTC milliseconds, or `undefined` for ids of another form.
 */
export function timeFromGenerationId(id: string): number | undefined {
  const match = /^gen-(\d{9,11})-/.exec(id);
  return match ? Number(match[1]) * 1000 : undefined;
}

/** `2025-12-19 20:32:13.640`, UTC, as OpenRouter's activity CSV writes it. */
export function formatCsvTime(time: number): string {
  return new Date(time).toISOString().replace('T', ' ').slice(0, -1);
}

/** `2025-12-19 20:32:13`, UTC: for the eye. */
export function formatTime(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}

/** `2025-12-19`, the UTC day. */
export function formatDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** `2025-12-19 – 2025-12-24`, UTC days, both inside; the one day where they are the same. */
export function formatDays(first: number, last: number): string {
  const [from, to] = [formatDay(first), formatDay(last)];
  return from === to ? from : `${from} – ${to}`;
}

/** Midnight UTC at the start of the day that holds `time`. */
export function startOfDay(time: number): number {
  return Math.floor(time / DAY_MS) * DAY_MS;
}
