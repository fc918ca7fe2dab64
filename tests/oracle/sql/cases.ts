/** What both are asked: every aggregate, every kind of filter, every kind of group. */
import type { BucketUnit, Quantity } from '../../../shared/query.ts';
import {
  count,
  daysOf,
  distinct,
  type GroupCase,
  known,
  max,
  mean,
  min,
  quantile,
  rate,
  share,
  sum,
  values,
} from './ask.ts';

const bucket = (every: BucketUnit, zone: string) => ({ every, zone }) as const;
/** Where midnight comes twice, DuckDB takes the second; the day begins at the first. */
const FIRST_MIDNIGHT = `CASE WHEN date_trunc('day', date_trunc('day', created_at) - INTERVAL 1 HOUR) = date_trunc('day', created_at)
  THEN date_trunc('day', created_at) - INTERVAL 1 HOUR ELSE date_trunc('day', created_at) END`;
// Hours are counted without `date_trunc`, which takes the two hours that follow each other when a clock is set back
// for one.
const IN_HOURS = 'epoch_ms(created_at) // 3600000 * 3600000';
/** From the beginning of one UTC day to that of another. */
function during(first: string, end: string): Required<Pick<GroupCase, 'filter' | 'where'>> {
  const { range, where } = daysOf(first, end);
  return { filter: [{ on: 'created_at', ...range }], where };
}
const dollars = (text: string): bigint => {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const amount = BigInt(whole + fraction.padEnd(24, '0'));
  return text.startsWith('-') ? -amount : amount;
};

const MONEY = {
  requests: count,
  spend: sum('spend'),
  credits: sum('cost_total'),
  byok: sum('byok_usage_inference'),
  cache: sum('cost_cache'),
  search: sum('cost_web_search'),
};
const SIZES = { requests: count, spend: sum('spend'), prompt: sum('tokens_prompt') };
const percentiles = (of: Quantity, ...percents: readonly number[]) =>
  Object.fromEntries(percents.map((percent) => [`p${percent}`, quantile(of, percent)]));
const most = (by: string) => ({ by, descending: true });

const FEBRUARY = during('2026-02-01', '2026-03-01');

export const GROUP_CASES: readonly GroupCase[] = [
  { name: 'money of each user', by: ['user'], figures: MONEY },
  {
    name: 'tokens of each user',
    by: ['user'],
    figures: {
      prompt: sum('tokens_prompt'),
      completion: sum('tokens_completion'),
      reasoning: sum('tokens_reasoning'),
      cached: sum('tokens_cached'),
    },
  },
  {
    name: 'durations of each user',
    by: ['user'],
    figures: {
      all: sum('generation_time_ms'),
      first: sum('time_to_first_token_ms'),
      mean: mean('generation_time_ms'),
    },
  },
  {
    name: 'flags of each model',
    by: ['model_permaslug'],
    figures: {
      cancelled: sum('cancelled'),
      cancelledShare: mean('cancelled'),
      streamed: mean('streamed'),
      disabled: share('api_key_disabled'),
    },
  },
  {
    name: 'how much is known of each model',
    by: ['model_permaslug'],
    figures: {
      user: known('user'),
      spend: known('spend'),
      credits: known('cost_total'),
      files: known('cost_file_processing'),
      flag: known('cancelled'),
      time: known('generation_time_ms'),
      prompt: known('tokens_prompt'),
    },
  },
  {
    name: 'means of money',
    by: ['user'],
    figures: { spend: mean('spend'), credits: mean('cost_total'), cache: mean('cost_cache') },
    sort: most('spend'),
  },
  {
    name: 'means of tokens',
    by: ['api_key_name'],
    figures: { prompt: mean('tokens_prompt'), completion: mean('tokens_completion') },
  },
  {
    name: 'shares of spend, the greatest first',
    by: ['user'],
    figures: { share: share('spend'), spend: sum('spend') },
    sort: most('spend'),
  },
  {
    name: 'shares of tokens within a filter',
    by: ['model_permaslug'],
    figures: { share: share('tokens_prompt') },
    filter: [{ on: 'streamed', in: [true] }],
    where: 'streamed',
  },
  { name: 'cache hits', by: ['model_permaslug'], figures: { hit: rate('tokens_cached', 'tokens_prompt') } },
  {
    name: 'tokens a second',
    by: ['provider_name'],
    figures: { speed: rate('tokens_completion', 'generation_time_ms', 1000) },
  },
  {
    name: 'dollars a million tokens',
    by: ['user'],
    figures: { price: rate('spend', 'tokens_prompt', 1_000_000) },
  },
  {
    name: 'money per money',
    by: ['api_key_name'],
    figures: { saved: rate('cost_cache', 'cost_total'), search: rate('cost_web_search', 'spend') },
  },
  { name: 'tokens per dollar', by: ['variant'], figures: { yield: rate('tokens_completion', 'spend') } },
  {
    name: 'smallest and greatest amounts',
    by: ['user'],
    figures: {
      least: min('spend'),
      most: max('spend'),
      cacheLeast: min('cost_cache'),
      cacheMost: max('cost_cache'),
    },
  },
  {
    name: 'smallest and greatest numbers',
    by: ['finish_reason_normalized'],
    figures: {
      least: min('tokens_prompt'),
      most: max('tokens_prompt'),
      quick: min('generation_time_ms'),
      slow: max('generation_time_ms'),
    },
  },
  {
    name: 'first and last time',
    by: ['user'],
    figures: { first: min('created_at'), last: max('created_at') },
    sort: most('last'),
  },
  { name: 'quartiles of tokens', by: ['model_permaslug'], figures: percentiles('tokens_prompt', 25, 50, 75) },
  {
    name: 'high percentiles of durations',
    by: ['provider_name'],
    figures: percentiles('generation_time_ms', 90, 95, 99),
  },
  { name: 'percentiles of spend', by: ['api_key_name'], figures: percentiles('spend', 0, 10, 50, 95, 100) },
  {
    name: 'percentiles of a column with negatives',
    by: ['variant'],
    figures: percentiles('cost_cache', 1, 50, 99),
  },
  {
    name: 'medians of small groups',
    by: ['user'],
    figures: {
      p50: quantile('tokens_completion', 50),
      p95: quantile('spend', 95),
      p5: quantile('time_to_first_token_ms', 5),
    },
    sort: most('p95'),
  },
  {
    name: 'how many models each user has',
    by: ['user'],
    figures: { models: distinct('model_permaslug'), keys: distinct('api_key_name') },
    sort: most('models'),
  },
  {
    name: 'how many users each model has',
    by: ['model_permaslug'],
    figures: { users: distinct('user'), reasons: distinct('finish_reason_raw') },
    sort: most('users'),
  },
  {
    name: 'which models each user has',
    by: ['user'],
    figures: { models: values('model_permaslug'), variants: values('variant') },
  },
  { name: 'which users each key has', by: ['api_key_name'], figures: { users: values('user') } },

  { name: 'user and model', by: ['user', 'model_permaslug'], figures: MONEY },
  {
    name: 'model and flag, descending',
    by: ['model_permaslug', 'cancelled'],
    figures: SIZES,
    sort: { by: 'key', descending: true },
  },
  { name: 'a count as the group', by: ['tokens_reasoning'], figures: SIZES, limit: 50 },
  {
    name: 'a duration as the group',
    by: ['generation_time_ms'],
    figures: { requests: count },
    sort: most('requests'),
    limit: 40,
  },
  {
    name: 'an amount as the group',
    by: ['spend'],
    figures: { requests: count, users: distinct('user') },
    sort: most('requests'),
    limit: 40,
  },
  { name: 'a flag as the group', by: ['streamed'], figures: MONEY },

  { name: 'days in UTC', by: [bucket('day', 'UTC')], figures: MONEY },
  { name: 'days in Berlin', by: [bucket('day', 'Europe/Berlin')], figures: SIZES },
  { name: 'days in New York', by: [bucket('day', 'America/New_York')], figures: SIZES },
  {
    name: 'days in Havana, which may begin at one o’clock',
    by: [bucket('day', 'America/Havana')],
    keys: [`epoch_ms(${FIRST_MIDNIGHT})`],
    figures: SIZES,
  },
  { name: 'weeks in India', by: [bucket('week', 'Asia/Kolkata')], figures: SIZES },
  { name: 'weeks in Auckland', by: [bucket('week', 'Pacific/Auckland')], figures: SIZES },
  { name: 'months in Los Angeles', by: [bucket('month', 'America/Los_Angeles')], figures: MONEY },
  {
    name: 'months in Nepal, descending',
    by: [bucket('month', 'Asia/Kathmandu')],
    figures: SIZES,
    sort: { by: 'key', descending: true },
  },
  {
    name: 'hours in Berlin while the clock is set',
    by: [bucket('hour', 'Europe/Berlin')],
    keys: [IN_HOURS],
    figures: SIZES,
    ...during('2026-10-20', '2026-10-30'),
  },
  {
    name: 'hours in Adelaide, half an hour apart',
    by: [bucket('hour', 'Australia/Adelaide')],
    keys: ['(epoch_ms(created_at) + 1800000) // 3600000 * 3600000 - 1800000'],
    figures: SIZES,
    ...during('2026-04-01', '2026-04-08'),
  },
  {
    name: 'minutes of a day',
    by: [bucket('minute', 'UTC')],
    figures: SIZES,
    ...during('2026-03-05', '2026-03-06'),
  },
  {
    name: 'days of each user, the dearest first',
    by: [bucket('day', 'Europe/Berlin'), 'user'],
    figures: SIZES,
    sort: most('spend'),
    limit: 100,
  },
  {
    name: 'models and keys of each week',
    by: ['model_permaslug', bucket('week', 'UTC'), 'api_key_name'],
    figures: { spend: sum('spend'), p50: quantile('spend', 50), hit: rate('tokens_cached', 'tokens_prompt') },
  },

  {
    name: 'the ten dearest users and all others',
    by: ['user'],
    figures: {
      ...MONEY,
      share: share('spend'),
      p95: quantile('spend', 95),
      models: distinct('model_permaslug'),
      mean: mean('spend'),
    },
    sort: most('spend'),
    limit: 10,
  },
  {
    name: 'a window in the middle',
    by: ['user'],
    figures: SIZES,
    sort: { by: 'prompt', descending: false },
    offset: 100,
    limit: 25,
  },
  { name: 'nothing of the list, all of it other', by: ['user'], figures: SIZES, limit: 0 },

  {
    name: 'some users, and those without one',
    by: ['user'],
    figures: MONEY,
    filter: [{ on: 'user', in: ['user-3', 'two\nlines', '😀', 'nobody', null] }],
    where: `"user" IN ('user-3', 'two\nlines', '😀', 'nobody') OR "user" IS NULL`,
  },
  {
    name: 'all but some models',
    by: ['model_permaslug'],
    figures: MONEY,
    filter: [{ on: 'model_permaslug', notIn: ['openai/gpt-4o'] }],
    where: `model_permaslug IS DISTINCT FROM 'openai/gpt-4o'`,
  },
  {
    name: 'all but some models, and not the unknown',
    by: ['model_permaslug'],
    figures: MONEY,
    filter: [{ on: 'model_permaslug', notIn: ['openai/gpt-4o', null] }],
    where: `model_permaslug <> 'openai/gpt-4o'`,
  },
  {
    name: 'users whose name holds a text',
    by: ['user'],
    figures: SIZES,
    filter: [{ on: 'user', contains: 'ZOË' }],
    where: `lower("user") LIKE '%zoë%'`,
  },
  {
    name: 'users with a quote or a comma',
    by: ['user'],
    figures: SIZES,
    filter: [{ on: 'user', contains: '"' }],
    where: `"user" LIKE '%"%'`,
  },
  {
    name: 'cancelled, or not known whether',
    by: ['cancelled'],
    figures: SIZES,
    filter: [{ on: 'cancelled', in: [true, null] }],
    where: 'cancelled IS NOT FALSE',
  },
  {
    name: 'from so many tokens to so many',
    by: ['api_key_name'],
    figures: MONEY,
    filter: [{ on: 'tokens_prompt', atLeast: 100, atMost: 5000 }],
    where: 'tokens_prompt BETWEEN 100 AND 5000',
  },
  {
    name: 'slower than',
    by: ['provider_name'],
    figures: SIZES,
    filter: [{ on: 'generation_time_ms', atLeast: 1000.25 }],
    where: 'generation_time_ms >= 1000.25',
  },
  {
    name: 'dearer than, to the last digit',
    by: ['user'],
    figures: MONEY,
    filter: [{ on: 'spend', atLeast: dollars('0.000123'), atMost: dollars('2.000000000000001') }],
    where: `spend BETWEEN 0.000123::DECIMAL(38,24) AND 2.000000000000001::DECIMAL(38,24)`,
  },
  {
    name: 'what caching saved',
    by: ['model_permaslug'],
    figures: MONEY,
    filter: [{ on: 'cost_cache', atMost: dollars('-0.0001') }],
    where: 'cost_cache <= -0.0001::DECIMAL(38,24)',
  },
  {
    name: 'with a user, without a model',
    by: ['user'],
    figures: SIZES,
    filter: [
      { on: 'user', known: true },
      { on: 'model_permaslug', known: false },
    ],
    where: `"user" IS NOT NULL AND model_permaslug IS NULL`,
  },
  {
    name: 'without any cost',
    by: ['user'],
    figures: { requests: count, spend: sum('spend') },
    filter: [{ on: 'spend', known: false }],
    where: 'spend IS NULL',
  },
  {
    name: 'one month, one key, streamed',
    by: ['user', 'finish_reason_normalized'],
    figures: MONEY,
    filter: [...FEBRUARY.filter, { on: 'api_key_name', in: ['Production'] }, { on: 'streamed', in: [true] }],
    where: `${FEBRUARY.where} AND api_key_name = 'Production' AND streamed`,
  },
  {
    name: 'nothing at all',
    by: ['user'],
    figures: {
      spend: sum('spend'),
      mean: mean('spend'),
      share: share('spend'),
      p50: quantile('spend', 50),
      users: distinct('user'),
    },
    filter: [{ on: 'user', in: [] }],
    where: 'false',
  },
];
