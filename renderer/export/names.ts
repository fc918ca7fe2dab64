import { formatDay } from '../../shared/time.ts';
import type { DayRange } from '../hooks/filters.ts';

export interface NameParts {
  /** What it holds: `whospent_users`. */
  readonly stem: string;
  /** null: all time, which is named by the day it was written on. */
  readonly range: DayRange | null;
  /** Not everything of the period is in it, or it is still changing. */
  readonly partial: boolean;
  /** Without a dot. */
  readonly extension: string;
}

/** `whospent_users_2026-11-22.csv`, `whospent_users_2026-11-01_2026-11-22_partial.csv` */
export function suggestedName({ stem, range, partial, extension }: NameParts, now = Date.now()): string {
  const days = range === null ? [now] : [...new Set([range.first, range.last])];
  return `${[stem, ...days.map(formatDay), ...(partial ? ['partial'] : [])].join('_')}.${extension}`;
}

const LONGEST = 60;

/** A text from outside as a part of a file's name: what no system takes for a path or a command. */
export function namePart(text: string): string {
  const safe = text.replace(/[^\p{L}\p{N}._@+-]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '');
  return [...safe].slice(0, LONGEST).join('') || 'user';
}
