/**
 * A realistic OpenRouter account, made from a seed: the built-in sample, and the data behind the stand-in server.
 *
 * Every generation is computed from (seed, index) when it is asked for, so an account of a million rows holds
 * no rows. The same options give the same account on every machine: no clock, no Math.random.
 */
import {
  apiModelName,
  BATCH,
  KEY_NAMES,
  SAMPLE_DAYS,
  SAMPLE_END_TIME,
  SAMPLE_MODELS,
  SAMPLE_WORKSPACE,
  STAGING,
  TRAFFIC,
  USER_AGENTS,
} from './catalogue.ts';
import {
  alphanumeric,
  createRandom,
  cumulative,
  hex,
  lastOf,
  leaning,
  pick,
  type Random,
  randomOf,
  textHash,
} from './random.ts';
import type {
  SampleAccount,
  SampleEndpoint,
  SampleOptions,
  SampleProviderResponse,
  SampleRow,
} from './types.ts';
import { createUsers, pickModel, type User } from './users.ts';

const HOUR = 3_600_000;
const HOURS = SAMPLE_DAYS * 24;
const PICO = 1e12;
const MAX_ROWS = 20_000_000;
/** Web search costs $4 per 1,000 results, file processing $2 per 1,000 pages. */
const PICO_PER_SEARCH_RESULT = 4_000_000_000;
const PICO_PER_PAGE = 2_000_000_000;

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
