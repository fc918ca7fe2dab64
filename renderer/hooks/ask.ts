import type { GroupAnswer, GroupQuery } from '../../shared/query.ts';
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
