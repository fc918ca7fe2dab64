import type { Condition, Filter, SourceRef } from '../../shared/query.ts';
import { DAY_MS, formatDays, startOfDay } from '../../shared/time.ts';
import { createSignal, useSignal } from './signal.ts';

export const PRESETS = ['all', 'today', 'last7', 'last30', 'thisMonth', 'lastMonth'] as const;
export type Preset = (typeof PRESETS)[number];

export const PRESET_LABELS: Readonly<Record<Preset, string>> = {
  all: 'All time',
  today: 'Today',
  last7: 'Last 7 days',
  last30: 'Last 30 days',
  thisMonth: 'This month',
  lastMonth: 'Last month',
};

/** UTC days, both inside; each is midnight UTC at the start of its day. */
export interface DayRange {
  readonly first: number;
  readonly last: number;
}

/** What holds across all views. */
export interface Filters {
  /** null: all time. */
  readonly range: DayRange | null;
  /** The preset that the range came from, if it did. */
  readonly preset: Preset | null;
  /** Users whose id holds this text; empty is all. */
  readonly search: string;
  /** Only what came from here: a connection, or files; null is everything. */
  readonly source: SourceRef | null;
}

const NO_FILTERS: Filters = { range: null, preset: 'all', search: '', source: null };

const filters = createSignal<Filters>(NO_FILTERS);

export const useFilters = (): Filters => useSignal(filters);
export const currentFilters = (): Filters => filters.get();

export function setPreset(preset: Preset): void {
  filters.set({ ...filters.get(), preset, range: presetRange(preset, Date.now()) });
}

export function setRange({ first, last }: DayRange): void {
  // Days typed the wrong way round mean the same span.
  const range = { first: Math.min(first, last), last: Math.max(first, last) };
  filters.set({ ...filters.get(), preset: null, range });
}

export function setSearch(search: string): void {
  filters.set({ ...filters.get(), search });
}

export function setSource(source: SourceRef | null): void {
  filters.set({ ...filters.get(), source });
}

/** Whether two references mean the same source. */
export const isSameSource = (a: SourceRef | null, b: SourceRef | null): boolean =>
  sourceKey(a) === sourceKey(b);

/** A source as text, for lists of choices. */
export function sourceKey(source: SourceRef | null): string {
  if (source === null) return 'all';
  if (source === 'files') return 'files';
  return 'origin' in source ? `origin ${source.origin}` : `connection ${source.connectionId}`;
}

export function clearFilters(): void {
  filters.set(NO_FILTERS);
}

export function hasFilters({ range, search, source }: Filters): boolean {
  return range !== null || search.trim() !== '' || source !== null;
}

/** The UTC days a preset means at a moment; null is all time. */
export function presetRange(preset: Preset, now: number): DayRange | null {
  const today = startOfDay(now);
  const date = new Date(now);
  const month = (shift: number) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + shift, 1);
  switch (preset) {
    case 'all':
      return null;
    case 'today':
      return { first: today, last: today };
    case 'last7':
      return { first: today - 6 * DAY_MS, last: today };
    case 'last30':
      return { first: today - 29 * DAY_MS, last: today };
    case 'thisMonth':
      return { first: month(0), last: today };
    case 'lastMonth':
      return { first: month(-1), last: month(0) - DAY_MS };
  }
}

/** The range as a condition of a query. */
function rangeFilter(range: DayRange | null): Filter {
  return range === null ? [] : [{ on: 'created_at', from: range.first, to: range.last + DAY_MS }];
}

/** The source as a condition of a query. */
export function sourceFilter(source: SourceRef | null): Filter {
  return source === null ? [] : [{ on: 'source', in: [source] }];
}

/** What holds for everything on screen: the range and the source. */
export function scopeFilter({ range, source }: Pick<Filters, 'range' | 'source'>): Filter {
  return [...rangeFilter(range), ...sourceFilter(source)];
}

/** All filters as conditions of a query. */
export function toFilter({ range, search, source }: Pick<Filters, 'range' | 'search' | 'source'>): Filter {
  const text = search.trim();
  const contains: readonly Condition[] = text === '' ? [] : [{ on: 'user', contains: text }];
  return [...scopeFilter({ range, source }), ...contains];
}

/** `2026-11-01 – 2026-11-22`, or the one day; the preset's name where there is one. */
export function rangeLabel({ range, preset }: Pick<Filters, 'range' | 'preset'>): string {
  if (preset !== null) return PRESET_LABELS[preset];
  if (range === null) return PRESET_LABELS.all;
  return formatDays(range.first, range.last);
}
