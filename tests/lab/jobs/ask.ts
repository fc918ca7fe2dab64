/** Questions while the store is busy: what is asked meanwhile, and what comes of it. */
import * as Comlink from '../../../renderer/comlink.ts';
import { toAppError } from '../../../shared/errors.ts';
import type { Filter, RowsQuery } from '../../../shared/query.ts';
import type { World } from '../page/world.ts';

/**
 * A question that meets damage waits until no change is under way, to be asked again. Meanwhile its view asks
 * something else, or gives up.
 * @param asked what meets damage
 * @param next what its view asks then; null: it gives up
 * @param whole what can be read
 * @returns what became of both, and whether the first one knew before the change was over
 */
export async function whileWaiting(
  { store }: World,
  { asked, next, whole }: { asked: RowsQuery; next: RowsQuery | null; whole: Filter },
): Promise<{ readonly first: string; readonly second: string | null; readonly knewBefore: boolean }> {
  // What is being written keeps changes waiting.
  let begun = () => {};
  let end = () => {};
  const isBegun = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const isToEnd = new Promise<void>((resolve) => {
    end = resolve;
  });
  const write = Comlink.proxy(() => {
    begun();
    return isToEnd;
  });
  const written = store.exportGenerations(whole, { format: 'csv', cells: 'plain' }, write);
  await isBegun;

  let isOver = false;
  let knewBefore = false;
  const told = (answer: Promise<{ readonly count: number }>): Promise<string> =>
    answer.then(
      ({ count }) => `${count} rows`,
      (thrown) => toAppError(thrown).code,
    );
  const first = told(store.rows(asked, 'view')).then((outcome) => {
    knewBefore = !isOver;
    return outcome;
  });
  // Runs over the data go one after the other: when this one is over, the first waits.
  const other = { ...asked, filter: whole };
  await store.rows(other, 'other view');
  const second = next ? told(store.rows(next, 'view')) : store.cancel('view');
  const outcome = await second;
  // What the first was told is here before the answer to this.
  await store.rows({ ...other, sort: { ...other.sort, descending: !other.sort.descending } }, 'other view');
  isOver = true;
  end();
  await written;
  return { first: await first, second: outcome ?? null, knewBefore };
}
