/** Whospent's own store, asked as its screens ask it. */

import {
  DEFAULT_USERS_SORT,
  SCREEN_AGGREGATES,
  type ScreenAggregate,
  storeSort,
  usersQuery,
} from '../../../renderer/views/users/users-query.ts';
import type { Money } from '../../../shared/money.ts';
import {
  type AggregateValue,
  type Filter,
  type Group,
  type GroupAnswer,
  type GroupQuery,
  type RowsAnswer,
  UTC_DAY,
} from '../../../shared/query.ts';
import type { World } from '../../lab/page/world.ts';
import type { DataOptions } from '../data.ts';
import { type Asked, measured } from '../engine.ts';
import {
  type Answer,
  type Cell,
  GROUPS,
  type Question,
  RANGE,
  ROWS,
  SEARCH,
  SOME_MODELS,
  windowStart,
} from '../questions.ts';

/** The profile holds the data already. */
export async function load({ store }: World): Promise<void> {
  await store.open('account');
}

export function ask(
  world: World,
  { question, data, runs }: { question: Question; data: DataOptions; runs: number },
): Promise<Asked> {
  switch (question) {
    case 'users':
      return measured(runs, (run) => world.store.group(users([anew(run)])), usersAnswer);
    case 'filtered': {
      const query = (run: number) =>
        users([
          { on: 'created_at', ...RANGE },
          { on: 'model_permaslug', in: SOME_MODELS },
          { on: 'user', contains: SEARCH },
          anew(run),
        ]);
      return measured(runs, (run) => world.store.group(query(run)), usersAnswer);
    }
    case 'latency':
      return measured(
        runs,
        (run) => world.store.group(latencyQuery([anew(run)])),
        (answer) =>
          groupAnswer(answer, ({ keys, values }) => [keys[0] as Cell, plain(values.p50), plain(values.p95)]),
      );
    case 'days':
      return measured(
        runs,
        (run) => world.store.group(daysQuery([{ on: 'created_at', ...RANGE }, anew(run)])),
        (answer) =>
          groupAnswer(answer, ({ keys, values }) => [
            ...(keys as Cell[]),
            plain(values.requests),
            plain(values.spend),
          ]),
      );
    case 'rows':
      return measured(
        runs,
        (run) => rows(world, [anew(run)], 0),
        (answer) => rowsAnswer(answer, true),
      );
    case 'window':
      return measured(
        runs,
        (run) => rows(world, [], windowStart(run, data.rows)),
        (answer) => rowsAnswer(answer, false),
      );
  }
}

/** True of every row, and new each time: the store keeps answers, and it is the work that is measured. */
const anew = (run: number): Filter[number] => ({ on: 'created_at', from: -1 - run });

const users = (filter: Filter): GroupQuery<ScreenAggregate> =>
  usersQuery(filter, SCREEN_AGGREGATES, storeSort(DEFAULT_USERS_SORT), 0, GROUPS);

const latencyQuery = (filter: Filter): GroupQuery<'p50' | 'p95'> => ({
  filter,
  by: ['user'],
  aggregates: {
    p50: { fn: 'quantile', of: 'generation_time_ms', percent: 50 },
    p95: { fn: 'quantile', of: 'generation_time_ms', percent: 95 },
  },
  sort: { by: 'p95', descending: true },
  offset: 0,
  limit: GROUPS,
});

const daysQuery = (filter: Filter): GroupQuery<'requests' | 'spend'> => ({
  filter,
  by: ['user', UTC_DAY],
  aggregates: { requests: { fn: 'count' }, spend: { fn: 'sum', of: 'spend' } },
  sort: { by: 'spend', descending: true },
  offset: 0,
  limit: GROUPS,
});

const COLUMNS = [
  'generation_id',
  'spend',
  'created_at',
  'user',
  'model_permaslug',
  'provider_name',
  'cost_total',
  'byok_usage_inference',
  'tokens_prompt',
  'tokens_completion',
  'tokens_reasoning',
  'tokens_cached',
  'generation_time_ms',
  'time_to_first_token_ms',
  'finish_reason_normalized',
  'variant',
  'streamed',
  'cancelled',
  'app_name',
  'api_key_name',
] as const;

const rows = ({ store }: World, filter: Filter, offset: number): Promise<RowsAnswer> =>
  store.rows({ filter, columns: COLUMNS, sort: { by: 'spend', descending: true }, offset, limit: ROWS });

const YOCTOS_PER_NANO = 10n ** 15n;

function plain(aggregate: AggregateValue | undefined): number | null {
  const value = aggregate?.value;
  if (typeof value === 'bigint') return nanos(value);
  return typeof value === 'number' ? value : null;
}

const nanos = (amount: Money): number => Number(amount / YOCTOS_PER_NANO);

function groupAnswer<A extends string>(
  { count, groups, totals }: GroupAnswer<A>,
  cells: (group: Group<A>) => Cell[],
): Answer {
  const { spend } = totals as Partial<Record<string, AggregateValue>>;
  return { count, spend: plain(spend) ?? 0, rows: groups.map(cells) };
}

const usersAnswer = (answer: GroupAnswer<ScreenAggregate>): Answer =>
  groupAnswer(answer, ({ keys, values }) => [
    keys[0] as string | null,
    plain(values.requests),
    plain(values.spend),
    plain(values.prompt),
    plain(values.completion),
    plain(values.reasoning),
    plain(values.cached),
    plain(values.models),
    plain(values.first),
    plain(values.last),
    [...((values.modelNames.value ?? []) as readonly string[])].sort().join(' '),
  ]);

const rowsAnswer = ({ rows: list, count }: RowsAnswer, first: boolean): Answer => ({
  count,
  spend: 0,
  rows: list.map(([id, spend]) => (first ? [String(id), nanos(spend as Money)] : [nanos(spend as Money)])),
});
