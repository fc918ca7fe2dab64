import type { Filter, GroupAnswer, GroupQuery } from '../../shared/query.ts';
import { store } from '../client.ts';

/**
 * Groups from the store. Comlink's types forget which aggregates were asked for; this remembers.
 * @param view cancels what the view of this name asked before
 */
export function askGroups<A extends string>(
  query: Omit<GroupQuery<A>, 'sort'> & { readonly sort: GroupQuery<NoInfer<A>>['sort'] },
  view?: string,
): Promise<GroupAnswer<A>> {
  return store.group(query, view) as Promise<GroupAnswer<A>>;
}

/** How many requests a filter lets through. */
export async function askCount(filter: Filter): Promise<number> {
  const { coverage } = await askGroups({
    filter,
    by: ['user'],
    aggregates: {},
    sort: { by: 'key', descending: false },
    offset: 0,
    limit: 0,
  });
  return coverage.rows;
}
