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
export interface QueryApi {
  group<A extends string>(query: GroupQuery<A>, view?: string): Promise<GroupAnswer<A>>;
  compare<A extends string>(query: CompareQuery<A>, view?: string): Promise<CompareAnswer<A>>;
  rows(query: RowsQuery, view?: string): Promise<RowsAnswer>;
  facet(query: FacetQuery, view?: string): Promise<FacetAnswer>;
  histogram(query: HistogramQuery, view?: string): Promise<HistogramAnswer>;
}
