import type { GroupAnswer, GroupQuery } from '../../shared/query.ts';
import { store } from '../client.ts';

/** Groups from the store. Comlink's types forget which aggregates were asked for; this remembers. */
export function askGroups<A extends string>(
  query: Omit<GroupQuery<A>, 'sort'> & { readonly sort: GroupQuery<NoInfer<A>>['sort'] },
): Promise<GroupAnswer<A>> {
  return store.group(query) as Promise<GroupAnswer<A>>;
}
