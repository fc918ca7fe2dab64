/**
 * The contract between the page and the main process: name → arguments → result for calls, name → payload for
 * events. Arguments are parsed by their schema in the main process; results are typed, and failures come back as
 * an `AppError`. `electron/preload.ts` gives the page one function per entry and nothing else.
 */
import { z } from 'zod';
import type { GenerationBatch } from './batch.ts';
import type { AppError, Result } from './errors.ts';
import { type Checkpoint, checkpointSchema, ingestCountsSchema } from './sync.ts';

export const DEFAULT_BASE_URL = 'https://openrouter.ai/api/v1';

const connectionId = z.string().min(1).max(64);

/** Pages the app may open in the reader's browser. Names, so that no text from outside ever becomes a URL. */
export const LINKS = {
  keys: 'https://openrouter.ai/settings/keys',
  managementKeys: 'https://openrouter.ai/settings/management-keys',
  activity: 'https://openrouter.ai/activity',
  userTracking: 'https://openrouter.ai/docs/guides/administration/user-tracking',
} as const;
export type LinkName = keyof typeof LINKS;

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** Arguments of each call. Most take one object, so that they can grow. */
export const CALLS = {
  /** What runs here. */
  appInfo: z.strictObject({}),
  /** Follow the system, or be light or dark. */
  setTheme: z.strictObject({ theme: z.enum(THEMES) }),
  openLink: z.strictObject({ link: z.enum(Object.keys(LINKS) as [LinkName, ...LinkName[]]) }),

  listConnections: z.strictObject({}),
  /** Asks `GET /key` and one generation with the key; stores it only when both answer. */
  addConnection: z.strictObject({ key: z.string().max(1000), baseUrl: z.string().max(2000) }),
  /** Forgets the key and the connection. The data pulled with it stay. */
  removeConnection: z.strictObject({ connectionId }),

  /** Starts a pull from where the store stands. Answers as soon as it runs; `syncState` tells the rest. */
  startSync: z.strictObject({ connectionId, checkpoint: checkpointSchema }),
  stopSync: z.strictObject({ connectionId }),
  /** The store's word on a delivered batch; the pull goes on only after it. */
  batchStored: z.strictObject({
    delivery: z.number().int(),
    outcome: z.discriminatedUnion('stored', [
      z.strictObject({ stored: z.literal(true), counts: ingestCountsSchema }),
      z.strictObject({ stored: z.literal(false), reason: z.string().max(1000) }),
    ]),
  }),

  /** Asks the reader where to save and opens a file there; null when they cancel. */
  saveBegin: z.strictObject({
    suggestedName: z.string().min(1).max(200),
    kind: z.enum(['csv', 'json']),
  }),
  /** Appends text (UTF-8). */
  saveWrite: z.strictObject({ file: z.number().int(), text: z.string() }),
  /** Puts the finished file under its name, and says where; until then nothing stands under that name. */
  saveEnd: z.strictObject({ file: z.number().int() }),
  /** Throws the unfinished file away. */
  saveAbort: z.strictObject({ file: z.number().int() }),
} as const;

export type CallName = keyof typeof CALLS;
export type CallArguments<N extends CallName> = z.infer<(typeof CALLS)[N]>;

export interface CallResults {
  appInfo: AppInfo;
  setTheme: null;
  openLink: null;
  listConnections: readonly Connection[];
  addConnection: Connection;
  removeConnection: null;
  startSync: null;
  stopSync: null;
  batchStored: null;
  saveBegin: { readonly file: number } | null;
  saveWrite: null;
  saveEnd: { readonly path: string };
  saveAbort: null;
}

export interface AppInfo {
  readonly version: string;
  readonly electron: string;
  readonly chromium: string;
  readonly platform: string;
  /** Where the store and the settings live. */
  readonly dataPath: string;
  readonly keychain: KeychainState;
  /** As `setTheme` left it. */
  readonly theme: Theme;
}

/** Where keys are kept: encrypted by the system's keychain, or in memory until the app is closed. */
export type KeychainState =
  | { readonly usable: true; readonly backend: string }
  | { readonly usable: false; readonly reason: string };

/** A key to OpenRouter, as the page may know it: never the key itself. */
export interface Connection {
  readonly id: string;
  /** What OpenRouter calls the key: its masked form, as `GET /key` gives it. */
  readonly label: string;
  readonly kind: 'inference' | 'management';
  readonly baseUrl: string;
  readonly keyKept: 'keychain' | 'session';
  /** UTC ms. */
  readonly addedAt: number;
}

export interface SyncProgress {
  /** Pages asked for and generations received in this run. */
  readonly pages: number;
  readonly received: number;
  readonly new: number;
  readonly merged: number;
  readonly known: number;
  readonly rejected: number;
  /** The span pulled so far, UTC ms. */
  readonly oldest: number | null;
  readonly newest: number | null;
}

export type SyncState = { readonly connectionId: string; readonly progress: SyncProgress } & (
  | { readonly phase: 'pulling' }
  /** Waits until `until` (UTC ms) before the next try, because of `error`. */
  | { readonly phase: 'waiting'; readonly until: number; readonly error: AppError }
  | { readonly phase: 'done' }
  | { readonly phase: 'stopped' }
  | { readonly phase: 'failed'; readonly error: AppError }
);

/** What the main process sends on its own. */
export interface Events {
  /** A page of generations for the store, with the checkpoint to write in the same transaction. */
  syncBatch: {
    readonly connectionId: string;
    readonly delivery: number;
    readonly batch: GenerationBatch;
    readonly checkpoint: Checkpoint;
  };
  syncState: SyncState;
  /** A choice in the application menu. */
  menu: { readonly command: MenuCommand };
}
export type EventName = keyof Events;

export type MenuCommand =
  | 'openFiles'
  | 'exportUsers'
  | 'exportGenerations'
  | 'sync'
  | 'find'
  | 'settings'
  | 'shortcuts';

/** What stands at `window.whospent`. */
export type Bridge = {
  readonly [N in CallName]: (args: CallArguments<N>) => Promise<Result<CallResults[N]>>;
} & {
  /** Hears an event until the returned function is called. */
  readonly on: <N extends EventName>(name: N, listener: (payload: Events[N]) => void) => () => void;
};
