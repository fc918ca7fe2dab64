import { UNSTABLE_ToastQueue as ToastQueue } from 'react-aria-components/Toast';
import { type AppError, toAppError } from '../../shared/errors.ts';

/** A short word at the edge of the window. */
export interface Notice {
  readonly tone: 'done' | 'problem';
  readonly title: string;
  readonly text?: string;
}

const DONE_MS = 8_000;
const MOST_SHOWN = 3;

export const notices = new ToastQueue<Notice>({ maxVisibleToasts: MOST_SHOWN });

/** Says that something is done; goes away by itself. */
export function notifyDone(title: string, text?: string): void {
  makeRoom();
  notices.add({ tone: 'done', title, ...(text === undefined ? {} : { text }) }, { timeout: DONE_MS });
}

/** Says that something failed, in the error's own words; stays until it is put away. */
export function notifyProblem(error: AppError): void {
  makeRoom();
  notices.add({ tone: 'problem', title: error.title, text: `${error.meaning} ${error.action}` });
}

/**
 * What is pushed out is gone: the queue would keep it, and show it as if it were new once the others have left. Only
 * a problem may wait there, behind newer problems: it is not to be lost before anybody has put it away.
 */
function makeRoom(): void {
  const shown = notices.visibleToasts;
  if (shown.length < MOST_SHOWN) return;
  // The newest stand first.
  const oldest = shown.findLast(({ content }) => content.tone === 'done');
  if (oldest) notices.close(oldest.key);
}

/** Runs something that nobody waits for, and says so when it fails. */
export function attempt(work: Promise<unknown>): void {
  work.catch((thrown) => notifyProblem(toAppError(thrown)));
}
