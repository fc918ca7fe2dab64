import type { SampleRow } from '../../shared/sample/types.ts';
import type { LiveAccount } from './account.ts';
import { ExactSum } from './exact-sum.ts';

export const DAY = 86_400_000;

/** One UTC day of one endpoint on one key: the grain from which the books of the account are added up. */
export interface LedgerEntry {
  /** UTC milliseconds of the day's start. */
  day: number;
  endpointId: string;
  endpointProvider: string;
  modelPermaslug: string;
  /** With `:free` for free variants. */
  model: string;
  keyHash: string;
  memberId: string | null;
  requests: number;
  promptTokens: number;
  completionTokens: number;
  reasoningTokens: number;
  credits: ExactSum;
  byok: ExactSum;
}

/** The account's books, written on first use and kept up to date as generations are added. */
export class Ledger {
  readonly #account: LiveAccount;
  #entries: Map<string, LedgerEntry> | undefined;

  constructor(account: LiveAccount) {
    this.#account = account;
    account.onAdd((row) => this.#entries && enter(this.#entries, row));
  }

  entries(): Iterable<LedgerEntry> {
    if (!this.#entries) {
      this.#entries = new Map();
      for (const row of this.#account.all()) enter(this.#entries, row);
    }
    return this.#entries.values();
  }

  /** Credits and BYOK spent, in USD, over the entries that pass. */
  spend(passes: (entry: LedgerEntry) => boolean): { credits: number; byok: number } {
    const credits = new ExactSum();
    const byok = new ExactSum();
    for (const entry of this.entries()) {
      if (!passes(entry)) continue;
      credits.addSum(entry.credits);
      byok.addSum(entry.byok);
    }
    return { credits: credits.value, byok: byok.value };
  }
}

function enter(entries: Map<string, LedgerEntry>, { api, extra }: SampleRow): void {
  const day = Math.floor(extra.created_ms / DAY) * DAY;
  const key = `${day} ${extra.endpoint_id} ${extra.api_key_hash}`;
  let entry = entries.get(key);
  if (!entry) {
    entry = {
      day,
      endpointId: extra.endpoint_id,
      endpointProvider: extra.endpoint_provider,
      modelPermaslug: extra.model_permaslug,
      model: activityModel(extra.model_slug, extra.variant),
      keyHash: extra.api_key_hash,
      memberId: extra.member_id,
      requests: 0,
      promptTokens: 0,
      completionTokens: 0,
      reasoningTokens: 0,
      credits: new ExactSum(),
      byok: new ExactSum(),
    };
    entries.set(key, entry);
  }
  entry.requests++;
  entry.promptTokens += api.tokens_prompt ?? 0;
  entry.completionTokens += api.tokens_completion ?? 0;
  entry.reasoningTokens += api.native_tokens_reasoning ?? 0;
  entry.credits.add(api.usage);
  if (api.is_byok) entry.byok.add(api.upstream_inference_cost ?? 0);
}

const activityModel = (slug: string, variant: string): string =>
  variant === 'standard' ? slug : `${slug}:${variant}`;
