/**
 * The contract between the page and the main process: name → arguments → result for calls, name → payload for
 * events. Arguments are parsed by their schema in the main process; results are typed, and failures come back as
 * an `AppError`. `electron/preload.ts` gives the page one function per entry and nothing else.
 */
import { z } from 'zod';
import type { GenerationBatch } from './batch.ts';
import { type AppError, ERROR_CODES, type Result } from './errors.ts';
import { exportChoicesSchema } from './exports.ts';
import { THEMES, type Theme } from './ipc-values.ts';
import {
  type Checkpoint,
  checkpointSchema,
  ingestCountsSchema,
  type Source,
  type SyncProgress,
  spanSchema,
} from './sync.ts';

const connectionId = z.string().min(1).max(64);
const generationId = z.string().min(1).max(500);

const words = z.string().max(2000);
const appError: z.ZodType<AppError> = z.strictObject({
  code: z.enum(ERROR_CODES),
  title: words,
  meaning: words,
  action: words,
  detail: words.exactOptional(),
});

/** When syncing happens by itself, and how exports were last made. */
export const preferencesSchema = z.strictObject({
  syncOnStart: z.boolean(),
  /** 0: never. */
  syncEveryMinutes: z.number().int().min(0).max(1440),
  /** Absent until something was exported. */
  exports: z.optional(exportChoicesSchema).catch(undefined),
});
export type Preferences = z.infer<typeof preferencesSchema>;

/** Pages the app may open in the reader's browser. Names, so that no text from outside ever becomes a URL. */
export const LINKS = {
  keys: 'https://openrouter.ai/settings/keys',
  managementKeys: 'https://openrouter.ai/settings/management-keys',
  activity: 'https://openrouter.ai/activity',
  userTracking: 'https://openrouter.ai/docs/guides/administration/user-tracking',
} as const;
export type LinkName = keyof typeof LINKS;

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
  /** Gives the connection a name of the reader's own; an empty one takes it away. */
  renameConnection: z.strictObject({ connectionId, name: z.string().max(100) }),
  /** Forgets the key and the connection. The data pulled with it stay: they are the store's. */
  removeConnection: z.strictObject({ connectionId }),

  /** Starts a pull from where the store stands. Answers as soon as it runs; `syncState` tells the rest. */
  startSync: z.strictObject({
    connectionId,
    checkpoint: checkpointSchema,
    /** Only these spans, newest first, whatever is covered: to fill a hole. Absent: everything that is missing. */
    fill: z.array(spanSchema).max(1000).optional(),
  }),
  stopSync: z.strictObject({ connectionId }),
  /**
   * Asks for generations by their ids, a few at a time. Waits out limits (`syncState` tells); `stopSync` stops it
   * with the error `stopped`, and nothing of this call is lost: whoever asks again gets the same answer.
   */
  lookUpGenerations: z.strictObject({ connectionId, ids: z.array(generationId).min(1).max(200) }),
  /** Everything the API knows about one generation. */
  generationDetails: z.strictObject({ connectionId, id: generationId }),
  /** The stored prompt and completion of one generation. For the eye only: never stored. */
  generationContent: z.strictObject({ connectionId, id: generationId }),
  /** What OpenRouter itself adds up: its last 30 completed UTC days by day and model, and the account's credits. */
  accountTotals: z.strictObject({ connectionId }),

  /** The files that the app was asked to open since the last call. */
  takeOpenedFiles: z.strictObject({}),

  getPreferences: z.strictObject({}),
  setPreferences: preferencesSchema,

  /** The store's word on a delivered batch; the pull goes on only after it. */
  batchStored: z.strictObject({
    delivery: z.number().int(),
    outcome: z.discriminatedUnion('stored', [
      z.strictObject({ stored: z.literal(true), counts: ingestCountsSchema }),
      z.strictObject({ stored: z.literal(false), error: appError }),
    ]),
  }),

  /** Asks the reader where to save and opens a file there; null when they cancel. */
  saveBegin: z.strictObject({
    suggestedName: z.string().min(1).max(200),
    kind: z.enum(['csv', 'json', 'ndjson', 'html', 'pdf']),
  }),
  /** Appends text (as UTF-8), or bytes. */
  saveWrite: z.strictObject({
    file: z.number().int(),
    data: z.union([z.string(), z.custom<Uint8Array>((data) => data instanceof Uint8Array)]),
  }),
  /** Empties the unfinished file: it is written anew. */
  saveRewind: z.strictObject({ file: z.number().int() }),
  /** Puts the finished file under its name, and says where; until then nothing stands under that name. */
  saveEnd: z.strictObject({ file: z.number().int() }),
  /** Throws the unfinished file away. */
  saveAbort: z.strictObject({ file: z.number().int() }),
  /** Puts text into the system's clipboard. */
  copyText: z.strictObject({ text: z.string().max(50_000_000) }),
  /** Prints a document of our own as PDF. It has to bring everything along: no script runs, nothing is fetched. */
  printPdf: z.strictObject({ html: z.string().min(1).max(50_000_000) }),
} as const;

export type CallName = keyof typeof CALLS;
export type CallArguments<N extends CallName> = z.infer<(typeof CALLS)[N]>;

export interface CallResults {
  appInfo: AppInfo;
  setTheme: null;
  openLink: null;
  listConnections: readonly Connection[];
  addConnection: Connection;
  renameConnection: null;
  removeConnection: null;
  startSync: null;
  stopSync: null;
  lookUpGenerations: LookUp;
  generationDetails: GenerationDetails;
  generationContent: GenerationContent;
  accountTotals: AccountTotals;
  takeOpenedFiles: readonly OpenedFile[];
  getPreferences: Preferences;
  setPreferences: null;
  batchStored: null;
  saveBegin: { readonly file: number } | null;
  saveWrite: null;
  saveEnd: { readonly path: string };
  saveRewind: null;
  saveAbort: null;
  copyText: null;
  printPdf: { readonly pdf: Uint8Array };
}

/** A file that the system asked the app to open. */
export interface OpenedFile {
  /** Gives its bytes, once. */
  readonly url: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
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
  /** The reader's own name for it, or what OpenRouter calls the key: its masked form, as `GET /key` gives it. */
  readonly label: string;
  /** What this key can be asked for, the best first; found out when it was added and with each sync. */
  readonly sources: readonly Source[];
  readonly kind: 'inference' | 'management';
  readonly baseUrl: string;
  readonly keyKept: 'keychain' | 'session';
  /** UTC ms. */
  readonly addedAt: number;
}

export interface LookUp {
  /** The generations that were found. */
  readonly batch: GenerationBatch;
  /** Ids that OpenRouter does not know (404), or whose generations belong to another account. */
  readonly missing: readonly string[];
}

export interface GenerationDetails {
  /** One generation, to be merged into the store. */
  readonly batch: GenerationBatch;
  /** Every field of the answer that has a value, in its order, as text for the eye. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** Text as it was sent and received; null where OpenRouter keeps none. */
export interface GenerationContent {
  readonly prompt: string | null;
  readonly completion: string | null;
  readonly reasoning: string | null;
  /** The stored failure of a generation that failed. */
  readonly failure: string | null;
}

/** Money here is in dollars as the API gives it; `parseMoney` takes it exactly. */
export interface AccountTotals {
  /** By UTC day and model; credits and what providers charged own keys. */
  readonly activity: readonly {
    /** `YYYY-MM-DD`. */
    readonly day: string;
    readonly model: string;
    readonly requests: number;
    readonly credits: number;
    readonly byok: number;
  }[];
  /** null where this key may not see them. */
  readonly credits: { readonly bought: number; readonly used: number } | null;
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
  /** There are opened files to take. */
  filesOpened: Record<string, never>;
  /** The computer woke up: what was due while it slept is due now. */
  wake: Record<string, never>;
  /** A choice in the application menu. */
  menu: { readonly command: MenuCommand };
}
export type EventName = keyof Events;

export type MenuCommand =
  | 'openFiles'
  | 'exportTable'
  | 'exportGenerations'
  | 'exportReport'
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
