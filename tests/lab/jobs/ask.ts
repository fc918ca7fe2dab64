/** Questions while the store is busy: what is asked meanwhile, and what comes of it. */
import * as Comlink from '../../../renderer/comlink.ts';
import type { GenerationBatch } from '../../../shared/batch.ts';
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

/** How many rows an answer, or the store's state, had in which version. */
export interface Seen {
  readonly version: number;
  readonly rows: number;
}

/**
 * What the listeners were told while a batch was stored and then another dataset was opened, and what was seen
 * meanwhile by questions that never stopped.
 */
export async function whileChanging(
  { store }: World,
  batch: GenerationBatch,
): Promise<{ readonly told: readonly Seen[]; readonly seen: readonly Seen[] }> {
  const told: Seen[] = [];
  const seen: Seen[] = [];
  const origin = await store.beginOrigin({ kind: 'file', name: 'many.csv' });
  await store.subscribe(Comlink.proxy(({ version, rows }) => told.push({ version, rows })));
  let isDone = false;
  const done = store
    .ingest(origin, batch)
    .then(() => store.open('sample'))
    .then(() => {
      isDone = true;
    });
  for (let n = 0; !isDone; n++) {
    // Never the same question: what was answered once in a version is not looked up again.
    const answer = store.group({
      filter: [{ on: 'created_at', from: -n }],
      by: [],
      aggregates: { requests: { fn: 'count' } },
      sort: { by: 'requests', descending: true },
      offset: 0,
      limit: 1,
    });
    const { version, rows } = await store.status();
    const { coverage } = await answer;
    seen.push({ version, rows }, { version: coverage.version, rows: coverage.rows });
  }
  await done;
  return { told, seen };
}
