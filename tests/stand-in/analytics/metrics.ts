import type { SampleRow } from '../../../shared/sample/types.ts';
import { ExactSum } from '../exact-sum.ts';

/** Gathers one metric over the generations of one group. */
export interface Accumulator {
  add(row: SampleRow): void;
  /** Counts as strings, costs and rates as numbers, as OpenRouter answers; null where nothing is known. */
  value(): string | number | null;
}

export interface Metric {
  label: string;
  format: 'number' | 'currency' | 'percent' | 'latency' | 'throughput';
  /** How long a query's range may be. */
  days: 31 | 365;
  start(): Accumulator;
}

type Reader = (row: SampleRow) => number | null;

const LONG = 365;
const SHORT = 31;

function count(label: string, read: Reader, days: Metric['days'] = LONG): Metric {
  return {
    label,
    format: 'number',
    days,
    start() {
      let sum = 0;
      return {
        add: (row) => {
          sum += read(row) ?? 0;
        },
        value: () => String(sum),
      };
    },
  };
}

function cost(label: string, read: Reader, days: Metric['days'] = LONG): Metric {
  return {
    label,
    format: 'currency',
    days,
    start() {
      const sum = new ExactSum();
      return { add: (row) => sum.add(read(row) ?? 0), value: () => sum.value };
    },
  };
}

function ratio(label: string, part: Reader, whole: Reader): Metric {
  return {
    label,
    format: 'percent',
    days: LONG,
    start() {
      let parts = 0;
      let wholes = 0;
      return {
        add: (row) => {
          parts += part(row) ?? 0;
          wholes += whole(row) ?? 0;
        },
        value: () => (wholes === 0 ? null : parts / wholes),
      };
    },
  };
}

/** The mean, or a percentile, of what is known. */
function statistic(
  label: string,
  format: 'latency' | 'throughput',
  read: Reader,
  of: (sorted: number[]) => number,
): Metric {
  return {
    label,
    format,
    days: SHORT,
    start() {
      const values: number[] = [];
      return {
        add: (row) => {
          const value = read(row);
          if (value !== null) values.push(value);
        },
        value: () => (values.length === 0 ? null : of(values.sort((a, b) => a - b))),
      };
    },
  };
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const percentile = (share: number) => (sorted: number[]) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;

const latency: Reader = ({ api }) => api.latency;
const throughput: Reader = ({ api }) =>
  api.generation_time && api.tokens_completion ? (api.tokens_completion * 1000) / api.generation_time : null;
const byokCost: Reader = ({ api }) => (api.is_byok ? api.upstream_inference_cost : 0);

/** Spend as OpenRouter's activity page has it, credits + BYOK: of one generation, one of the two is 0. */
const totalUsage: Metric = {
  ...cost('Total Usage', () => 0),
  start() {
    const sum = new ExactSum();
    return {
      add(row) {
        sum.add(row.api.usage);
        sum.add(byokCost(row) ?? 0);
      },
      value: () => sum.value,
    };
  },
};

/** Every metric of the stand-in by name. */
export const METRICS: ReadonlyMap<string, Metric> = new Map(
  Object.entries({
    request_count: count('Request Count', () => 1),
    tokens_total: count('Total Tokens', ({ api }) => (api.tokens_prompt ?? 0) + (api.tokens_completion ?? 0)),
    tokens_prompt: count('Prompt Tokens', ({ api }) => api.tokens_prompt),
    tokens_completion: count('Completion Tokens', ({ api }) => api.tokens_completion),
    reasoning_tokens: count('Reasoning Tokens', ({ api }) => api.native_tokens_reasoning),
    cached_tokens: count('Cached Tokens', ({ api }) => api.native_tokens_cached),
    byok_request_count: count('BYOK Requests', ({ api }) => (api.is_byok ? 1 : 0)),
    response_cached_count: count('Cached Responses', () => 0, SHORT),
    total_usage: totalUsage,
    credits_usage: cost('Credits Usage', ({ api }) => api.usage),
    byok_usage: cost('BYOK Usage', byokCost),
    openrouter_usage: cost('OpenRouter Usage', ({ api }) => (api.is_byok ? 0 : api.usage), SHORT),
    byok_fees: cost('BYOK Fees', ({ api }) => (api.is_byok ? api.usage : 0), SHORT),
    usage_cache: cost('Cache', ({ extra }) => extra.cost_cache),
    usage_web: cost('Web Search', ({ extra }) => extra.cost_web_search),
    usage_file: cost('File Processing', ({ extra }) => extra.cost_file_processing, SHORT),
    cache_hit_rate: ratio(
      'Cache Hit Rate',
      ({ api }) => api.native_tokens_cached,
      ({ api }) => api.native_tokens_prompt,
    ),
    avg_latency: statistic('Average Latency', 'latency', latency, mean),
    p50_latency: statistic('P50 Latency', 'latency', latency, percentile(0.5)),
    p90_latency: statistic('P90 Latency', 'latency', latency, percentile(0.9)),
    p99_latency: statistic('P99 Latency', 'latency', latency, percentile(0.99)),
    avg_throughput: statistic('Average Throughput', 'throughput', throughput, mean),
    p50_throughput: statistic('P50 Throughput', 'throughput', throughput, percentile(0.5)),
  } satisfies Record<string, Metric>),
);
