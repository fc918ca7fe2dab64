/** What the store can be asked. */
import type {
  CompareAnswer,
  CompareQuery,
  FacetAnswer,
  FacetQuery,
  GroupAnswer,
  GroupQuery,
  HistogramAnswer,
  HistogramQuery,
  RowsAnswer,
  RowsQuery,
} from '../../../shared/query.ts';

/**
 * Questions. With the name of a view, a newer question of the same view cancels the one under way, which then
 * fails with the code `stopped`.
 */
export interface QueryApi<View = string> {
  group<A extends string>(query: GroupQuery<A>, view?: View): Promise<GroupAnswer<A>>;
  compare<A extends string>(query: CompareQuery<A>, view?: View): Promise<CompareAnswer<A>>;
  rows(query: RowsQuery, view?: View): Promise<RowsAnswer>;
  facet(query: FacetQuery, view?: View): Promise<FacetAnswer>;
  histogram(query: HistogramQuery, view?: View): Promise<HistogramAnswer>;
}
