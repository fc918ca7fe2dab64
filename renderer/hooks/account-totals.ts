/** What OpenRouter itself adds up, asked for when it is looked at. */
import { useEffect, useState } from 'react';
import { type AppError, toAppError } from '../../shared/errors.ts';
import type { AccountTotals, Connection } from '../../shared/ipc.ts';
import { asMoney, UTC_DAY } from '../../shared/query.ts';
import { DAY_MS } from '../../shared/time.ts';
import { call, main } from '../client.ts';
import { askGroups } from './ask.ts';
import { attempt } from './notices.ts';
import type { ModelSums } from './reconcile.ts';
import { createSignal, useSignal } from './signal.ts';

/** Totals older than this are asked for again when they are looked at. */
const FRESH_MS = 5 * 60_000;

export interface TotalsState {
  readonly asking: boolean;
  readonly totals: AccountTotals | null;
  /** When they were given, UTC ms. */
  readonly at: number | null;
  readonly error: AppError | null;
}

const NONE: TotalsState = { asking: false, totals: null, at: null, error: null };

/** By connection. */
const states = createSignal<ReadonlyMap<string, TotalsState>>(new Map());

const stateOf = (connectionId: string): TotalsState => states.get().get(connectionId) ?? NONE;
const change = (connectionId: string, state: TotalsState): void =>
  states.set(new Map([...states.get(), [connectionId, state]]));

/** Asks anew. */
export async function askTotals(connectionId: string): Promise<void> {
  const before = stateOf(connectionId);
  if (before.asking) return;
  change(connectionId, { ...before, asking: true });
  try {
    const totals = await call(main.accountTotals({ connectionId }));
    change(connectionId, { asking: false, totals, at: Date.now(), error: null });
  } catch (thrown) {
    change(connectionId, { ...before, asking: false, error: toAppError(thrown) });
  }
}

/** A connection's totals; asked for when none are there, or only old ones. */
export function useTotals(connection: Connection): TotalsState {
  const { id } = connection;
  const state = useSignal(states).get(id) ?? NONE;
  useEffect(() => {
    const { at } = stateOf(id);
    if (at === null || Date.now() - at > FRESH_MS) attempt(askTotals(id));
  }, [id]);
  return state;
}

/** More groups than there can be. */
const ALL = 10_000_000;

/** What is stored of a connection, by day and model; null until known. */
export function useLocalSums(
  connectionId: string,
  range: { readonly first: number; readonly last: number },
  version: number,
): readonly ModelSums[] | null {
  const [sums, setSums] = useState<readonly ModelSums[] | null>(null);
  const { first, last } = range;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is a reason to ask again
  useEffect(() => {
    let current = true;
    attempt(askSums(connectionId, first, last).then((answer) => current && setSums(answer)));
    return () => {
      current = false;
    };
  }, [connectionId, first, last, version]);
  return sums;
}

async function askSums(connectionId: string, first: number, last: number): Promise<readonly ModelSums[]> {
  const { groups } = await askGroups({
    filter: [
      { on: 'created_at', from: first, to: last + DAY_MS },
      { on: 'source', in: [{ connectionId }] },
    ],
    by: [UTC_DAY, 'model_permaslug'],
    aggregates: {
      requests: { fn: 'count' },
      credits: { fn: 'sum', of: 'cost_total' },
      byok: { fn: 'sum', of: 'byok_usage_inference' },
    },
    sort: { by: 'key', descending: true },
    offset: 0,
    limit: ALL,
  });
  return groups.map(({ keys: [day, model], values: { requests, credits, byok } }) => ({
    day: Number(day),
    model: model === null || model === undefined ? null : String(model),
    requests: Number(requests.value),
    credits: asMoney(credits) ?? 0n,
    byok: asMoney(byok) ?? 0n,
  }));
}
