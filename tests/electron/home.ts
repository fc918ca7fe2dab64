/** A main process that syncs from a stand-in into a store in memory: everything but the window. */
import { expect } from 'vitest';
import { createClient } from '../../electron/openrouter/client.ts';
import { lookUp } from '../../electron/openrouter/ids.ts';
import { type Clock, createLimiter, type Limiter } from '../../electron/openrouter/limiter.ts';
import type { Api } from '../../electron/openrouter/sources.ts';
import { fromBest } from '../../electron/sync/from-best.ts';
import { type PullState, pull } from '../../electron/sync/pull.ts';
import type { GenerationBatch } from '../../shared/batch.ts';
import type { ColumnKey, SourceValue } from '../../shared/columns.ts';
import type { AppError } from '../../shared/errors.ts';
import type { Connection } from '../../shared/ipc.ts';
import { type Checkpoint, NO_CHECKPOINT, NO_COUNTS, type Source, type Span } from '../../shared/sync.ts';
import type { StandIn } from '../stand-in/server.ts';

/** A clock that jumps over every pause: nobody waits for it. */
export class Skipping implements Clock {
  /** UTC ms, for a server that shares it. */
  time: number;
  readonly pauses: number[] = [];

  constructor(time = Date.UTC(2026, 7, 1, 12)) {
    this.time = time;
  }

  readonly now = (): number => this.time;

  async sleep(ms: number): Promise<void> {
    this.pauses.push(ms);
    this.time += ms;
  }
}

type Row = { readonly [K in ColumnKey]?: SourceValue };
const RETRY = { firstPauseMs: 1, tries: 2 };

export interface HomeOptions {
  readonly kind?: Connection['kind'];
  readonly key?: string;
  readonly clock?: Clock;
  /** By when the server has to answer, ms. */
  readonly timeoutMs?: number;
  readonly checkpoint?: Checkpoint;
  readonly fetch?: typeof fetch;
}

export class Home {
  /** By generation id; a later value that is known replaces an earlier one, as in the real store. */
  readonly rows = new Map<string, Row>();
  checkpoint: Checkpoint;
  sources: readonly Source[] = [];
  readonly api: Api;
  readonly limiter: Limiter;

  constructor(standIn: StandIn, options: HomeOptions = {}) {
    const { kind = 'management', checkpoint = NO_CHECKPOINT, timeoutMs = 10_000 } = options;
    const { key = kind === 'management' ? standIn.managementKey : standIn.inferenceKey } = options;
    this.checkpoint = checkpoint;
    this.limiter = createLimiter(options.clock ?? new Skipping());
    const client = createClient({
      baseUrl: standIn.baseUrl,
      key,
      fetch: options.fetch ?? fetch,
      timeoutMs,
    });
    this.api = { client, limiter: this.limiter, kind };
  }

  store(batch: GenerationBatch): void {
    const keys = Object.keys(batch.columns) as ColumnKey[];
    for (let i = 0; i < batch.rows; i++) {
      const id = batch.columns.generation_id?.[i];
      if (typeof id !== 'string') continue;
      const known = keys.flatMap((key) => {
        const value = batch.columns[key]?.[i];
        return value === null || value === undefined || value === '' ? [] : [[key, value]];
      });
      this.rows.set(id, { ...this.rows.get(id), ...Object.fromEntries(known) });
    }
  }

  /** One sync, from where the store stands. @returns how it went */
  async sync(
    options: { signal?: AbortSignal; fill?: Span[]; stopAfter?: number } = {},
  ): Promise<PullState[]> {
    const states: PullState[] = [];
    const abort = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, abort.signal]) : abort.signal;
    let deliveries = 0;
    const onSources = (sources: readonly Source[]) => {
      this.sources = sources;
    };
    await pull({
      from: (around) =>
        fromBest(this.api, { checkpoint: this.checkpoint, fill: options.fill, onSources }, around),
      signal,
      deliver: async (batch, checkpoint) => {
        const before = this.rows.size;
        this.store(batch);
        this.checkpoint = checkpoint;
        if (++deliveries === options.stopAfter) abort.abort();
        const fresh = this.rows.size - before;
        return { ...NO_COUNTS, rows: batch.rows, new: fresh, known: batch.rows - fresh };
      },
      onState: (state) => states.push(state),
      retry: RETRY,
    });
    return states;
  }

  /** Looks ids up and stores what is found. @returns what is missing */
  async lookUp(ids: readonly string[], waits: AppError[] = []): Promise<readonly string[]> {
    const { batch, missing } = await lookUp(this.api.client, ids, {
      signal: new AbortController().signal,
      onWait: ({ error }) => waits.push(error),
      ...RETRY,
    });
    this.store(batch);
    return missing;
  }
}

export const last = (states: readonly PullState[]): PullState => states[states.length - 1] as PullState;

export const waitsOf = (states: readonly PullState[]): string[] =>
  states.flatMap((state) => (state.phase === 'waiting' ? [state.error.code] : []));

/** Every generation of the account once, with its user and what it cost, and nothing else. */
export function expectAll(home: Home, standIn: StandIn, from = 0): void {
  const truth = [...standIn.account.all()].filter(({ extra }) => extra.created_ms >= from);
  expect(home.rows.size).toBe(truth.length);
  const wrong = truth.filter(({ api }) => {
    const row = home.rows.get(api.id);
    const byok = api.is_byok ? api.upstream_inference_cost : 0;
    return !(
      row &&
      (row.user ?? null) === api.external_user &&
      Number(row.cost_total) === api.total_cost &&
      Number(row.byok_usage_inference) === byok
    );
  });
  expect(wrong.map(({ api }) => [api.id, home.rows.get(api.id)])).toEqual([]);
}
