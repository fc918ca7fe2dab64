import { UNSTABLE_ToastQueue as ToastQueue } from 'react-aria-components/Toast';
import { type AppError, toAppError } from '../../shared/errors.ts';

/** A short word at the edge of the window. */
export interface Notice {
  readonly tone: 'done' | 'problem';
  readonly title: string;
  readonly text?: string;
}

const DONE_MS = 8_000;

export const notices = new ToastQueue<Notice>({ maxVisibleToasts: 3 });

/** Says that something is done; goes away by itself. */
export function notifyDone(title: string, text?: string): void {
  notices.add({ tone: 'done', title, ...(text === undefined ? {} : { text }) }, { timeout: DONE_MS });
}

/** Says that something failed, in the error's own words; stays until it is put away. */
export function notifyProblem(error: AppError): void {
  notices.add({ tone: 'problem', title: error.title, text: `${error.meaning} ${error.action}` });
}

/** Runs something that nobody waits for, and says so when it fails. */
export function attempt(work: Promise<unknown>): void {
  work.catch((thrown) => notifyProblem(toAppError(thrown)));
}
