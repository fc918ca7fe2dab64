/** Where syncing stands, as views see it. */
import type { AppError } from '../../shared/errors.ts';
import type { Connection } from '../../shared/ipc.ts';
import type { SyncProgress } from '../../shared/sync.ts';
import type { Pace } from './pace.ts';

/** Why a connection could not be synced. */
export interface SyncFailure {
  readonly connection: Connection;
  readonly error: AppError;
  readonly at: number;
}

interface Pulling {
  readonly connection: Connection;
  readonly progress: SyncProgress;
  readonly pace: Pace;
}

export type SyncView =
  | { readonly phase: 'idle' }
  | ({ readonly phase: 'pulling' } & Pulling)
  /** Waits until `until` (UTC ms) because of `error`. */
  | ({ readonly phase: 'waiting'; readonly until: number; readonly error: AppError } & Pulling)
  | { readonly phase: 'done'; readonly progress: SyncProgress; readonly at: number }
  | { readonly phase: 'stopped'; readonly progress: SyncProgress; readonly at: number }
  /** What became of the round; connections that are not named here were synced. */
  | { readonly phase: 'failed'; readonly failures: readonly SyncFailure[]; readonly at: number };

export const isSyncing = ({ phase }: SyncView): boolean => phase === 'pulling' || phase === 'waiting';
export const failuresOf = (sync: SyncView): readonly SyncFailure[] =>
  sync.phase === 'failed' ? sync.failures : [];

/** Errors that stay until somebody does something about them. */
const FOR_THE_READER: ReadonlySet<AppError['code']> = new Set([
  'key-empty',
  'key-refused',
  'key-wrong-kind',
  'base-url-invalid',
  'generations-not-offered',
]);

/** Whether trying again by itself would only be refused again. */
export const waitsForReader = ({ code }: AppError): boolean => FOR_THE_READER.has(code);
