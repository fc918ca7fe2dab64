import { divide, formatMoney, toDecimal } from '../../../shared/money.ts';
import { type AggregateValue, asMoney, asNames, asNumber, textKey } from '../../../shared/query.ts';
import { formatCsvTime } from '../../../shared/time.ts';
import { type GridColumn, widthFor } from '../../components/data-grid/column.ts';
import {
  CountText,
  countTitle,
  DayText,
  MoneyText,
  moneyTitle,
  ShareText,
  shareTitle,
  timeTitle,
} from '../../components/figures.tsx';
import { cellText, countOf, decimalsFor, formatCount, titleText } from '../../components/format.ts';
import { NO_USER, NO_USER_ABOUT, UserId } from '../../components/user-id.tsx';
import { averageOf, differentOf, leastOf, mostOf, sumOf, totalWord, wholeOf } from '../../export/columns.ts';
import type { UserAggregate, UserRow, UserTotals } from './users-query.ts';

/** What is known about all users together: it decides how the columns are drawn. */
export interface UsersHead {
  readonly totals: UserTotals;
  /** Groups: the users, and the requests without one. */
  readonly groups: number;
  /** The largest share: the longest bar. */
  readonly mostShare: number;
}

const requestsOf = (row: { readonly values: UserTotals }): number => asNumber(row.values.requests) ?? 0;

const copyNumber = (value: AggregateValue): string => String(asNumber(value) ?? '');
const copyMoney = (value: AggregateValue): string =>
  typeof value.value === 'bigint' ? toDecimal(value.value) : '';

const numberOf = (id: UserAggregate) => (row: UserRow) => asNumber(row.values[id]);
const spendOf = (row: UserRow) => asMoney(row.values.spend);

/** The columns of the users table. */
export function usersColumns(head: UsersHead | null): readonly GridColumn<UserRow>[] {
  const totals = head?.totals;
  const spend = totals ? asMoney(totals.spend) : null;
  const spendDecimals = decimalsFor(
    spend === null ? null : divide(spend, Math.max(1, head?.groups ?? 1)),
    2,
    4,
  );
  const averageDecimals = decimalsFor(totals ? asMoney(totals.average) : null, 4, 6);
  const most = head?.mostShare ?? 0;

  const number = (
    id: UserAggregate,
    label: string,
    about: string,
    size: number,
    header: string,
    unit?: string,
  ): GridColumn<UserRow> => ({
    id,
    label,
    about,
    size: widthFor(formatCount((totals && asNumber(totals[id])) ?? 0), size),
    ...(unit === undefined ? {} : { unit }),
    align: 'end',
    largestFirst: true,
    cell: (row) => <CountText count={asNumber(row.values[id])} />,
    title: (row) => countTitle(row.values[id], requestsOf(row)),
    copy: (row) => copyNumber(row.values[id]),
    file: { header, kind: 'count', value: numberOf(id), total: sumOf(numberOf(id)) },
    footer: totals && <CountText count={asNumber(totals[id])} />,
    footerTitle: totals && countTitle(totals[id], requestsOf({ values: totals })),
  });

  const money = (
    id: UserAggregate,
    label: string,
    about: string,
    size: number,
    decimals: number,
    file: GridColumn<UserRow>['file'],
  ): GridColumn<UserRow> => ({
    id,
    label,
    about,
    size: widthFor(formatMoney((totals && asMoney(totals[id])) ?? 0n, decimals), size),
    align: 'end',
    largestFirst: true,
    cell: (row) => <MoneyText amount={asMoney(row.values[id])} decimals={decimals} />,
    title: (row) => moneyTitle(row.values[id], requestsOf(row)),
    copy: (row) => copyMoney(row.values[id]),
    file,
    footer: totals && <MoneyText amount={asMoney(totals[id])} decimals={decimals} />,
    footerTitle: totals && moneyTitle(totals[id], requestsOf({ values: totals })),
  });

  const time = (id: 'first' | 'last', label: string, about: string): GridColumn<UserRow> => ({
    id,
    label,
    unit: 'UTC',
    about,
    size: id === 'last' ? 116 : 104,
    align: 'end',
    largestFirst: true,
    cell: (row) => <DayText time={asNumber(row.values[id])} />,
    title: (row) => timeTitle(row.values[id]),
    copy: (row) => {
      const at = asNumber(row.values[id]);
      return at === null ? '' : formatCsvTime(at);
    },
    file: {
      header: id === 'first' ? 'first_seen_utc' : 'last_seen_utc',
      kind: 'time',
      value: numberOf(id),
      total: (id === 'first' ? leastOf : mostOf)(numberOf(id)),
    },
    footer: totals && <DayText time={asNumber(totals[id])} />,
    footerTitle: totals && timeTitle(totals[id]),
  });

  return [
    {
      id: 'user',
      label: 'User',
      about: 'Your own id of the end user, as sent in the request’s `user`.',
      align: 'start',
      size: 150,
      grows: true,
      cell: (row) => <UserId id={textKey(row)} />,
      title: (row) => {
        const user = textKey(row);
        return user === null ? NO_USER_ABOUT : titleText(user);
      },
      copy: (row) => textKey(row) ?? NO_USER,
      file: { header: 'user', kind: 'text', value: textKey, total: totalWord },
      footer: totals && (
        <>
          Total <Users totals={totals} />
        </>
      ),
      footerTitle: 'Of everything that the filters let through',
    },
    number('requests', 'Requests', 'Generations: requests and their answers.', 92, 'requests'),
    money('spend', 'Spend', 'Credits + BYOK.', 92, spendDecimals, {
      header: 'spend_usd',
      kind: 'money',
      value: spendOf,
      total: sumOf(spendOf),
    }),
    {
      id: 'share',
      label: 'Share of spend',
      about: 'Of the spend of all users shown here. The longest bar is the largest share.',
      align: 'end',
      size: 116,
      largestFirst: true,
      cell: (row) => <ShareText share={asNumber(row.values.share)} most={most} />,
      title: (row) => shareTitle(row.values.share, requestsOf(row)),
      copy: (row) => copyNumber(row.values.share),
      file: {
        header: 'share_of_spend',
        kind: 'fraction',
        value: numberOf('share'),
        total: wholeOf(spendOf),
      },
      footer: '',
    },
    number('prompt', 'Prompt', 'Prompt tokens, cached ones included.', 92, 'tokens_prompt', 'tokens'),
    number(
      'completion',
      'Completion',
      'Completion tokens, reasoning included.',
      96,
      'tokens_completion',
      'tokens',
    ),
    number(
      'reasoning',
      'Reasoning',
      'Reasoning tokens, inside the completion tokens.',
      90,
      'tokens_reasoning',
      'tokens',
    ),
    number('cached', 'Cached', 'Cached tokens, inside the prompt tokens.', 88, 'tokens_cached', 'tokens'),
    money('average', 'Avg / request', 'Spend ÷ the requests it is known for.', 108, averageDecimals, {
      header: 'spend_per_request_usd',
      kind: 'money',
      value: (row) => asMoney(row.values.average),
      total: averageOf((row) => ({ amount: spendOf(row), rows: row.values.spend.known })),
    }),
    {
      id: 'models',
      label: 'Models',
      about: 'How many different models were used; the name where it is one.',
      align: 'start',
      size: 90,
      largestFirst: true,
      cell: (row) => <Models row={row} />,
      title: (row) => asNames(row.values.modelNames).map(titleText).join('\n') || 'not known',
      copy: (row) => copyNumber(row.values.models),
      file: {
        header: 'models',
        kind: 'count',
        value: numberOf('models'),
        total: differentOf((row) => asNames(row.values.modelNames)),
      },
      footer: totals && countOf(asNumber(totals.models) ?? 0, 'model'),
      footerTitle: totals && asNames(totals.modelNames).slice(0, 40).map(titleText).join('\n'),
    },
    time('first', 'First seen', 'Time of the first request that the filters let through.'),
    time('last', 'Last seen', 'Time of the last request that the filters let through.'),
  ];
}

function Users({ totals }: { readonly totals: UserTotals }) {
  const users = asNumber(totals.users) ?? 0;
  return <span data-muted="">{countOf(users, 'user')}</span>;
}

function Models({ row }: { readonly row: UserRow }) {
  const count = asNumber(row.values.models);
  const names = asNames(row.values.modelNames);
  if (count === null || count === 0) return <CountText count={null} />;
  // The maker in front of the slash says less than the model's own name, and that is what fits.
  if (count === 1 && names[0] !== undefined) return cellText(names[0].replace(/^[^/]*\//, ''));
  return countOf(count, 'model');
}
