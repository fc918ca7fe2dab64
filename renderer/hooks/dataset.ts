import type { AppError } from '../../shared/errors.ts';
import { toAppError } from '../../shared/errors.ts';
import { createTurns } from '../../shared/turns.ts';
import { accountOpened, store } from '../client.ts';
import * as Comlink from '../comlink.ts';
import type { StoreStatus } from '../store/api.ts';
import { loadSample } from '../store/sample.ts';
import { clearFilters } from './filters.ts';
import { go } from './route.ts';
import { createSignal, throttle, useSignal } from './signal.ts';

/** Between two looks at a store that changes all the time. */
const LOOK_AGAIN_MS = 300;

export type DatasetState =
  | { readonly phase: 'opening' }
  | { readonly phase: 'failed'; readonly error: AppError }
  | { readonly phase: 'open'; readonly status: StoreStatus };

const state = createSignal<DatasetState>({ phase: 'opening' });
/** One dataset is opened after the other: what is asked for while the sample is made is meant for when it is there. */
const inTurn = createTurns();
const sampleLoading = createSignal(false);

export const useDataset = (): DatasetState => useSignal(state);
/** Whether the sample is being made. */
export const useSampleLoading = (): boolean => useSignal(sampleLoading);

/** The open store's status. Only inside views that are drawn when the store is open. */
export function useStatus(): StoreStatus {
  const current = useDataset();
  if (current.phase !== 'open') throw new Error('This view needs an open store.');
  return current.status;
}

const show = (status: StoreStatus): void => state.set({ phase: 'open', status });
/** Asks instead of believing the message: a late word of a dataset closed since must not be taken for the open one. */
const follow = throttle(LOOK_AGAIN_MS, () => {
  if (state.get().phase === 'open') store.status().then(show, () => undefined);
});

let reportOpened: () => void;
/** Resolves when the store is open; files that are dropped earlier wait for it. */
export const opened = new Promise<void>((resolve) => {
  reportOpened = resolve;
});

/** Opens the store: the reader's own data, or the sample if it was left open and there is nothing else. */
export async function openStore(): Promise<void> {
  try {
    await store.subscribe(Comlink.proxy(follow));
    const status = await accountOpened;
    const sampleLeft = status.rows === 0 && status.problems.length === 0 && (await store.exists('sample'));
    show(sampleLeft ? await store.open('sample') : status);
    reportOpened();
  } catch (thrown) {
    state.set({ phase: 'failed', error: toAppError(thrown) });
  }
}

/** Opens the built-in sample, and makes it first if need be. */
export function openSample(): Promise<void> {
  sampleLoading.set(true);
  return inTurn(async () => {
    clearFilters();
    const status = await store.open('sample');
    show(status);
    if (status.rows === 0) await loadSample(store);
    show(await store.status());
  }).finally(() => sampleLoading.set(false));
}

/** Goes back from the sample to the reader's own data, and deletes the sample. Does nothing elsewhere. */
export function leaveSample(): Promise<void> {
  return inTurn(async () => {
    if (!isSample()) return;
    clearFilters();
    go({ view: 'users' });
    show(await store.open('account'));
    await store.remove('sample');
  });
}

/** Deletes everything stored, sample and all, and opens an empty store. */
export function deleteAllData(): Promise<void> {
  return inTurn(async () => {
    clearFilters();
    await store.remove('account');
    await store.remove('sample');
    show(await store.open('account'));
  });
}

/** Whether the sample is what is open. */
export function isSample(): boolean {
  const current = state.get();
  return current.phase === 'open' && current.status.dataset === 'sample';
}
