/** Compares the answers of a subject with the model's. */
import type { QueryApi } from '../../renderer/store/query/api.ts';
import { COLUMN_KEYS } from '../../shared/columns.ts';
import type {
  Aggregate,
  AggregateValue,
  CompareQuery,
  Coverage,
  Filter,
  GroupQuery,
  HistogramAnswer,
  HistogramQuery,
  RowsQuery,
} from '../../shared/query.ts';
import type { Question } from './arbitraries.ts';
import { difference, isClose, show } from './differences.ts';
import type { Model } from './model.ts';

/** Whatever answers questions: the store, or the engine without its database. */
export type Answers = QueryApi;

/** How many questions were not judged, since the order of two groups hung on the last bit of a division. */
export const tally = { asked: 0, passedOver: 0 };

/** @param asked the question with its origins as the subject knows them @returns the first difference, or null */
export async function judge(
  model: Model,
  subject: Answers,
  { ask, query }: Question,
  asked: Question = { ask, query } as Question,
): Promise<string | null> {
  tally.asked++;
  switch (ask) {
    case 'group':
      if (hangsOnLastBit(model, query)) return passOver();
      return difference(await subject.group(asked.query as GroupQuery), model.group(query));
    case 'compare':
      if (hangsOnLastBit(model, query)) return passOver();
      return difference(await subject.compare(asked.query as CompareQuery), model.compare(query));
    case 'facet':
      return difference(await subject.facet(asked.query as typeof query), model.facet(query));
    case 'rows':
      return difference(await subject.rows(asked.query as typeof query), model.page(query));
    case 'histogram': {
      const facts = model.histogram(query);
      // A single request may cost nine million dollars at most. What many sum up to may be more, and is spread less
      // exactly than it is summed.
      if (facts.sizes.some((size) => typeof size === 'bigint' && isHuge(size))) return passOver();
      return judgeHistogram(await subject.histogram(asked.query as typeof query), facts, query);
    }
  }
}

const isHuge = (amount: bigint): boolean => !Number.isSafeInteger(Number(amount / 10n ** 15n));

function passOver(): null {
  tally.passedOver++;
  return null;
}

/** Whether two groups have quotients that differ by less than what a division in another order may leave. */
function hangsOnLastBit(model: Model, query: GroupQuery | CompareQuery): boolean {
  const { by } = query.sort;
  const asked: Aggregate | undefined = query.aggregates[by];
  if (asked?.fn !== 'share' && asked?.fn !== 'rate') return false;
  const all = { ...query, offset: 0, limit: Number.POSITIVE_INFINITY };
  const values =
    'now' in all
      ? model.compare(all).groups.flatMap(({ now, before }) => {
          const [x, y] = [quotient(now?.[by]), quotient(before?.[by])];
          return [x, y, x - y];
        })
      : model.group(all).groups.map((group) => quotient(group.values[by]));
  values.sort((a, b) => a - b);
  return values.some((value, i) => {
    const next = values[i + 1];
    return next !== undefined && value !== next && isClose(value, next);
  });
}

const quotient = (value: AggregateValue | undefined): number => Number(value?.value ?? 0);

/** A histogram may choose its edges; it may not choose what lies between them. */
function judgeHistogram(
  { bins, known, unknown, min, max, coverage }: HistogramAnswer,
  facts: ReturnType<Model['histogram']>,
  query: HistogramQuery,
): string | null {
  const { sizes, ...rest } = facts;
  const plain = difference({ unknown, min, max, coverage, known }, { ...rest, known: sizes.length });
  if (plain) return plain;
  if (sizes.length === 0) return bins.length === 0 ? null : `bins of nothing: ${show(bins)}`;
  // Edges are round numbers, so there may be more than were asked for, but not many.
  if (bins.length > Math.max(3, 3 * query.bins) || bins.length > 202)
    return `${bins.length} bins where about ${query.bins} were asked for`;
  for (const [i, bin] of bins.entries()) {
    const next = bins[i + 1];
    if (!(bin.from < bin.to) && !(bins.length === 1 && bin.from === bin.to))
      return `bin ${i} ends before it begins: ${show(bin)}`;
    if (next && next.from !== bin.to) return `there is a gap behind bin ${i}: ${show([bin, next])}`;
    const inside = sizes.filter((size) => size >= bin.from && (next ? size < bin.to : size <= bin.to));
    if (inside.length !== bin.count) return `bin ${i} holds ${inside.length} of ${show(sizes)}: ${show(bin)}`;
  }
  const counted = bins.reduce((sum, bin) => sum + bin.count, 0);
  return counted === sizes.length ? null : `the bins hold ${counted} of ${sizes.length}`;
}

const EVERYTHING: RowsQuery = {
  filter: [],
  columns: [...COLUMN_KEYS, 'spend'],
  sort: { by: 'created_at', descending: true },
  offset: 0,
  limit: 1_000_000,
};

/** Every cell of every row, and how many there are and since when. */
export async function judgeEverything(
  model: Model,
  rows: Answers['rows'],
  status: Omit<Coverage, 'version'> | null,
): Promise<string | null> {
  const should = model.page(EVERYTHING);
  return (
    difference(await rows(EVERYTHING), should) ?? (status && difference(status, should.coverage, 'status'))
  );
}

/** The filter with files meant by their numbers turned into one with files meant by their origins. */
export function withOrigins(filter: Filter, origins: readonly number[]): Filter {
  return filter.map((condition) =>
    condition.on !== 'source'
      ? condition
      : {
          ...condition,
          in: condition.in.map((ref) =>
            typeof ref === 'object' && 'origin' in ref ? { origin: origins[ref.origin] ?? -1 } : ref,
          ),
        },
  );
}
