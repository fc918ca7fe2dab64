/** The users table as CSV: every number exact, every user, in the order on screen. */
import Papa from 'papaparse';
import { AppFailure } from '../../shared/errors.ts';
import { toDecimal } from '../../shared/money.ts';
import type { AggregateValue, Filter, Group, GroupAnswer, GroupQuery } from '../../shared/query.ts';
import { formatCsvTime } from '../../shared/time.ts';
import type { GridSort } from '../components/data-grid/column.ts';
import {
  asNumber,
  storeSort,
  USER_AGGREGATES,
  type UserAggregate,
  usersQuery,
} from '../views/users/users-query.ts';

export const USERS_CSV_HEADER = [
  'user',
  'requests',
  'spend_usd',
  'share_of_spend',
  'tokens_prompt',
  'tokens_completion',
  'tokens_reasoning',
  'tokens_cached',
  'spend_per_request_usd',
  'models',
  'first_seen_utc',
  'last_seen_utc',
] as const;

const WINDOW = 5_000;
/** How often to begin anew when the data change in the middle: while a sync or an import runs. */
const TRIES = 5;

type Ask = (query: GroupQuery<UserAggregate>) => Promise<GroupAnswer<UserAggregate>>;

/**
 * The table in pieces of text. All of it is of one version of the data: when they change in the middle, it begins
 * anew, for half of one version and half of another would add up to neither.
 */
export async function usersCsv(
  ask: Ask,
  filter: Filter,
  sort: GridSort,
): Promise<{ readonly pieces: readonly string[]; readonly lines: number }> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const written = await tryUsersCsv(ask, filter, sort);
    if (written) return written;
  }
  throw new AppFailure({
    code: 'internal',
    title: 'The data kept changing while the table was exported.',
    meaning: 'No file was written; your stored data are fine.',
    action: 'Wait until the sync or the import is done, then export again.',
  });
}

async function tryUsersCsv(ask: Ask, filter: Filter, sort: GridSort) {
  const pieces = [`${USERS_CSV_HEADER.join(',')}\n`];
  let lines = 0;
  let version: number | undefined;
  for (;;) {
    const answer = await ask(usersQuery(filter, USER_AGGREGATES, storeSort(sort), lines, WINDOW));
    version ??= answer.coverage.version;
    if (answer.coverage.version !== version) return undefined;
    if (answer.groups.length > 0) pieces.push(usersCsvLines(answer.groups));
    lines += answer.groups.length;
    if (lines >= answer.count || answer.groups.length === 0) return { pieces, lines };
  }
}

/** Groups as lines of CSV (RFC 4180, but for the line end, which is LF as in OpenRouter's exports). */
export function usersCsvLines(groups: readonly Group<UserAggregate>[]): string {
  const cells = groups.map(({ keys: [key], values }) => [
    String(key ?? ''),
    count(values.requests),
    money(values.spend),
    fraction(values.share),
    count(values.prompt),
    count(values.completion),
    count(values.reasoning),
    count(values.cached),
    money(values.average),
    count(values.models),
    time(values.first),
    time(values.last),
  ]);
  return `${Papa.unparse(cells, { newline: '\n' })}\n`;
}

const count = (value: AggregateValue): string => String(asNumber(value) ?? '');
const money = ({ value }: AggregateValue): string => (typeof value === 'bigint' ? toDecimal(value) : '');
const time = ({ value }: AggregateValue): string => (typeof value === 'number' ? formatCsvTime(value) : '');

/** A fraction of 1 with 15 decimals, never with an exponent. */
const fraction = ({ value }: AggregateValue): string =>
  typeof value === 'number' ? value.toFixed(15).replace(/\.?0+$/, '') : '';
