/**
 * The catalogue: every column of a generation, once. How a column is stored, read from CSV and API, written
 * out, shown and filtered derives from its entry here; adding a column is adding one entry.
 *
 * The columns with `csv: true` stand in the order of OpenRouter's newest row-level activity CSV (Sep 2026), and
 * their keys are its header. The rest is known only from the API.
 */

/**
 * - `id`: the generation's identity, case-sensitive text
 * - `time`: UTC milliseconds
 * - `text`: a string from a dictionary; the empty string means unknown
 * - `count`: a whole number (tokens)
 * - `duration`: milliseconds, may have a fraction
 * - `money`: dollars, exact
 * - `flag`: true or false
 *
 * Any value but the id and the time may be unknown, which is not 0, not false and not an empty text.
 */
export type ColumnKind = 'id' | 'time' | 'text' | 'count' | 'duration' | 'money' | 'flag';

/** A value as a source gives it: CSV cells are strings, the API's JSON has all of these. */
export type SourceValue = string | number | boolean | null | undefined;

/** One generation as the API gives it: JSON of unknown content. */
export type ApiGeneration = Readonly<Record<string, unknown>>;

export interface Column {
  readonly key: string;
  readonly kind: ColumnKind;
  /** Heading on screen. */
  readonly label: string;
  /** Shown in headings behind the label. */
  readonly unit?: string;
  /** What it means, for tooltips. */
  readonly about: string;
  /** Part of the row-level activity CSV, under its key. */
  readonly csv: boolean;
  /** Reads the value from a generation of the API; absent where the API has no such field. */
  readonly api?: (generation: ApiGeneration) => SourceValue;
}

/** A plain field of the API's generation. Anything but a scalar is unknown. */
const field =
  (name: string) =>
  (generation: ApiGeneration): SourceValue => {
    const value = generation[name];
    switch (typeof value) {
      case 'string':
      case 'number':
      case 'boolean':
        return value;
      default:
        return null;
    }
  };

/** The API may write a variant behind the model (`meta-llama/llama-3.3-70b-instruct:free`); the CSV never does. */
function splitModel(generation: ApiGeneration): [model: SourceValue, variant: SourceValue] {
  const model = field('model')(generation);
  if (typeof model !== 'string') return [model, null];
  const colon = model.lastIndexOf(':');
  return colon > 0 ? [model.slice(0, colon), model.slice(colon + 1)] : [model, null];
}

/** The API gives the saving as a positive discount, the CSV as a negative cost. */
function cacheCost(generation: ApiGeneration): SourceValue {
  const discount = field('cache_discount')(generation);
  if (typeof discount === 'number') return 0 - discount;
  if (typeof discount !== 'string' || discount === '') return discount;
  return discount.startsWith('-') ? discount.slice(1) : `-${discount}`;
}

/**
 * Only a BYOK generation was paid at the provider; on others `upstream_inference_cost` repeats what OpenRouter
 * charged, and adding it would count it twice.
 */
function byokCost(generation: ApiGeneration): SourceValue {
  const byok = generation.is_byok;
  if (byok === true) return field('upstream_inference_cost')(generation);
  return byok === false ? 0 : null;
}

const csv = true;

export const COLUMNS = [
  {
    key: 'generation_id',
    kind: 'id',
    label: 'Generation',
    about: 'OpenRouter’s id of one request and its answer.',
    csv,
    api: field('id'),
  },
  {
    key: 'created_at',
    kind: 'time',
    label: 'Time',
    unit: 'UTC',
    about: 'When the request was made.',
    csv,
    api: field('created_at'),
  },
  {
    key: 'cost_total',
    kind: 'money',
    label: 'Credits',
    unit: '$',
    about: 'What OpenRouter charged in credits; 0 where your own provider key was used.',
    csv,
    api: field('total_cost'),
  },
  {
    key: 'cost_web_search',
    kind: 'money',
    label: 'Web search',
    unit: '$',
    about: 'The part of the credits that web search cost.',
    csv,
  },
  {
    key: 'cost_cache',
    kind: 'money',
    label: 'Cache',
    unit: '$',
    about: 'What caching changed: negative where a cache hit made the request cheaper.',
    csv,
    api: cacheCost,
  },
  {
    key: 'cost_file_processing',
    kind: 'money',
    label: 'File processing',
    unit: '$',
    about: 'The part of the credits that reading files cost.',
    csv,
  },
  {
    key: 'byok_usage_inference',
    kind: 'money',
    label: 'BYOK',
    unit: '$',
    about: 'What the provider charged your own key.',
    csv,
    api: byokCost,
  },
  {
    key: 'tokens_prompt',
    kind: 'count',
    label: 'Prompt',
    unit: 'tokens',
    about: 'Prompt tokens, cached ones included.',
    csv,
    api: field('tokens_prompt'),
  },
  {
    key: 'tokens_completion',
    kind: 'count',
    label: 'Completion',
    unit: 'tokens',
    about: 'Completion tokens, reasoning included.',
    csv,
    api: field('tokens_completion'),
  },
  {
    key: 'tokens_reasoning',
    kind: 'count',
    label: 'Reasoning',
    unit: 'tokens',
    about: 'Reasoning tokens, inside the completion tokens.',
    csv,
    api: field('native_tokens_reasoning'),
  },
  {
    key: 'tokens_cached',
    kind: 'count',
    label: 'Cached',
    unit: 'tokens',
    about: 'Cached tokens, inside the prompt tokens.',
    csv,
    api: field('native_tokens_cached'),
  },
  {
    key: 'model_permaslug',
    kind: 'text',
    label: 'Model',
    about: 'The model that answered.',
    csv,
    api: (g) => splitModel(g)[0],
  },
  {
    key: 'provider_name',
    kind: 'text',
    label: 'Provider',
    about: 'Who ran the model.',
    csv,
    api: field('provider_name'),
  },
  {
    key: 'variant',
    kind: 'text',
    label: 'Variant',
    about: 'The model’s variant: standard, free, …',
    csv,
    api: (g) => splitModel(g)[1],
  },
  {
    key: 'cancelled',
    kind: 'flag',
    label: 'Cancelled',
    about: 'Whether the request was cancelled.',
    csv,
    api: field('cancelled'),
  },
  {
    key: 'streamed',
    kind: 'flag',
    label: 'Streamed',
    about: 'Whether the answer was streamed.',
    csv,
    api: field('streamed'),
  },
  {
    key: 'user',
    kind: 'text',
    label: 'User',
    about: 'Your own id of the end user, as sent in the request’s `user`.',
    csv,
    api: field('external_user'),
  },
  {
    key: 'finish_reason_raw',
    kind: 'text',
    label: 'Finish (raw)',
    about: 'Why the answer ended, in the provider’s words.',
    csv,
    api: field('native_finish_reason'),
  },
  {
    key: 'finish_reason_normalized',
    kind: 'text',
    label: 'Finish',
    about: 'Why the answer ended, in OpenRouter’s words.',
    csv,
    api: field('finish_reason'),
  },
  {
    key: 'generation_time_ms',
    kind: 'duration',
    label: 'Latency',
    unit: 'ms',
    about: 'How long the generation took.',
    csv,
    api: field('generation_time'),
  },
  {
    key: 'time_to_first_token_ms',
    kind: 'duration',
    label: 'First token',
    unit: 'ms',
    about: 'Time to first token.',
    csv,
  },
  {
    key: 'api_key_disabled',
    kind: 'flag',
    label: 'Key disabled',
    about: 'Whether the API key is disabled now.',
    csv,
  },
  {
    key: 'api_key_name',
    kind: 'text',
    label: 'API key',
    about: 'The name of the API key that was used.',
    csv,
  },
  { key: 'app_name', kind: 'text', label: 'App', about: 'The app that made the request.', csv },
  {
    key: 'is_byok',
    kind: 'flag',
    label: 'BYOK',
    about: 'Whether your own provider key was used.',
    csv: false,
    api: field('is_byok'),
  },
  {
    key: 'native_tokens_prompt',
    kind: 'count',
    label: 'Native prompt',
    unit: 'tokens',
    about: 'Prompt tokens as the provider counts them.',
    csv: false,
    api: field('native_tokens_prompt'),
  },
  {
    key: 'native_tokens_completion',
    kind: 'count',
    label: 'Native completion',
    unit: 'tokens',
    about: 'Completion tokens as the provider counts them.',
    csv: false,
    api: field('native_tokens_completion'),
  },
  {
    key: 'latency_ms',
    kind: 'duration',
    label: 'Total latency',
    unit: 'ms',
    about: 'The API’s `latency`.',
    csv: false,
    api: field('latency'),
  },
  {
    key: 'app_id',
    kind: 'text',
    label: 'App id',
    about: 'The number of the app that made the request.',
    csv: false,
    api: field('app_id'),
  },
  {
    key: 'api_type',
    kind: 'text',
    label: 'API type',
    about: 'completions, embeddings, image, …',
    csv: false,
    api: field('api_type'),
  },
  {
    key: 'router',
    kind: 'text',
    label: 'Router',
    about: 'The router that chose the model.',
    csv: false,
    api: field('router'),
  },
  {
    key: 'service_tier',
    kind: 'text',
    label: 'Service tier',
    about: 'The tier the provider says it ran the request on.',
    csv: false,
    api: field('service_tier'),
  },
  {
    key: 'data_region',
    kind: 'text',
    label: 'Region',
    about: 'The data region the request was routed through.',
    csv: false,
    api: field('data_region'),
  },
] as const satisfies readonly Column[];

type Entry = (typeof COLUMNS)[number];
export type ColumnKey = Entry['key'];
type KeyOf<K extends ColumnKind> = Extract<Entry, { kind: K }>['key'];
export type TextKey = KeyOf<'text'>;
export type CountKey = KeyOf<'count'>;
export type DurationKey = KeyOf<'duration'>;
export type MoneyKey = KeyOf<'money'>;
export type FlagKey = KeyOf<'flag'>;
export type NumberKey = CountKey | DurationKey;

const BY_KEY = new Map<string, Column>(COLUMNS.map((column) => [column.key, column]));

/** The catalogue's entry of a column. */
export function column(key: ColumnKey): Column {
  return BY_KEY.get(key) as Column;
}

/** Whether a text is the key of a column. */
export function isColumnKey(key: string): key is ColumnKey {
  return BY_KEY.has(key);
}

export const COLUMN_KEYS: readonly ColumnKey[] = COLUMNS.map((entry) => entry.key);

/** The header of OpenRouter's newest row-level activity CSV, in its order. */
export const CSV_KEYS: readonly ColumnKey[] = COLUMNS.filter((entry) => entry.csv).map((entry) => entry.key);

/**
 * Spend, as OpenRouter's activity page defines it: credits + BYOK. Unknown only where both are.
 */
export const SPEND_PARTS = ['cost_total', 'byok_usage_inference'] as const satisfies readonly MoneyKey[];
