/** What the sample account is made of. */

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
