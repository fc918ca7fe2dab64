/**
 * A realistic OpenRouter account, made from a seed: the built-in sample, and the data behind the stand-in server.
 *
 * Every generation is computed from (seed, index) when it is asked for, so an account of a million rows holds
 * no rows. The same options give the same account on every machine: no clock, no Math.random.
 */

/** One attempt at a provider, as in `provider_responses`. */
export interface SampleProviderResponse {
  endpoint_id: string;
  id?: string;
  is_byok: boolean;
  latency: number;
  model_permaslug: string;
  provider_name: string;
  status: number | null;
}

/** `GenerationResponse.data` of OpenRouter's API, with every field it requires. Costs in USD, times in ms. */
export interface SampleGeneration {
  id: string;
  upstream_id: string | null;
  total_cost: number;
  cache_discount: number | null;
  upstream_inference_cost: number | null;
  created_at: string;
  model: string;
  app_id: number | null;
  streamed: boolean | null;
  cancelled: boolean | null;
  provider_name: string | null;
  latency: number | null;
  moderation_latency: number | null;
  generation_time: number | null;
  finish_reason: string | null;
  native_finish_reason: string | null;
  service_tier: string | null;
  tokens_prompt: number | null;
  tokens_completion: number | null;
  native_tokens_prompt: number | null;
  native_tokens_completion: number | null;
  native_tokens_completion_images: number | null;
  native_tokens_reasoning: number | null;
  native_tokens_cached: number | null;
  num_media_prompt: number | null;
  num_input_audio_prompt: number | null;
  num_media_completion: number | null;
  num_search_results: number | null;
  num_fetches: number | null;
  web_search_engine: string | null;
  origin: string;
  usage: number;
  is_byok: boolean;
  external_user: string | null;
  api_type: 'completions' | 'embeddings' | null;
  preset_id: string | null;
  router: string | null;
  provider_responses: SampleProviderResponse[] | null;
  user_agent: string | null;
  http_referer: string | null;
  data_region: 'global' | 'europe' | 'us';
  request_id: string | null;
  response_cache_source_id: string | null;
  session_id: string | null;
  workspace_id: string | null;
}

/** What the activity CSV and the analytics know about a generation and the generation endpoints do not say. */
export interface SampleExtra {
  /** UTC milliseconds of `created_at`. */
  created_ms: number;
  model_slug: string;
  model_permaslug: string;
  variant: 'standard' | 'free';
  /** The endpoint that served or, for a failed request, was tried: known even where `provider_name` is null. */
  endpoint_id: string;
  endpoint_provider: string;
  api_key_id: number;
  api_key_name: string;
  api_key_hash: string;
  api_key_disabled: boolean;
  app_name: string | null;
  /** The organisation's member who owns the key (not the end user); null for keys of the organisation itself. */
  member_id: string | null;
  member_name: string | null;
  country: string | null;
  time_to_first_token_ms: number | null;
  cost_web_search: number;
  cost_file_processing: number;
  /** Negative where a cache hit made the request cheaper, as in the CSV. */
  cost_cache: number;
}

export interface SampleRow {
  api: SampleGeneration;
  extra: SampleExtra;
}

export interface SampleKey {
  id: number;
  hash: string;
  name: string;
  disabled: boolean;
  member_id: string | null;
  member_name: string | null;
}

export interface SampleApp {
  id: number;
  name: string;
  referer: string;
}

/** One provider's offer of one model. Prices in pico-dollars (1e-12 USD) per token: always whole numbers. */
export interface SampleEndpoint {
  id: string;
  provider: string;
  prompt: number;
  completion: number;
  cached: number;
  /** Share of this endpoint's requests that run on the account's own provider key. */
  byok: number;
}

export interface SampleModel {
  slug: string;
  permaslug: string;
  variant: 'standard' | 'free';
  kind: 'chat' | 'reasoning' | 'embedding';
  endpoints: readonly SampleEndpoint[];
}

export interface SampleOptions {
  /** Whole number; another seed is another account. Default 1. */
  seed?: number;
  /** Generations in the account, up to 20 million. */
  rows: number;
  /** End users; the rarest may have no generation in a small account. At least 1. */
  users: number;
  /** UTC milliseconds just after the newest generation. Default `SAMPLE_END_TIME`. */
  endTime?: number;
}

export interface SampleAccount {
  readonly seed: number;
  readonly length: number;
  readonly endTime: number;
  readonly keys: readonly SampleKey[];
  /** Every end user id the account can contain, the busiest first. */
  readonly users: readonly string[];
  /** The generation at `index`, newest first. Throws RangeError outside 0…length−1. */
  generation(index: number): SampleRow;
  /** Only its time, UTC milliseconds: falls strictly as the index grows. */
  createdMs(index: number): number;
}

/** Default end of the sample: fixed, so that the sample never changes. */
export const SAMPLE_END_TIME = Date.UTC(2026, 10, 16, 9, 0, 0);
/** How far back the account reaches from its end. */
export const SAMPLE_DAYS = 60;

export const SAMPLE_WORKSPACE = {
  id: '5b0d8f3e-7c1a-4f62-9e55-2d41c8a7b903',
  name: 'Default Workspace',
} as const;

const HOUR = 3_600_000;
const HOURS = SAMPLE_DAYS * 24;
const PICO = 1e12;
const MAX_ROWS = 20_000_000;
/** Web search costs $4 per 1,000 results, file processing $2 per 1,000 pages. */
const PICO_PER_SEARCH_RESULT = 4_000_000_000;
const PICO_PER_PAGE = 2_000_000_000;

// ── The catalogue ────────────────────────────────────────────────────────────────────────────────────────────

/** USD per million tokens → pico-dollars per token; rounding only removes the float noise of the literal. */
const perMillion = (usd: number): number => Math.round(usd * 1e6);

type Offer = [provider: string, prompt: number, completion: number, cached: number, byok?: number];

function model(
  slug: string,
  permaslug: string,
  kind: SampleModel['kind'],
  offers: Offer[],
  variant: SampleModel['variant'] = 'standard',
): SampleModel {
  const endpoints = offers.map(([provider, prompt, completion, cached, byok = 0]) => ({
    id: uuid(randomOf(textHash(`${permaslug}:${variant}`), textHash(provider))),
    provider,
    prompt: perMillion(prompt),
    completion: perMillion(completion),
    cached: perMillion(cached),
    byok,
  }));
  return { slug, permaslug, variant, kind, endpoints };
}

/** Models, providers and list prices (USD per million prompt, completion and cached tokens). */
export const SAMPLE_MODELS: readonly SampleModel[] = [
  model('openai/gpt-4o-mini', 'openai/gpt-4o-mini-2024-07-18', 'chat', [
    ['OpenAI', 0.15, 0.6, 0.075],
    ['Azure', 0.15, 0.6, 0.075, 0.85],
  ]),
  model('openai/gpt-4.1', 'openai/gpt-4.1-2025-04-14', 'chat', [
    ['OpenAI', 2, 8, 0.5],
    ['Azure', 2, 8, 0.5, 0.85],
  ]),
  model('openai/gpt-5-mini', 'openai/gpt-5-mini-2025-08-07', 'reasoning', [['OpenAI', 0.25, 2, 0.025]]),
  model('openai/gpt-5', 'openai/gpt-5-2025-08-07', 'reasoning', [['OpenAI', 1.25, 10, 0.125]]),
  model('anthropic/claude-sonnet-4.5', 'anthropic/claude-4.5-sonnet-20250929', 'chat', [
    ['Anthropic', 3, 15, 0.3],
    ['Google', 3, 15, 0.3],
    ['Amazon Bedrock', 3, 15, 0.3, 0.85],
  ]),
  model('anthropic/claude-haiku-4.5', 'anthropic/claude-4.5-haiku-20251001', 'chat', [
    ['Anthropic', 1, 5, 0.1],
    ['Amazon Bedrock', 1, 5, 0.1, 0.85],
  ]),
  model('google/gemini-2.5-flash', 'google/gemini-2.5-flash', 'chat', [
    ['Google', 0.3, 2.5, 0.03],
    ['Google AI Studio', 0.3, 2.5, 0.03],
  ]),
  model('google/gemini-2.5-pro', 'google/gemini-2.5-pro', 'reasoning', [
    ['Google', 1.25, 10, 0.125],
    ['Google AI Studio', 1.25, 10, 0.125],
  ]),
  model('deepseek/deepseek-chat-v3.1', 'deepseek/deepseek-chat-v3.1', 'chat', [
    ['DeepInfra', 0.21, 0.79, 0.13],
    ['Fireworks', 0.56, 1.68, 0.28],
    ['SiliconFlow', 0.27, 1, 0.27],
  ]),
  model('meta-llama/llama-3.3-70b-instruct', 'meta-llama/llama-3.3-70b-instruct', 'chat', [
    ['DeepInfra', 0.13, 0.39, 0.13],
    ['Groq', 0.59, 0.79, 0.59],
    ['Together', 0.88, 0.88, 0.88],
  ]),
  model('x-ai/grok-4-fast', 'x-ai/grok-4-fast', 'reasoning', [['xAI', 0.2, 0.5, 0.05]]),
  model('openai/text-embedding-3-small', 'openai/text-embedding-3-small', 'embedding', [
    ['OpenAI', 0.02, 0, 0.02],
  ]),
  model(
    'meta-llama/llama-3.3-70b-instruct',
    'meta-llama/llama-3.3-70b-instruct',
    'chat',
    [['Venice', 0, 0, 0]],
    'free',
  ),
  model('deepseek/deepseek-r1-0528', 'deepseek/deepseek-r1-0528', 'reasoning', [['Chutes', 0, 0, 0]], 'free'),
];

/** The model as the generation endpoints name it: the permaslug, with `:free` for free variants. */
export const apiModelName = (model: SampleModel): string =>
  model.variant === 'standard' ? model.permaslug : `${model.permaslug}:${model.variant}`;

/** A kind of traffic: an app (or none), the key it runs on, and which models it prefers. */
interface Traffic {
  app: SampleApp | null;
  key: number;
  streamed: number;
  /** Typical prompt and completion tokens; actual ones scatter log-normally. */
  prompt: number;
  completion: number;
  cacheHits: number;
  search: number;
  files: number;
  /** Weight by index into SAMPLE_MODELS. */
  models: readonly number[];
}

export const SAMPLE_APPS: readonly SampleApp[] = [
  { id: 208_417, name: 'Helpdesk', referer: 'https://helpdesk.example/' },
  { id: 208_903, name: 'Drafts, the writing desk', referer: 'https://drafts.example/' },
  { id: 311_250, name: 'Research', referer: 'https://research.example/' },
];

const TRAFFIC: readonly Traffic[] = [
  {
    app: SAMPLE_APPS[0] ?? null,
    key: 0,
    streamed: 0.95,
    prompt: 1800,
    completion: 220,
    cacheHits: 0.55,
    search: 0,
    files: 0.01,
    models: [30, 4, 14, 0, 8, 14, 18, 0, 4, 4, 4, 0, 2, 0],
  },
  {
    app: SAMPLE_APPS[1] ?? null,
    key: 0,
    streamed: 0.9,
    prompt: 900,
    completion: 700,
    cacheHits: 0.25,
    search: 0.01,
    files: 0.03,
    models: [8, 12, 4, 6, 30, 8, 8, 6, 6, 6, 2, 0, 4, 2],
  },
  {
    app: SAMPLE_APPS[2] ?? null,
    key: 1,
    streamed: 0.4,
    prompt: 5200,
    completion: 1400,
    cacheHits: 0.4,
    search: 0.18,
    files: 0.05,
    models: [2, 6, 10, 16, 16, 2, 6, 20, 6, 2, 10, 2, 0, 4],
  },
  {
    app: null,
    key: 2,
    streamed: 0,
    prompt: 2600,
    completion: 160,
    cacheHits: 0.2,
    search: 0,
    files: 0.04,
    models: [24, 0, 10, 0, 0, 6, 10, 0, 12, 12, 2, 24, 4, 0],
  },
  {
    app: null,
    key: 3,
    streamed: 0.5,
    prompt: 500,
    completion: 150,
    cacheHits: 0.05,
    search: 0.01,
    files: 0,
    models: [20, 4, 10, 2, 8, 8, 10, 2, 6, 8, 4, 2, 10, 6],
  },
];
const BATCH = 3;
const STAGING = 4;

const COUNTRIES = ['US', 'DE', 'GB', 'FR', 'IN', 'BR', 'JP', 'NL', 'PL', 'CA'] as const;
const USER_AGENTS = ['OpenAI/JS 6.49.0', 'OpenAI/Python 2.8.1', 'node', 'python-requests/2.32.5'] as const;
const KEY_NAMES: readonly [string, boolean, string | null, string | null][] = [
  ['production', false, null, null],
  ['research', false, 'user_2sampleMember00000000001', 'Mira Okafor'],
  ['batch jobs, nightly', false, null, null],
  ['staging (old)', true, 'user_2sampleMember00000000002', 'Jon Vale'],
];

// ── Chance ───────────────────────────────────────────────────────────────────────────────────────────────────

interface Random {
  /** Starts the stream that belongs to the pair (a, b). */
  reseed(a: number, b: number): void;
  /** 32 random bits, unsigned. */
  bits(): number;
  /** 0 ≤ x < 1 */
  unit(): number;
  /** A whole number, 0 ≤ x < n. */
  below(n: number): number;
}

/** sfc32: small, fast, and its 96 seed bits keep every row's stream apart, as 32 bits would not. */
function createRandom(): Random {
  let a = 0;
  let b = 0;
  let c = 0;
  let counter = 1;
  const bits = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  return {
    reseed(first, second) {
      a = first | 0;
      b = second | 0;
      c = Math.floor(first / 0x1_0000_0000) ^ 0x9e37_79b9;
      counter = 1;
      for (let round = 0; round < 12; round++) bits();
    },
    bits,
    unit: () => bits() / 0x1_0000_0000,
    below: (n) => Math.floor((bits() / 0x1_0000_0000) * n),
  };
}

function randomOf(a: number, b: number): Random {
  const random = createRandom();
  random.reseed(a, b);
  return random;
}

/** FNV-1a, to seed from a name. */
function textHash(text: string): number {
  let hash = 0x811c_9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193);
  return hash >>> 0;
}

const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `length` letters and digits; five of them from each draw (62⁵ < 2³²). */
function alphanumeric(random: Random, length: number): string {
  let text = '';
  for (let bits = 0; text.length < length; bits = Math.floor(bits / 62)) {
    if (text.length % 5 === 0) bits = random.bits();
    text += ALPHANUMERIC[bits % 62];
  }
  return text;
}

function hex(random: Random, length: number): string {
  let text = '';
  while (text.length < length) text += random.bits().toString(16).padStart(8, '0');
  return text.slice(0, length);
}

function uuid(random: Random): string {
  const h = hex(random, 32);
  const variant = '89ab'[Number.parseInt(h.charAt(16), 16) % 4];
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-${variant}${h.slice(17, 20)}-${h.slice(20)}`;
}

/** Running totals of the weights, to draw from with `pick`. */
function cumulative(weights: Iterable<number>): Float64Array {
  let total = 0;
  return Float64Array.from(weights, (weight) => {
    total += weight;
    return total;
  });
}

/** The first index whose running total lies above `at`. */
function pick(totals: Float64Array, at: number): number {
  let low = 0;
  let high = totals.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (totals[middle]! > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A whole number below n, the small ones more often. */
function leaning(random: Random, n: number): number {
  const x = random.unit();
  return Math.floor(x * x * n);
}

const lastOf = (totals: Float64Array): number => totals[totals.length - 1] ?? 0;

// ── Users ────────────────────────────────────────────────────────────────────────────────────────────────────

interface User {
  id: string;
  traffic: number;
  favourite: number;
  country: string | null;
  /** Share of the account's time that had passed when this user came. */
  since: number;
}

/** Ids that break careless code: case-sensitive twins, separators, quotes, letters beyond ASCII, only digits. */
const ODD_IDS = [
  'Acme',
  'acme',
  'tenant-7,eu',
  'Größe-9',
  '0042',
  'o\'neil "beta"',
  'globex:EU',
  'globex:eu',
];
/** Where they stand: spread among the busy, starting after the busiest few. */
const oddIdAt = (rank: number): string | undefined => (rank % 5 === 3 ? ODD_IDS[(rank - 3) / 5] : undefined);

function createUsers(seed: number, count: number): User[] {
  const random = randomOf(seed, textHash('users'));
  return Array.from({ length: count }, (_, rank) => {
    const look = random.unit();
    // No two users share an id: numbers rise with the rank, an odd factor permutes the 32-bit hashes.
    const plain =
      look < 0.55
        ? `user_${20_000 + rank * 7 + random.below(7)}`
        : look < 0.8
          ? uuid(random)
          : (Math.imul(rank + 1, 0x9e37_79b1) >>> 0).toString(16).padStart(8, '0');
    const traffic = pick(TRAFFIC_SHARES, random.unit() * lastOf(TRAFFIC_SHARES));
    return {
      id: oddIdAt(rank) ?? plain,
      traffic,
      favourite: pickModel(traffic, random),
      country: random.unit() < 0.08 ? null : (COUNTRIES[leaning(random, COUNTRIES.length)] ?? null),
      since: random.unit() < 0.55 ? 0 : random.unit() * 0.95,
    };
  });
}

/** Among requests of end users: help desk, drafts, research, and hardly any batch or staging. */
const TRAFFIC_SHARES = cumulative([52, 30, 16, 1, 1]);
const MODEL_SHARES = TRAFFIC.map((traffic) => cumulative(traffic.models));

function pickModel(traffic: number, random: Random): number {
  const shares = MODEL_SHARES[traffic]!;
  return pick(shares, random.unit() * lastOf(shares));
}

// ── Time ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** Busyness of each hour of the account: grows over the weeks, falls at night and at the weekend, scatters. */
function createHours(seed: number, start: number): Float64Array {
  const random = randomOf(seed, textHash('hours'));
  return cumulative(
    Array.from({ length: HOURS }, (_, hour) => {
      const date = new Date(start + hour * HOUR);
      const day = date.getUTCDay();
      const growth = 1 + (1.4 * hour) / HOURS;
      const week = day === 0 ? 0.42 : day === 6 ? 0.5 : 1;
      // A day that peaks at 14:00 UTC: Math.cos may differ in its last digit between engines, a parabola cannot.
      const distance = Math.abs(((date.getUTCHours() + 22) % 24) - 12) / 12;
      const daily = 0.2 + 0.8 * (1 - distance * distance);
      return growth * week * daily * (0.7 + 0.6 * random.unit());
    }),
  );
}

// ── The account ──────────────────────────────────────────────────────────────────────────────────────────────

/** Approximately normal, from uniform draws only: Math.log and Math.cos are not the same on every machine. */
const bell = (random: Random): number => random.unit() + random.unit() + random.unit() + random.unit() - 2;

/** Scatters around `typical`, never below 1: mostly within a factor of four, now and then far above. */
function scatter(random: Random, typical: number): number {
  const x = bell(random) * 2;
  const spread = x < 0 ? 1 / (1 - x + x * x * 0.5) : 1 + x + x * x * 0.5;
  return Math.max(1, Math.round(typical * spread));
}

const isoMicroseconds = (ms: number, micros: number): string =>
  `${new Date(ms).toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}+00:00`;

function checkOptions({
  seed = 1,
  rows,
  users,
  endTime = SAMPLE_END_TIME,
}: SampleOptions): Required<SampleOptions> {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seed must be a whole number, not ${seed}`);
  if (!Number.isInteger(rows) || rows < 0 || rows > MAX_ROWS)
    throw new RangeError(`rows must be a whole number from 0 to ${MAX_ROWS}, not ${rows}`);
  if (!Number.isInteger(users) || users < 1) throw new RangeError(`users must be 1 or more, not ${users}`);
  if (!Number.isSafeInteger(endTime)) throw new RangeError(`endTime must be in milliseconds, not ${endTime}`);
  return { seed, rows, users, endTime };
}

/**
 * An account of `rows` generations by up to `users` end users over the 60 days before `endTime`.
 * Throws RangeError for options outside their bounds.
 */
export function createAccount(options: SampleOptions): SampleAccount {
  const { seed, rows, users: userCount, endTime } = checkOptions(options);
  const start = endTime - HOURS * HOUR;
  const hours = createHours(seed, start);
  const users = createUsers(seed, userCount);
  // A power law with exponent 1.25; square roots are exact on every machine, Math.pow is not.
  const userShares = cumulative(users.map((_, rank) => 1 / ((rank + 3) * Math.sqrt(Math.sqrt(rank + 40)))));
  const keys = KEY_NAMES.map(([name, disabled, member_id, member_name], index) => ({
    id: 1_904_311 + index * 1_117,
    hash: hex(randomOf(seed, textHash(name)), 64),
    name,
    disabled,
    member_id,
    member_name,
  }));
  const random = createRandom();

  /** Expects the row's stream at its start. Rows keep 0.2 of their step apart, so times fall strictly. */
  const timeOf = (index: number): number => {
    const position = (rows - 1 - index + 0.1 + 0.8 * random.unit()) / rows;
    const at = position * lastOf(hours);
    const hour = pick(hours, at);
    const before = hours[hour - 1] ?? 0;
    return Math.floor(start + (hour + (at - before) / (hours[hour]! - before)) * HOUR);
  };

  const begin = (index: number): void => {
    if (!(index >= 0 && index < rows))
      throw new RangeError(`no generation ${index} in an account of ${rows}`);
    random.reseed(seed, index + 1);
  };

  const pickUser = (passed: number): User => {
    for (let attempt = 0; attempt < 4; attempt++) {
      const user = users[pick(userShares, random.unit() * lastOf(userShares))]!;
      if (user.since <= passed) return user;
    }
    return users.find((user) => user.since <= passed) ?? users[0]!;
  };

  const createdMs = (index: number): number => {
    begin(index);
    return timeOf(index);
  };

  const generation = (index: number): SampleRow => {
    begin(index);
    const ms = timeOf(index);
    const seconds = Math.floor(ms / 1000);

    // Who asks, through which app and key, for which model, and which provider serves it.
    const anonymous = random.unit() < 0.07;
    const user = anonymous ? null : pickUser((ms - start) / (endTime - start));
    const trafficIndex = user ? user.traffic : random.unit() < 0.8 ? BATCH : STAGING;
    const traffic = TRAFFIC[trafficIndex]!;
    const modelIndex = user && random.unit() < 0.6 ? user.favourite : pickModel(trafficIndex, random);
    const chosen = SAMPLE_MODELS[modelIndex]!;
    const endpoint = chosen.endpoints[leaning(random, chosen.endpoints.length)]!;
    const key = keys[traffic.key]!;
    const embedding = chosen.kind === 'embedding';

    // How it ends.
    const fate = random.unit();
    const failed = fate < 0.018;
    const unserved = fate < 0.006;
    const streamed = !embedding && random.unit() < traffic.streamed;
    const cancelled = !failed && streamed && fate < 0.043;
    const byok = !unserved && endpoint.byok > 0 && random.unit() < endpoint.byok;
    const free = chosen.variant === 'free';

    // Tokens: reasoning lies inside completion, cached inside prompt.
    const prompt = scatter(random, embedding ? 600 : traffic.prompt);
    const fullCompletion = embedding
      ? 0
      : scatter(random, traffic.completion * (chosen.kind === 'reasoning' ? 2 : 1));
    const kept = failed ? (fate < 0.013 ? 0 : 0.3) : cancelled ? random.unit() : 1;
    const completion = Math.floor(fullCompletion * kept);
    const reasoning = chosen.kind === 'reasoning' ? Math.floor(completion * (0.2 + 0.6 * random.unit())) : 0;
    const cacheable = !failed && endpoint.cached < endpoint.prompt && prompt >= 1024;
    const cached =
      cacheable && random.unit() < traffic.cacheHits
        ? Math.floor((prompt * (0.5 + 0.45 * random.unit())) / 128) * 128
        : 0;

    // Money, in whole pico-dollars, so that it is exact.
    const charged = !unserved && !(failed && completion === 0);
    const searches = !failed && !byok && !free && random.unit() < traffic.search ? 5 : 0;
    const pages = !failed && !byok && !free && random.unit() < traffic.files ? 1 + random.below(24) : 0;
    const tokensPico = charged
      ? (prompt - cached) * endpoint.prompt + cached * endpoint.cached + completion * endpoint.completion
      : 0;
    const searchPico = searches * PICO_PER_SEARCH_RESULT;
    const pagesPico = pages * PICO_PER_PAGE;
    const savedPico = cached * (endpoint.prompt - endpoint.cached);
    // OpenRouter multiplies floats: on some rows that shows (0.00037035000000000003).
    const noisy = random.unit() < 0.12;
    const tokensCost =
      noisy && charged
        ? (prompt - cached) * (endpoint.prompt / PICO) +
          cached * (endpoint.cached / PICO) +
          completion * (endpoint.completion / PICO)
        : tokensPico / PICO;
    const credits = byok
      ? 0
      : noisy
        ? tokensCost + searchPico / PICO + pagesPico / PICO
        : (tokensPico + searchPico + pagesPico) / PICO;

    // Durations, in milliseconds.
    const first = embedding
      ? 40 + random.below(160)
      : scatter(random, chosen.kind === 'reasoning' ? 2200 : 600);
    const speed = 30 + random.below(120);
    const generationTime = first + Math.round((completion / speed) * 1000);
    const moderation = endpoint.provider === 'OpenAI' && random.unit() < 0.1 ? 20 + random.below(120) : null;

    const id = `gen-${seconds}-${alphanumeric(random, 20)}`;
    const upstreamId = unserved ? null : `chatcmpl-${alphanumeric(random, 24)}`;
    const fellBack = !failed && random.unit() < 0.03;
    const toolCall = !embedding && random.unit() < 0.12;
    const tooLong = random.unit() < 0.03;
    const finish = failed
      ? 'error'
      : cancelled || embedding
        ? null
        : toolCall
          ? 'tool_calls'
          : tooLong
            ? 'length'
            : 'stop';
    const sessionId =
      user && random.unit() < 0.3 ? `session-${user.id.length}-${Math.floor(seconds / 1800)}` : null;
    const attempt = (status: number, provider: SampleEndpoint, latency: number): SampleProviderResponse => ({
      endpoint_id: provider.id,
      is_byok: byok,
      latency,
      model_permaslug: chosen.permaslug,
      provider_name: provider.provider,
      status,
    });

    return {
      api: {
        id,
        upstream_id: upstreamId,
        total_cost: credits,
        cache_discount: cached > 0 ? savedPico / PICO : null,
        upstream_inference_cost: byok || random.unit() < 0.3 ? tokensCost : null,
        created_at: isoMicroseconds(ms, random.below(1000)),
        model: apiModelName(chosen),
        app_id: traffic.app?.id ?? null,
        streamed,
        cancelled,
        provider_name: unserved ? null : endpoint.provider,
        latency: unserved ? null : generationTime + 5 + random.below(60) + (moderation ?? 0),
        moderation_latency: moderation,
        generation_time: unserved ? null : generationTime,
        finish_reason: finish,
        native_finish_reason: finish === null || failed ? null : nativeFinish(endpoint.provider, finish),
        service_tier: random.unit() < 0.01 ? 'priority' : null,
        tokens_prompt: unserved ? null : prompt,
        tokens_completion: unserved ? null : completion,
        native_tokens_prompt: unserved ? null : prompt,
        native_tokens_completion: unserved ? null : completion,
        native_tokens_completion_images: unserved ? null : 0,
        native_tokens_reasoning: unserved ? null : reasoning,
        native_tokens_cached: unserved ? null : cached,
        num_media_prompt: embedding ? null : random.unit() < 0.03 ? 1 : 0,
        num_input_audio_prompt: embedding ? null : 0,
        num_media_completion: embedding ? null : 0,
        num_search_results: searches > 0 ? searches : null,
        num_fetches: null,
        web_search_engine: searches > 0 ? 'exa' : null,
        origin: traffic.app?.referer ?? '',
        usage: credits,
        is_byok: byok,
        external_user: user?.id ?? null,
        api_type: embedding ? 'embeddings' : 'completions',
        preset_id: null,
        router: random.unit() < 0.02 ? 'openrouter/auto' : null,
        provider_responses: unserved
          ? [attempt(429, endpoint, first)]
          : fellBack
            ? [
                attempt(429, chosen.endpoints[0]!, 90),
                { ...attempt(200, endpoint, first), id: upstreamId ?? '' },
              ]
            : null,
        user_agent: USER_AGENTS[trafficIndex % USER_AGENTS.length] ?? null,
        http_referer: traffic.app?.referer ?? null,
        data_region: user?.country === 'DE' && endpoint.provider === 'Google' ? 'europe' : 'global',
        request_id: `req-${seconds}-${alphanumeric(random, 20)}`,
        response_cache_source_id: null,
        session_id: sessionId,
        workspace_id: SAMPLE_WORKSPACE.id,
      },
      extra: {
        created_ms: ms,
        model_slug: chosen.slug,
        model_permaslug: chosen.permaslug,
        variant: chosen.variant,
        endpoint_id: endpoint.id,
        endpoint_provider: endpoint.provider,
        api_key_id: key.id,
        api_key_name: key.name,
        api_key_hash: key.hash,
        api_key_disabled: key.disabled,
        app_name: traffic.app?.name ?? null,
        member_id: key.member_id,
        member_name: key.member_name,
        country: user ? user.country : 'DE',
        time_to_first_token_ms: unserved || !streamed ? null : first,
        cost_web_search: searchPico / PICO,
        cost_file_processing: pagesPico / PICO,
        cost_cache: cached > 0 ? -savedPico / PICO : 0,
      },
    };
  };

  return { seed, length: rows, endTime, keys, users: users.map((user) => user.id), generation, createdMs };
}

/** The provider's own word for OpenRouter's finish reason. */
function nativeFinish(provider: string, finish: string): string {
  if (provider.startsWith('Google')) return { stop: 'STOP', length: 'MAX_TOKENS' }[finish] ?? 'STOP';
  if (provider === 'Anthropic' || provider === 'Amazon Bedrock')
    return { stop: 'end_turn', length: 'max_tokens', tool_calls: 'tool_use' }[finish] ?? finish;
  return finish;
}
