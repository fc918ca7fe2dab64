import type { SampleGeneration } from '../../shared/sample/types.ts';

const TOPICS = [
  'an invoice that arrived twice',
  'a parcel that is late',
  'a sentence to shorten',
  'a summary of a report',
];
const WORDS =
  'the answer depends on what was agreed so here is a short list of steps that usually help'.split(' ');

/** Invented but always the same: what was said in a seeded generation, in the shape of `/generation/content`. */
export function seededContent(api: SampleGeneration) {
  let hash = 0;
  for (let i = 0; i < api.id.length; i++) hash = (Math.imul(hash, 31) + api.id.charCodeAt(i)) >>> 0;
  const topic = TOPICS[hash % TOPICS.length];
  const words = Array.from({ length: 8 + (hash % 24) }, (_, i) => WORDS[(hash + i * 7) % WORDS.length]);
  const failed = api.finish_reason === 'error';
  const raw = '{"error":{"code":429,"message":"Resource exhausted"}}';
  return {
    input: { messages: [{ role: 'user', content: `Please help me with ${topic}.` }] },
    output: {
      completion: failed || api.api_type === 'embeddings' ? null : `${words.join(' ')}.`,
      reasoning: !failed && (api.native_tokens_reasoning ?? 0) > 0 ? `The question is about ${topic}.` : null,
    },
    error: failed
      ? {
          status: api.provider_name === null ? 429 : 502,
          message: api.provider_name === null ? 'Rate limit exceeded upstream' : 'Provider returned error',
          provider_name: api.provider_name,
          raw,
          previous_errors: (api.provider_responses ?? []).map((response) => ({
            code: response.status ?? 0,
            message: 'Provider returned error',
            provider_name: response.provider_name,
            raw,
          })),
        }
      : null,
  };
}
