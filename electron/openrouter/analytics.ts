/**
 * Generations through `/analytics/*` (management keys only): a window of time is several queries, each by
 * `generation_id` and one thing more, joined on the id.
 */
import { z } from 'zod';
import type { GenerationBatch } from '../../shared/batch.ts';
import type { ColumnKey, SourceValue } from '../../shared/columns.ts';
import { AppFailure } from '../../shared/errors.ts';
import type { Span } from '../../shared/sync.ts';
import type { Client } from './client.ts';

/** The most rows the API gives at once. */
const MOST_ROWS = 10_000;
const ID = 'generation_id';
const COUNT = 'request_count';

/**
 * Metrics of one generation that are a column of the catalogue; sums over a single generation are its values.
 * `avg_latency` is left out: whether it is the whole latency or the time to the first token is not documented.
 */
const METRICS: Readonly<Record<string, ColumnKey>> = {
  credits_usage: 'cost_total',
  byok_usage: 'byok_usage_inference',
  usage_cache: 'cost_cache',
  usage_web: 'cost_web_search',
  usage_file: 'cost_file_processing',
  tokens_prompt: 'tokens_prompt',
  tokens_completion: 'tokens_completion',
  reasoning_tokens: 'tokens_reasoning',
  cached_tokens: 'tokens_cached',
  byok_request_count: 'is_byok',
};

/** The end user comes with the metrics. `user` would be a member of the organisation. */
const USER = 'external_user';

/** Dimensions that are a column; `api_key_id` and `app` come as their labels. */
const DIMENSIONS: Readonly<Record<string, ColumnKey>> = {
  model: 'model_permaslug',
  provider: 'provider_name',
  api_key_id: 'api_key_name',
  app: 'app_name',
  finish_reason: 'finish_reason_normalized',
  variant: 'variant',
};

const named = z.array(z.object({ name: z.string() }));
const metaSchema = z.object({ data: z.object({ metrics: named, dimensions: named }) });

const rowSchema = z.record(z.string(), z.unknown());
const resultSchema = z.object({
  data: z.object({
    data: z.array(rowSchema),
    metadata: z.object({ truncated: z.boolean().nullish() }).nullish(),
  }),
});
type Row = z.infer<typeof rowSchema>;

/** What can be asked for today: what the catalogue has use for, of what OpenRouter lists. */
export interface Offer {
  readonly metrics: readonly string[];
  readonly hasUser: boolean;
  /** Requests can be counted. */
  readonly hasCount: boolean;
  readonly dimensions: readonly string[];
}

/** One query's answer: a row for each generation. */
export interface Answered {
  readonly rows: readonly Row[];
  /** There would have been more. */
  readonly truncated: boolean;
}

/** A window of generations. */
export interface AnsweredWindow {
  readonly batch: GenerationBatch;
  readonly truncated: boolean;
}

/**
 * What `/analytics/meta` offers today.
 * @throws {AppFailure} `generations-not-offered` where generations cannot be told apart
 */
export async function readOffer(client: Client, signal?: AbortSignal): Promise<Offer> {
  const { data } = await client.call((sdk) => sdk.CALLS.analyticsMeta, { schema: metaSchema, signal });
  const metrics = new Set(data.metrics.map(({ name }) => name));
  const dimensions = new Set(data.dimensions.map(({ name }) => name));
  if (!dimensions.has(ID)) throw noGenerations();
  return {
    metrics: Object.keys(METRICS).filter((name) => metrics.has(name)),
    hasUser: dimensions.has(USER),
    hasCount: metrics.has(COUNT),
    dimensions: Object.keys(DIMENSIONS).filter((name) => dimensions.has(name)),
  };
}

/** Asks one query; how limits and failures are met is the caller's business. */
export type AskQuery = (body: Query) => Promise<Answered>;

export interface Query {
  readonly metrics: readonly string[];
  readonly dimensions: readonly string[];
  readonly time_range: { readonly start: string; readonly end: string };
  readonly limit: number;
}

/**
 * One analytics query. By hand: the SDK's schema of the answer drops every field of its rows.
 * @throws {AppFailure}; its status is 400 for a range that is not taken, 408 for one that is too heavy
 */
export async function askQuery(client: Client, body: Query, signal?: AbortSignal): Promise<Answered> {
  const { data } = await client.post('/analytics/query', body, { schema: resultSchema, signal });
  // Where nothing is said, as many as there may be are as good as too many.
  return { rows: data.data, truncated: data.metadata?.truncated ?? data.data.length >= body.limit };
}

/**
 * The generations of a window: of whole seconds, 31 days at most.
 * @returns what is there, which is not all of it where it is `truncated`
 */
export async function askWindow(offer: Offer, { from, to }: Span, ask: AskQuery): Promise<AnsweredWindow> {
  const range = { time_range: { start: second(from), end: second(to) }, limit: MOST_ROWS };
  const base = await ask({
    ...range,
    metrics: offer.metrics.length > 0 ? offer.metrics : [COUNT],
    dimensions: offer.hasUser ? [ID, USER] : [ID],
  });
  // A window that will be halved, or is empty, needs no more.
  const wanted = base.truncated || base.rows.length === 0 ? [] : offer.dimensions;
  const answers = await Promise.all(
    wanted.map((name) => ask({ ...range, metrics: [COUNT], dimensions: [ID, name] })),
  );
  const labels = answers.map((answer, i) => [wanted[i] as string, answer.rows] as const);
  return {
    batch: join(offer, base.rows, labels),
    truncated: base.truncated || answers.some(({ truncated }) => truncated),
  };
}

/**
 * How many generations there are in a span: of whole seconds, 365 days at most.
 * @returns null where the API does not say
 */
export async function askCount({ from, to }: Span, ask: AskQuery): Promise<number | null> {
  const time_range = { start: second(from), end: second(to) };
  const { rows } = await ask({ time_range, limit: 1, metrics: [COUNT], dimensions: [] });
  const count = rows.length === 0 ? 0 : Number(rows[0]?.[COUNT] ?? Number.NaN);
  return Number.isNaN(count) ? null : count;
}

/** What the API takes: seconds, and nothing finer. */
const second = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z');

/** The answers as columns. What no answer has of a generation is unknown. */
function join(
  offer: Offer,
  base: readonly Row[],
  labels: readonly (readonly [dimension: string, rows: readonly Row[]])[],
): GenerationBatch {
  const ids = base.map((row) => scalar(row[ID]));
  const columns: { [K in ColumnKey]?: SourceValue[] } = { generation_id: ids };
  if (offer.hasUser) columns.user = base.map((row) => scalar(row[USER]));
  for (const metric of offer.metrics) {
    const column = METRICS[metric] as ColumnKey;
    const read = column === 'is_byok' ? flag : scalar;
    columns[column] = base.map((row) => read(row[metric]));
  }
  for (const [dimension, rows] of labels) {
    const byId = new Map(rows.map((row) => [scalar(row[ID]), scalar(row[dimension])]));
    columns[DIMENSIONS[dimension] as ColumnKey] = ids.map((id) => byId.get(id));
  }
  return { rows: base.length, columns };
}

const scalar = (value: unknown): SourceValue =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;

/** Whether a count of one generation is more than nothing. */
const flag = (value: unknown): SourceValue =>
  value === null || value === undefined || value === '' ? null : Number(value) > 0;

function noGenerations(): AppFailure {
  return new AppFailure({
    code: 'generations-not-offered',
    title: 'OpenRouter’s analytics do not tell single generations apart today.',
    meaning: 'Nothing can be pulled with this key. The data stored here is unchanged.',
    action:
      'Download the activity CSV at openrouter.ai → Activity and drop it here. Try the key again another day.',
  });
}
