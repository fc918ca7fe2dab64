/** An activity CSV made from a seed: the same text anywhere, with everything in it that such a file may hold. */
import { type ColumnKey, CSV_KEYS } from '../../../shared/columns.ts';
import { formatCsvTime } from '../../../shared/time.ts';

/** Thirteen months with every change of summer time there is. */
const FROM = Date.UTC(2025, 11, 1);
const SPAN = 400 * 86_400_000;

const ODD_USERS = [
  'a,b',
  'say "hi"',
  'two\nlines',
  'carriage\r\nreturn',
  "O'Brien; DROP TABLE g",
  '😀',
  'Zoë',
  'zoë',
  ' spaced ',
  'null',
  'constructor',
  '__proto__',
  '=1+1',
  '0',
  '\\N',
  'long '.repeat(60),
];
const MODELS = [
  'openai/gpt-4o',
  'openai/gpt-4o-mini',
  'anthropic/claude-sonnet-4.5',
  'google/gemini-2.5-pro',
];
const REASONS = ['stop', 'length', 'tool_calls', 'content_filter'];
const KEYS = ['Production', 'production', 'Staging, EU', 'CI'];

type Random = () => number;

/** Mulberry32: numbers from 0 up to 1. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const whole = (random: Random, below: number): number => Math.floor(random() * below);
const pick = <T>(random: Random, list: readonly T[]): T => list[whole(random, list.length)] as T;

/** Small numbers often, large ones sometimes. */
const skewed = (random: Random, below: number): number => Math.floor(below ** random()) - 1;

/** Mostly six decimals, sometimes all that a float has. */
function amount(random: Random, mostMicros: number): string {
  const micros = skewed(random, mostMicros);
  const six = `${Math.floor(micros / 1e6)}.${String(micros % 1e6).padStart(6, '0')}`;
  if (random() < 0.7) return six;
  return `${six}${String(whole(random, 1e9)).padStart(9, '0')}${random() < 0.3 ? String(whole(random, 1e6)) : ''}`;
}

/** Fractions that binary numbers hold, so that sums are exact in any order. */
const duration = (random: Random): string =>
  String(skewed(random, 300_000) + pick(random, [0, 0, 0, 0.5, 0.25, 0.125]));

function user(random: Random): string {
  const kind = random();
  if (kind < 0.08) return '';
  return kind < 0.2 ? pick(random, ODD_USERS) : `user-${skewed(random, 500)}`;
}

/** Cells of one generation. Without a value here, a column is empty. */
function cells(n: number, random: Random): { readonly [K in ColumnKey]?: string } {
  const time = FROM + whole(random, SPAN);
  const isByok = random() < 0.15;
  const model = random() < 0.03 ? '' : pick(random, MODELS);
  return {
    generation_id: `gen-${Math.floor(time / 1000)}-${n.toString(36)}`,
    created_at: formatCsvTime(time),
    cost_total: isByok ? '0' : amount(random, 5e6),
    cost_web_search: random() < 0.9 ? '0' : amount(random, 1e5),
    cost_cache: random() < 0.5 ? '0' : `-${amount(random, 1e6)}`,
    byok_usage_inference: isByok ? amount(random, 8e6) : '0',
    tokens_prompt: String(skewed(random, 200_000)),
    tokens_completion: String(skewed(random, 20_000)),
    tokens_reasoning: String(skewed(random, 5000)),
    tokens_cached: String(skewed(random, 100_000)),
    model_permaslug: model,
    provider_name: model.split('/')[0] ?? '',
    variant: random() < 0.1 ? 'free' : 'standard',
    cancelled: String(random() < 0.05),
    streamed: String(random() < 0.8),
    user: user(random),
    finish_reason_raw: pick(random, REASONS).toUpperCase(),
    finish_reason_normalized: pick(random, REASONS),
    generation_time_ms: duration(random),
    time_to_first_token_ms: duration(random),
    api_key_disabled: String(random() < 0.1),
    api_key_name: pick(random, KEYS),
    app_name: random() < 0.5 ? 'Demo, the "app"' : '',
  };
}

/** Columns that are always known. */
const NEEDED: readonly ColumnKey[] = ['generation_id', 'created_at'];

const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A file of so many rows, in pieces of text. */
export function* csvPieces({ rows, seed }: { rows: number; seed: number }): Generator<string> {
  const random = randomFrom(seed);
  let piece = `${CSV_KEYS.join(',')}\n`;
  for (let n = 0; n < rows; n++) {
    const row = cells(n, random);
    // Any of the others is unknown now and then.
    const line = CSV_KEYS.map((key) =>
      !NEEDED.includes(key) && random() < 0.02 ? '' : quote(row[key] ?? ''),
    );
    piece += `${line.join(',')}\n`;
    if (piece.length < 1 << 20) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}
