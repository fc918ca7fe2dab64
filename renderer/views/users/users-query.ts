import type { Aggregate, Filter, Group, GroupQuery } from '../../../shared/query.ts';
import type { GridSort } from '../../components/data-grid/column.ts';

/** What the users table says of each user. The names are the ids of its columns. */
export const USER_AGGREGATES = {
  requests: { fn: 'count' },
  spend: { fn: 'sum', of: 'spend' },
  share: { fn: 'share', of: 'spend' },
  prompt: { fn: 'sum', of: 'tokens_prompt' },
  completion: { fn: 'sum', of: 'tokens_completion' },
  reasoning: { fn: 'sum', of: 'tokens_reasoning' },
  cached: { fn: 'sum', of: 'tokens_cached' },
  average: { fn: 'mean', of: 'spend' },
  models: { fn: 'distinct', of: 'model_permaslug' },
  first: { fn: 'min', of: 'created_at' },
  last: { fn: 'max', of: 'created_at' },
} as const satisfies Record<string, Aggregate>;

/** What the screen needs beyond that: the models' names, and in the totals how many users there are. */
export const SCREEN_AGGREGATES = {
  ...USER_AGGREGATES,
  modelNames: { fn: 'values', of: 'model_permaslug' },
  users: { fn: 'distinct', of: 'user' },
} as const satisfies Record<string, Aggregate>;

export type UserAggregate = keyof typeof USER_AGGREGATES;
export type ScreenAggregate = keyof typeof SCREEN_AGGREGATES;
export type UserRow = Group<ScreenAggregate>;
export type UserTotals = UserRow['values'];

export const DEFAULT_USERS_SORT: GridSort = { by: 'spend', descending: true };

const isSortKey = (name: string): name is UserAggregate => name in USER_AGGREGATES;

/** A sorting as the store knows it; the user column sorts by the group's key. */
export function storeSort(sort: GridSort): GroupQuery<UserAggregate>['sort'] {
  return { by: isSortKey(sort.by) ? sort.by : 'key', descending: sort.descending };
}

/** The users of a filter, one group each. */
export function usersQuery<A extends string>(
  filter: Filter,
  aggregates: Readonly<Record<A, Aggregate>>,
  sort: GroupQuery<NoInfer<A>>['sort'],
  offset: number,
  limit: number,
): GroupQuery<A> {
  return { filter, by: ['user'], aggregates, sort, offset, limit };
}
