import type { Filters } from '../../hooks/filters.ts';

/** Why the users table is empty though something is stored: only the filters that are set are named. */
export function nothingFoundWords({ range, search, source }: Omit<Filters, 'preset'>): string {
  const set = [
    ...(range === null ? [] : ['the date range']),
    ...(source === null ? [] : ['the connection']),
    ...(search.trim() === '' ? [] : ['the text in the user’s id']),
  ];
  const [first, ...others] = set;
  if (first === undefined) return 'No stored request can be shown.';
  const last = others.pop();
  if (last === undefined) return `No stored request passes the filter: ${first}.`;
  return `No stored request passes all of them: ${[first, ...others].join(', ')} and ${last}.`;
}
