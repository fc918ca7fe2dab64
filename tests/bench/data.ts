/**
 * The benchmarks' generations: 24 columns of the activity CSV, made from a seed, newest first. Every row is
 * computed from (seed, row) alone, so that ten million of them are nowhere held, and any piece can be had anew.
 * Runs in Node, in pages and in workers. All money is whole nano-dollars, so that every peer can be exact too.
 */

import type { EncodedBatch } from '../../renderer/store/encode.ts';
import { type EncodedText, widenNumbers } from '../../renderer/store/vector.ts';
import { type ColumnKey, CSV_KEYS } from '../../shared/columns.ts';
import { formatCsvTime } from '../../shared/time.ts';

export interface DataOptions {
  readonly rows: number;
  readonly users?: number;
  readonly seed?: number;
}

export const USERS = 20_000;
/** UTC ms just after the newest generation. */
export const DATA_END = Date.UTC(2026, 10, 16);
const DATA_DAYS = 90;
const DAY = 86_400_000;
const ID_LENGTH = 35;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

interface Model {
  readonly name: string;
  readonly providers: readonly string[];
  /** Nano-dollars a token. */
  readonly prompt: number;
  readonly completion: number;
  readonly cached: number;
  readonly reasons: boolean;
  readonly free: boolean;
}

const PROVIDERS = [
  'OpenAI',
  'Anthropic',
  'Google Vertex',
  'Azure',
  'Amazon Bedrock',
  'DeepInfra',
  'Together',
];
const FAMILIES = ['openai/gpt', 'anthropic/claude', 'google/gemini', 'meta-llama/llama', 'mistralai/mistral'];

/** Thirty, the popular ones first. */
export const MODELS: readonly Model[] = Array.from({ length: 30 }, (_, i) => {
  const free = i % 11 === 10;
  const price = free ? 0 : 40 * (1 + ((i * 7) % 60));
  return {
    name: `${FAMILIES[i % FAMILIES.length]}-${1 + (i % 7)}.${i % 10}-2026-${String(1 + (i % 9)).padStart(2, '0')}-01`,
    providers: [0, 2, 5]
      .slice(0, 1 + (i % 3))
      .map((step) => PROVIDERS[(i + step) % PROVIDERS.length] as string),
    prompt: price,
    completion: price * 4,
    cached: price / 4,
    reasons: i % 4 === 1,
    free,
  };
});

const APPS = ['Help desk', 'Drafts, quick', 'Research', 'Batch'];
const KEYS = ['Production', 'Production EU', 'Batch', 'Staging', 'Old'];
const FINISHES = [
  ['stop', 'stop'],
  ['end_turn', 'stop'],
  ['tool_calls', 'tool_calls'],
  ['max_tokens', 'length'],
] as const;

/** Ids of end users as people have them: numbers, hashes, names with a domain, in upper and lower case. */
function userId(rank: number): string {
  const hash = (Math.imul(rank + 1, 0x9e37_79b1) >>> 0).toString(16).padStart(8, '0');
  switch (rank % 5) {
    case 0:
    case 1:
      return `user_${100_000 + rank}`;
    case 2:
      return `${hash}-${rank.toString(16).padStart(4, '0')}-4a6b-8c7d-${hash}0000`;
    case 3:
      return `${hash}${rank.toString(36)}`;
    default:
      return `Tenant-${rank}@Acme.example`;
  }
}

function zipf(count: number, exponent: number, offset: number): Float64Array {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank++) {
    sum += 1 / (rank + offset) ** exponent;
    sums[rank] = sum;
  }
  return sums.map((value) => value / sum);
}

/** The place of the first sum above x. */
function pick(sums: Float64Array, x: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] as number) > x) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Words in the order in which they first occur, as `encodeBatch` gives them. */
class Words implements EncodedText {
  readonly kind = 'text';
  readonly codes: Uint32Array;
  readonly words: string[] = [];
  readonly #codes = new Map<string, number>();

  constructor(rows: number) {
    this.codes = new Uint32Array(rows);
  }

  set(row: number, word: string): void {
    let code = this.#codes.get(word);
    if (code === undefined) {
      code = this.words.push(word);
      this.#codes.set(word, code);
    }
    this.codes[row] = code;
  }

  /** What can be sent to another thread. */
  get plain(): EncodedText {
    return { kind: 'text', codes: this.codes, words: this.words };
  }
}

/** An account of generations. */
export class Data {
  readonly rows: number;
  readonly #seed: number;
  readonly #users: readonly string[];
  readonly #userSums: Float64Array;
  readonly #modelSums = zipf(MODELS.length, 1, 2);

  constructor({ rows, users = USERS, seed = 1 }: DataOptions) {
    this.rows = rows;
    this.#seed = seed;
    this.#users = Array.from({ length: users }, (_, rank) => userId(rank));
    this.#userSums = zipf(users, 1.1, 8);
  }

  /** Rows `from` … `to − 1`, encoded as the CSV reader would. */
  batch(from: number, to: number): EncodedBatch {
    const rows = to - from;
    const numbers = () => new Float64Array(rows).fill(Number.NaN);
    const zeros = () => new Float64Array(rows);
    const flags = () => new Uint8Array(rows).fill(2);
    const offsets = Uint32Array.from({ length: rows + 1 }, (_, row) => row * ID_LENGTH);
    const bytes = new Uint8Array(rows * ID_LENGTH);
    const time = numbers();
    const [credits, search, cache, files, byok] = [numbers(), zeros(), zeros(), zeros(), numbers()];
    const [prompt, completion, reasoning, cached] = [numbers(), numbers(), numbers(), numbers()];
    const [took, first] = [numbers(), numbers()];
    const [cancelled, streamed, disabled] = [flags(), flags(), flags()];
    const words = () => new Words(rows);
    const [user, model, provider, variant] = [words(), words(), words(), words()];
    const [raw, normalized, key, app] = [words(), words(), words(), words()];

    let state = 0;
    /** From 0 up to 1 (mulberry32). */
    const unit = (): number => {
      state = (state + 0x6d2b_79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
    };
    /** Around `typical`, mostly within a factor of four, now and then far above; whole, at least 1. */
    const scatter = (typical: number): number => {
      const x = (unit() + unit() + unit() + unit() - 2) * 2;
      return 1 + Math.round(typical * (x < 0 ? 1 / (1 - x + x * x) : 1 + x + x * x));
    };

    for (let row = 0; row < rows; row++) {
      const index = from + row;
      state = Math.imul(index + 1, 0x85eb_ca6b) ^ Math.imul(this.#seed, 0xc2b2_ae35);
      state = Math.imul(state ^ (state >>> 16), 0x45d9_f3b5);

      const at = Math.floor(DATA_END - ((index + unit()) / this.rows) * DATA_DAYS * DAY);
      time[row] = at;
      writeId(bytes, row * ID_LENGTH, Math.floor(at / 1000), unit);

      if (unit() >= 0.05) user.set(row, this.#users[pick(this.#userSums, unit())] as string);
      const chosen = MODELS[pick(this.#modelSums, unit())] as Model;
      model.set(row, chosen.name);
      variant.set(row, chosen.free ? 'free' : 'standard');
      const application = Math.floor(unit() * 5);
      if (application < APPS.length) app.set(row, APPS[application] as string);
      const used = Math.floor(unit() * unit() * KEYS.length);
      key.set(row, KEYS[used] as string);
      disabled[row] = used === 4 ? 1 : 0;

      const isStreamed = unit() < 0.7;
      streamed[row] = isStreamed ? 1 : 0;
      credits[row] = 0;
      byok[row] = 0;
      cancelled[row] = 0;
      const fate = unit();
      // Nobody served it: what a provider would have told is unknown.
      if (fate < 0.006) continue;
      provider.set(row, chosen.providers[Math.floor(unit() * chosen.providers.length)] as string);
      const isCancelled = isStreamed && fate < 0.03;
      cancelled[row] = isCancelled ? 1 : 0;
      if (!isCancelled) {
        const [itsRaw, its] = FINISHES[
          Math.floor(unit() * unit() * FINISHES.length)
        ] as (typeof FINISHES)[number];
        raw.set(row, itsRaw);
        normalized.set(row, its);
      }
      const asked = scatter(900);
      const answered = Math.floor(scatter(260) * (isCancelled ? unit() : 1));
      const hit = asked > 1024 && unit() < 0.3 ? Math.floor((asked * unit()) / 128) * 128 : 0;
      prompt[row] = asked;
      completion[row] = answered;
      reasoning[row] = chosen.reasons ? Math.floor(answered * unit()) : 0;
      cached[row] = hit;
      const cost = (asked - hit) * chosen.prompt + hit * chosen.cached + answered * chosen.completion;
      cache[row] = 0 - hit * (chosen.prompt - chosen.cached);
      if (unit() < 0.04) byok[row] = cost;
      else {
        search[row] = unit() < 0.01 ? 20_000_000 : 0;
        files[row] = unit() < 0.01 ? 2_000_000 * (1 + Math.floor(unit() * 8)) : 0;
        credits[row] = cost + (search[row] as number) + (files[row] as number);
      }
      const wait = scatter(chosen.reasons ? 1800 : 500);
      took[row] = wait + Math.round(answered * (8 + unit() * 25));
      if (isStreamed) first[row] = wait;
    }

    const number = (values: Float64Array) => ({ kind: 'number', values }) as const;
    const money = (nanos: Float64Array) => ({ kind: 'money', nanos, rest: null }) as const;
    const flag = (values: Uint8Array) => ({ kind: 'flag', values }) as const;
    return {
      rows,
      ids: { kind: 'id', offsets, bytes },
      columns: {
        created_at: number(time),
        cost_total: money(credits),
        cost_web_search: money(search),
        cost_cache: money(cache),
        cost_file_processing: money(files),
        byok_usage_inference: money(byok),
        tokens_prompt: number(prompt),
        tokens_completion: number(completion),
        tokens_reasoning: number(reasoning),
        tokens_cached: number(cached),
        model_permaslug: model.plain,
        provider_name: provider.plain,
        variant: variant.plain,
        cancelled: flag(cancelled),
        streamed: flag(streamed),
        user: user.plain,
        finish_reason_raw: raw.plain,
        finish_reason_normalized: normalized.plain,
        generation_time_ms: number(took),
        time_to_first_token_ms: number(first),
        api_key_disabled: flag(disabled),
        api_key_name: key.plain,
        app_name: app.plain,
      },
      timeFromId: null,
      rejections: [],
    };
  }

  /** The whole account, a piece at a time. */
  *batches(size = 65_536): Generator<EncodedBatch> {
    for (let from = 0; from < this.rows; from += size)
      yield this.batch(from, Math.min(this.rows, from + size));
  }

  /** The whole account as an activity CSV, in pieces of text. */
  *csv(size = 16_384): Generator<string> {
    yield `${CSV_KEYS.join(',')}\n`;
    for (const batch of this.batches(size)) yield csvLines(batch);
  }
}

function writeId(bytes: Uint8Array, start: number, seconds: number, unit: () => number): void {
  bytes.set([103, 101, 110, 45], start);
  for (let place = 13, left = seconds; place > 3; place--, left = Math.floor(left / 10)) {
    bytes[start + place] = 48 + (left % 10);
  }
  bytes[start + 14] = 45;
  for (let place = 15; place < ID_LENGTH; place += 5) {
    // Five of 62 to one draw: 62⁵ < 2³².
    for (let i = 0, draw = Math.floor(unit() * 916_132_832); i < 5; i++, draw = Math.floor(draw / 62)) {
      bytes[start + place + i] = ALPHABET.charCodeAt(draw % 62);
    }
  }
}

const decoder = new TextDecoder();

/** The ids of a batch. */
export function idsOf({ rows, ids }: EncodedBatch): string[] {
  const text = decoder.decode(ids.bytes);
  return Array.from({ length: rows }, (_, row) => text.slice(row * ID_LENGTH, (row + 1) * ID_LENGTH));
}

/** A generation as a record: numbers, nano-dollars, texts, flags; null is unknown. */
export type DataRecord = { [K in ColumnKey]?: string | number | boolean | null };

const known = (values: Float64Array) => Array.from(values, (value) => (Number.isNaN(value) ? null : value));

/** The columns of a batch as plain values, in the order of the CSV: for peers that want rows. */
export function valuesOf(batch: EncodedBatch): readonly (readonly (string | number | boolean | null)[])[] {
  return CSV_KEYS.map((key) => {
    const column = batch.columns[key];
    if (key === 'generation_id') return idsOf(batch);
    switch (column?.kind) {
      case 'number':
        return known(widenNumbers(column.values, batch.rows, column.base));
      case 'money':
        return known(widenNumbers(column.nanos));
      case 'flag':
        return Array.from(column.values, (value) => (value === 2 ? null : value === 1));
      case 'text':
        return Array.from(column.codes, (code) => column.words[code - 1] ?? null);
      default:
        return new Array(batch.rows).fill(null);
    }
  });
}

export function recordsOf(batch: EncodedBatch): DataRecord[] {
  const columns = valuesOf(batch);
  return Array.from({ length: batch.rows }, (_, row) => {
    const record: DataRecord = {};
    CSV_KEYS.forEach((key, i) => {
      record[key] = columns[i]?.[row] ?? null;
    });
    return record;
  });
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** `0.000120`, as the activity CSV writes it: six decimals, or as many as it takes. */
function dollars(nanos: number): string {
  const size = Math.abs(nanos);
  const fraction = String(size % 1e9).padStart(9, '0');
  const cut = fraction.endsWith('000') ? fraction.slice(0, 6) : fraction.replace(/0+$/, '');
  return `${nanos < 0 ? '-' : ''}${Math.floor(size / 1e9)}.${cut}`;
}

function csvLines(batch: EncodedBatch): string {
  const money = new Set<ColumnKey>(CSV_KEYS.filter((key) => batch.columns[key]?.kind === 'money'));
  const cells = valuesOf(batch).map((values, i) => {
    const key = CSV_KEYS[i] as ColumnKey;
    if (key === 'created_at') return values.map((value) => formatCsvTime(value as number));
    if (money.has(key)) return values.map((value) => (value === null ? '' : dollars(value as number)));
    return values.map((value) =>
      value === null ? '' : typeof value === 'string' ? quoted(value) : String(value),
    );
  });
  const lines: string[] = [];
  for (let row = 0; row < batch.rows; row++) {
    let line = '';
    for (let i = 0; i < cells.length; i++) line += (i > 0 ? ',' : '') + cells[i]?.[row];
    lines.push(line);
  }
  return `${lines.join('\n')}\n`;
}
