/** Errors are for people: what happened, what it means for their data, what to do. */
export interface AppError {
  readonly code: ErrorCode;
  /** What happened, one sentence. */
  readonly title: string;
  /** What it means for the reader's data. */
  readonly meaning: string;
  /** What to do now. */
  readonly action: string;
  /** The other side's own words, for a report; never holds a key. */
  readonly detail?: string;
}

export const ERROR_CODES = [
  // a key or an address
  'key-empty',
  'key-refused',
  'key-wrong-kind',
  'generations-not-offered',
  'base-url-invalid',
  // the way to OpenRouter
  'offline',
  'not-openrouter',
  'bad-answer',
  'rate-limited',
  'no-credits',
  'server-error',
  'stopped',
  // files
  'file-not-csv',
  'file-empty',
  'file-no-header',
  'file-aggregated',
  'file-unreadable',
  'file-not-written',
  // the store
  'storage-full',
  'storage-broken',
  'not-undone',
  // the app itself
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** An `AppError` that can be thrown. */
export class AppFailure extends Error {
  readonly error: AppError;

  constructor(error: AppError) {
    super(`${error.code}: ${error.title}`);
    this.name = 'AppFailure';
    this.error = error;
  }
}

/** The reader's error for anything that was thrown, also behind a border that strips classes off errors. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof Error && 'error' in thrown && isAppError(thrown.error)) return thrown.error;
  return {
    code: 'internal',
    title: 'Something went wrong inside Whospent.',
    meaning: 'Your stored data is as it was before this step.',
    action: 'Try again; if it happens again, please report it with the detail below.',
    detail: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown),
  };
}

/** What crosses a border instead of an exception. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: AppError };

function isAppError(value: unknown): value is AppError {
  return typeof value === 'object' && value !== null && 'code' in value && 'title' in value;
}
