import { apiModelName, SAMPLE_APPS, SAMPLE_MODELS, SAMPLE_WORKSPACE } from '../../shared/sample/catalogue.ts';
import type { SampleEndpoint, SampleKey, SampleModel, SampleRow } from '../../shared/sample/types.ts';

const PICO = 1e12;

/** A chat request, answered: everything that its generation and its answer are made of. */
export interface Exchange {
  /** Letters and digits that no other exchange of this server has. */
  nonce: string;
  /** UTC milliseconds. */
  at: number;
  /** 0…999: keeps the `created_at` of requests within one millisecond apart. */
  micros: number;
  model: SampleModel;
  endpoint: SampleEndpoint;
  user: string | null;
  sessionId: string | null;
  streamed: boolean;
  promptTokens: number;
  words: string[];
  finish: 'stop' | 'length';
  key: SampleKey;
  referer: string | null;
  title: string | null;
  userAgent: string | null;
}

/** The model that a client means by `name`: slug or permaslug, with `:free` for free variants. */
export const findModel = (name: string): SampleModel | undefined =>
  SAMPLE_MODELS.find(
    (model) =>
      apiModelName(model) === name ||
      (model.variant === 'standard' ? model.slug : `${model.slug}:${model.variant}`) === name,
  );

/** About four characters a token, as tokenizers have it, and a few tokens for each message's frame. */
export const countPromptTokens = (texts: readonly string[]): number =>
  texts.reduce((tokens, text) => tokens + 4 + Math.ceil(text.length / 4), 0);

/** The answer's words (one token each), cut at `maxTokens`. */
export function answer(texts: readonly string[], maxTokens: number): Pick<Exchange, 'words' | 'finish'> {
  const asked = texts.at(-1) ?? '';
  const all =
    `You wrote ${asked.length} characters. This is the answer of a stand-in: no model has read them.`.split(
      ' ',
    );
  return { words: all.slice(0, maxTokens), finish: all.length > maxTokens ? 'length' : 'stop' };
}

/** Costs in whole pico-dollars, so that they are exact. */
export function costs({ model, endpoint, promptTokens, words }: Exchange) {
  const prompt = promptTokens * endpoint.prompt;
  const completion = words.length * endpoint.completion;
  const byok = endpoint.byok > 0 && model.variant === 'standard';
  return {
    byok,
    credits: byok ? 0 : (prompt + completion) / PICO,
    upstream: (prompt + completion) / PICO,
    upstreamPrompt: prompt / PICO,
    upstreamCompletion: completion / PICO,
  };
}

export const generationId = ({ at, nonce }: Exchange): string => `gen-${Math.floor(at / 1000)}-${nonce}`;

/** The `usage` of a chat answer, as OpenRouter accounts it. */
export function usage(exchange: Exchange) {
  const { byok, credits, upstream, upstreamPrompt, upstreamCompletion } = costs(exchange);
  return {
    prompt_tokens: exchange.promptTokens,
    completion_tokens: exchange.words.length,
    total_tokens: exchange.promptTokens + exchange.words.length,
    cost: credits,
    is_byok: byok,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    cost_details: {
      upstream_inference_cost: byok ? upstream : null,
      upstream_inference_prompt_cost: upstreamPrompt,
      upstream_inference_completions_cost: upstreamCompletion,
    },
    completion_tokens_details: { reasoning_tokens: 0 },
  };
}

/** The generation that the exchange becomes in the account. */
export function generationOf(exchange: Exchange): SampleRow {
  const { model, endpoint, at, key, referer, title } = exchange;
  const { byok, credits, upstream } = costs(exchange);
  const app = SAMPLE_APPS.find((known) => known.referer === referer || known.name === title);
  const appName = app?.name ?? title ?? referer;
  const first = 180 + exchange.promptTokens;
  const generationTime = first + exchange.words.length * 12;
  const completionTokens = exchange.words.length;
  return {
    api: {
      id: generationId(exchange),
      upstream_id: `chatcmpl-${exchange.nonce}`,
      total_cost: credits,
      cache_discount: null,
      upstream_inference_cost: byok ? upstream : null,
      created_at: `${new Date(at).toISOString().slice(0, -1)}${String(exchange.micros).padStart(3, '0')}+00:00`,
      model: apiModelName(model),
      app_id: app?.id ?? (appName === null ? null : 900_000 + appName.length),
      streamed: exchange.streamed,
      cancelled: false,
      provider_name: endpoint.provider,
      latency: generationTime + 20,
      moderation_latency: null,
      generation_time: generationTime,
      finish_reason: exchange.finish,
      native_finish_reason: exchange.finish,
      service_tier: null,
      tokens_prompt: exchange.promptTokens,
      tokens_completion: completionTokens,
      native_tokens_prompt: exchange.promptTokens,
      native_tokens_completion: completionTokens,
      native_tokens_completion_images: 0,
      native_tokens_reasoning: 0,
      native_tokens_cached: 0,
      num_media_prompt: 0,
      num_input_audio_prompt: 0,
      num_media_completion: 0,
      num_search_results: null,
      num_fetches: null,
      web_search_engine: null,
      origin: referer ?? '',
      usage: credits,
      is_byok: byok,
      external_user: exchange.user,
      api_type: 'completions',
      preset_id: null,
      router: null,
      provider_responses: null,
      user_agent: exchange.userAgent,
      http_referer: referer,
      data_region: 'global',
      request_id: `req-${Math.floor(at / 1000)}-${exchange.nonce}`,
      response_cache_source_id: null,
      session_id: exchange.sessionId,
      workspace_id: SAMPLE_WORKSPACE.id,
    },
    extra: {
      created_ms: at,
      model_slug: model.slug,
      model_permaslug: model.permaslug,
      variant: model.variant,
      endpoint_id: endpoint.id,
      endpoint_provider: endpoint.provider,
      api_key_id: key.id,
      api_key_name: key.name,
      api_key_hash: key.hash,
      api_key_disabled: key.disabled,
      app_name: appName,
      member_id: key.member_id,
      member_name: key.member_name,
      country: null,
      time_to_first_token_ms: exchange.streamed ? first : null,
      cost_web_search: 0,
      cost_file_processing: 0,
      cost_cache: 0,
    },
  };
}
