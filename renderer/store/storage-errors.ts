/** What goes wrong with the database, in people's words. */
import { type AppError, AppFailure } from '../../shared/errors.ts';

/**
 * An error of the database; what was thrown in people's words already stays as it is.
 * @param hasRoom whether there is room on the disk: a full one may be told as a transaction that was aborted
 */
export function storageFailure(thrown: unknown, hasRoom = true): AppFailure {
  if (thrown instanceof AppFailure) return thrown;
  const detail = describe(thrown);
  if (!hasRoom || /quota|disk|no space/i.test(detail)) {
    return new AppFailure({
      code: 'storage-full',
      title: 'The disk is full.',
      meaning: 'What was about to be stored was not; everything before it is as it was.',
      action: 'Make room on the disk, then sync or import again: nothing will be counted twice.',
      detail,
    });
  }
  return new AppFailure({
    code: 'storage-broken',
    title: 'The data could not be stored.',
    meaning: 'What was about to be stored was not; everything before it is as it was.',
    action: 'Check that the disk has room, then try again; nothing will be counted twice.',
    detail,
  });
}

export function notOpened(thrown: unknown): AppFailure {
  if (thrown instanceof AppFailure) return thrown;
  return new AppFailure({
    code: 'storage-broken',
    title: 'The stored data cannot be opened.',
    meaning: 'Nothing was changed: what is stored is still on the disk.',
    action:
      'Check that the disk has room and that its files may be read and written, then try again. If it stays so, move the data folder away and start anew: syncing and importing fill it again.',
    detail: describe(thrown),
  });
}

/** @param hasRoom whether there is room on the disk */
export const notRead = (thrown: unknown, hasRoom: boolean): AppError => ({
  code: hasRoom ? 'storage-broken' : 'storage-full',
  title: hasRoom ? 'The stored data cannot be read any more.' : 'The disk is full.',
  meaning:
    'What was about to be stored was not; what was stored before is as it was. Nothing more is stored or shown for now.',
  action: hasRoom
    ? 'Check the disk, and that it has room, then start Whospent again: nothing will be counted twice.'
    : 'Make room on the disk, then start Whospent again and sync or import again: nothing will be counted twice.',
  detail: describe(thrown),
});

/** A newer version of the app has written the data. */
export const writtenByNewer = (): AppFailure =>
  new AppFailure({
    code: 'storage-broken',
    title: 'The stored data are those of a newer Whospent.',
    meaning:
      'This version does not know how to read them. Nothing was changed: they are as the newer one left them.',
    action: 'Start the newer Whospent, or update this one.',
  });

/** Changes came so fast that a question found no moment of rest. */
export const keptChanging = (): AppFailure =>
  new AppFailure({
    code: 'storage-broken',
    title: 'The data could not be read.',
    meaning: 'They changed while they were read, again and again. Nothing is lost.',
    action: 'Try again in a moment.',
  });

/** Syncs are not undone one by one. */
export const notUndone = (why: 'sync' | 'open'): AppFailure =>
  new AppFailure({
    code: 'not-undone',
    title: why === 'sync' ? 'A sync cannot be undone.' : 'This import is still under way.',
    meaning: 'Nothing was changed.',
    action:
      why === 'sync'
        ? 'What a connection brought goes with the connection: remove it in Settings.'
        : 'Cancel it first, or wait for its end, then undo it.',
  });

/** What wants to store was begun in another dataset: the sample, or data that were deleted since. */
export const datasetClosed = (): AppFailure =>
  new AppFailure({
    code: 'stopped',
    title: 'The data that this belongs to were closed.',
    meaning: 'It was not stored among other data.',
    action: 'Sync or import again.',
  });

/** Dexie wraps the browser's own error; the reason stands inside. */
function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const inner = (thrown as { inner?: unknown }).inner;
  return `${thrown.name}: ${thrown.message}${inner && inner !== thrown ? ` (${describe(inner)})` : ''}`;
}
