/** Files that the system asked the app to open: they go the way of files that are dropped. */

import { AppFailure, toAppError } from '../../shared/errors.ts';
import type { OpenedFile } from '../../shared/ipc.ts';
import { call, main } from '../client.ts';
import { addFiles } from './imports.ts';
import { attempt, notifyProblem } from './notices.ts';

/** Takes what was opened with the app's start, and listens for more. */
export function takeOpenedFiles(): void {
  main.on('filesOpened', () => attempt(take()));
  attempt(take());
}

async function take(): Promise<void> {
  const files = await call(main.takeOpenedFiles({}));
  const read = await Promise.allSettled(
    files.map(async (file) => ({ name: file.name, blob: await bytesOf(file) })),
  );
  // One that cannot be read keeps none of the others back.
  addFiles(read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
  for (const one of read) if (one.status === 'rejected') notifyProblem(toAppError(one.reason));
}

async function bytesOf({ url, name }: OpenedFile): Promise<Blob> {
  try {
    const answer = await fetch(url);
    if (answer.ok) return await answer.blob();
    throw new Error(`HTTP ${answer.status}`);
  } catch (thrown) {
    throw new AppFailure({
      code: 'file-unreadable',
      title: `“${name}” could not be opened.`,
      meaning: 'Nothing was imported.',
      action: 'Check that it is still there, or drop it on the window.',
      detail: String(thrown),
    });
  }
}
