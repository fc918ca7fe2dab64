/** What the sample account's traffic consists of: models and their prices, apps, keys, kinds of traffic. */
import { randomOf, textHash, uuid } from './random.ts';
import type { SampleApp, SampleModel } from './types.ts';

/** Default end of the sample: fixed, so that the sample never changes. */
export const SAMPLE_END_TIME = Date.UTC(2026, 10, 16, 9, 0, 0);
/** How far back the account reaches from its end. */
export const SAMPLE_DAYS = 60;

export const SAMPLE_WORKSPACE = {
  id: '5b0d8f3e-7c1a-4f62-9e55-2d41c8a7b903',
  name: 'Default Workspace',
} as const;

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

export const TRAFFIC: readonly Traffic[] = [
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
export const BATCH = 3;
export const STAGING = 4;

export const COUNTRIES = ['US', 'DE', 'GB', 'FR', 'IN', 'BR', 'JP', 'NL', 'PL', 'CA'] as const;
export const USER_AGENTS = [
  'OpenAI/JS 6.49.0',
  'OpenAI/Python 2.8.1',
  'node',
  'python-requests/2.32.5',
] as const;
export const KEY_NAMES: readonly [string, boolean, string | null, string | null][] = [
  ['production', false, null, null],
  ['research', false, 'user_2sampleMember00000000001', 'Mira Okafor'],
  ['batch jobs, nightly', false, null, null],
  ['staging (old)', true, 'user_2sampleMember00000000002', 'Jon Vale'],
];
