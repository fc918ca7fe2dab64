/** Everything that a report says, as plain data of one version of the store. */
import type { TextKey } from '../../shared/columns.ts';
import { AppFailure } from '../../shared/errors.ts';
import type { Aggregate, Coverage, Filter, GroupAnswer, GroupQuery, Values } from '../../shared/query.ts';
import { textKey, UTC_DAY } from '../../shared/query.ts';

const FIGURES = {
  requests: { fn: 'count' },
  spend: { fn: 'sum', of: 'spend' },
  credits: { fn: 'sum', of: 'cost_total' },
  byok: { fn: 'sum', of: 'byok_usage_inference' },
  prompt: { fn: 'sum', of: 'tokens_prompt' },
  completion: { fn: 'sum', of: 'tokens_completion' },
  reasoning: { fn: 'sum', of: 'tokens_reasoning' },
  cached: { fn: 'sum', of: 'tokens_cached' },
} as const satisfies Record<string, Aggregate>;
type Figure = keyof typeof FIGURES;
export type Figures = Values<Figure>;

/** The figures, their share of the spend, and how many names (users, models) they are of. */
export type Line = Values<Figure | 'share' | 'names'>;

/** The largest of something, all others as one line, and their total: the lines add up to it exactly. */
export interface Breakdown {
  readonly lines: readonly { readonly name: string | null; readonly values: Line }[];
  readonly other: { readonly values: Line } | null;
  readonly total: Line;
}

export interface DayLine {
  /** Its first millisecond, UTC. */
  readonly day: number;
  readonly values: Figures;
}

/** What the screen knows and the store does not. */
export interface ReportAbout {
  /** The one user that it is about; null where it is about all. `id` null: the requests without one. */
  readonly user: { readonly id: string | null } | null;
  readonly period: string;
  /** The first and last day of the period, UTC ms; null: all time. */
  readonly range: { readonly first: number; readonly last: number } | null;
  readonly zone: string;
  readonly filters: readonly string[];
  /** Why not everything of the period is in it. */
  readonly partial: readonly string[];
  /** The days that are not complete: as stretches in words, and one by one (UTC ms). */
  readonly gaps: string;
  readonly gapDays: readonly number[];
  /** UTC ms. */
  readonly madeAt: number;
  readonly appVersion: string;
  /** Whether it is of the built-in sample. */
  readonly sample: boolean;
}

export interface ReportFacts extends ReportAbout {
  readonly totals: Figures;
  /** null for one user. */
  readonly users: Breakdown | null;
  readonly models: Breakdown;
  /** Days with requests, ascending. */
  readonly days: readonly DayLine[];
  readonly coverage: Coverage;
}

const MOST_USERS = 25;
const MOST_MODELS = 15;
/** More days than there can be. */
const ALL_DAYS = 1_000_000;
const TRIES = 5;

export type Ask = <A extends string>(query: GroupQuery<A>) => Promise<GroupAnswer<A>>;

/**
 * Asks for the figures of a filter until all answers are of one version.
 * @throws AppFailure when the data never stop changing
 */
export async function gatherFacts(ask: Ask, filter: Filter, about: ReportAbout): Promise<ReportFacts> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const [users, models, days] = await Promise.all([
      about.user ? null : askBreakdown(ask, filter, 'user', MOST_USERS),
      askBreakdown(ask, filter, 'model_permaslug', MOST_MODELS),
      ask({
        filter,
        by: [UTC_DAY],
        aggregates: FIGURES,
        sort: { by: 'key', descending: false },
        offset: 0,
        limit: ALL_DAYS,
      }),
    ]);
    const { version } = days.coverage;
    if (models.version !== version || (users && users.version !== version)) continue;
    return {
      ...about,
      totals: days.totals,
      users: users?.breakdown ?? null,
      models: models.breakdown,
      days: days.groups.map(({ keys: [day], values }) => ({ day: Number(day), values })),
      coverage: days.coverage,
    };
  }
  throw new AppFailure({
    code: 'internal',
    title: 'The data kept changing while the report was made.',
    meaning: 'No report was written; your stored data are fine.',
    action: 'Wait until the sync or the import is done, then make it again.',
  });
}

async function askBreakdown(
  ask: Ask,
  filter: Filter,
  by: TextKey,
  limit: number,
): Promise<{ readonly breakdown: Breakdown; readonly version: number }> {
  const answer = await ask({
    filter,
    by: [by],
    aggregates: { ...FIGURES, share: { fn: 'share', of: 'spend' }, names: { fn: 'distinct', of: by } },
    sort: { by: 'spend', descending: true },
    offset: 0,
    limit,
    other: true,
  });
  return {
    breakdown: {
      lines: answer.groups.map((group) => ({ name: textKey(group), values: group.values })),
      other: answer.other,
      total: answer.totals,
    },
    version: answer.coverage.version,
  };
}
