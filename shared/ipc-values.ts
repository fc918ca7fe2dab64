/**
 * Values of the contract in `ipc.ts`, without its schemas, so that the page is not started with a validation library
 * that only the main process needs.
 */
import type { SyncProgress } from './sync.ts';

export const DEFAULT_BASE_URL = 'https://openrouter.ai/api/v1';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** Before anything has come. */
export const NO_PROGRESS: SyncProgress = {
  source: 'generations',
  done: null,
  pages: 0,
  received: 0,
  new: 0,
  merged: 0,
  known: 0,
  rejected: 0,
  oldest: null,
  newest: null,
};
