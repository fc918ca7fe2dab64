import { useEffect, useState } from 'react';
import { type AppError, toAppError } from '../../../shared/errors.ts';
import type { Aggregate, Filter, Group } from '../../../shared/query.ts';
import { askGroups } from '../../hooks/ask.ts';
import { SCREEN_AGGREGATES } from '../users/users-query.ts';

const FIGURES = {
  ...SCREEN_AGGREGATES,
  credits: { fn: 'sum', of: 'cost_total' },
  byok: { fn: 'sum', of: 'byok_usage_inference' },
} as const satisfies Record<string, Aggregate>;

const MODEL_FIGURES = {
  requests: { fn: 'count' },
  spend: { fn: 'sum', of: 'spend' },
  share: { fn: 'share', of: 'spend' },
} as const satisfies Record<string, Aggregate>;

/** Models shown with the figures; the table below has them all. */
const MODELS_SHOWN = 5;

export type UserFigures = Group<keyof typeof FIGURES>['values'];
export type ModelFigures = Group<keyof typeof MODEL_FIGURES>;

export interface UserAnswer {
  readonly figures: UserFigures;
  /** The models with the largest spend. */
  readonly models: readonly ModelFigures[];
  readonly modelCount: number;
}

/** One user's figures under a filter; the last ones until the next are there. */
export function useUserFigures(
  filter: Filter,
  version: number,
): { answer: UserAnswer | null; error: AppError | null } {
  const [state, setState] = useState<{ answer: UserAnswer | null; error: AppError | null }>({
    answer: null,
    error: null,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is a reason to ask again
  useEffect(() => {
    let current = true;
    askFigures(filter).then(
      (answer) => current && setState({ answer, error: null }),
      (thrown) => current && setState({ answer: null, error: toAppError(thrown) }),
    );
    return () => {
      current = false;
    };
  }, [filter, version]);
  return state;
}

async function askFigures(filter: Filter): Promise<UserAnswer> {
  const [user, models] = await Promise.all([
    askGroups({
      filter,
      by: ['user'],
      aggregates: FIGURES,
      sort: { by: 'key', descending: false },
      offset: 0,
      limit: 1,
    }),
    askGroups({
      filter,
      by: ['model_permaslug'],
      aggregates: MODEL_FIGURES,
      sort: { by: 'spend', descending: true },
      offset: 0,
      limit: MODELS_SHOWN,
    }),
  ]);
  return { figures: user.totals, models: models.groups, modelCount: models.count };
}
