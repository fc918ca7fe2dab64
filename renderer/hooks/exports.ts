import { toAppError } from '../../shared/errors.ts';
import type { Filter } from '../../shared/query.ts';
import { store } from '../client.ts';
import * as Comlink from '../comlink.ts';
import { countOf } from '../components/format.ts';
import { suggestedName } from '../export/names.ts';
import { saveText } from '../export/save.ts';
import { usersCsv } from '../export/users-csv.ts';
import { currentUsersSort } from '../views/users/users-sort.ts';
import { askGroups } from './ask.ts';
import { currentFilters, rangeFilter, toFilter } from './filters.ts';
import { notifyDone, notifyProblem } from './notices.ts';
import { currentRoute } from './route.ts';
import { createSignal, useSignal } from './signal.ts';

const exporting = createSignal(false);
export const useExporting = (): boolean => useSignal(exporting);

/** Writes the users table, as filtered and sorted on screen. */
export function exportUsers(): Promise<void> {
  const filters = currentFilters();
  return exportFile('line', suggestedName('whospent_users', filters.range), async (write) => {
    const { pieces, lines } = await usersCsv(askGroups, toFilter(filters), currentUsersSort());
    for (const piece of pieces) await write(piece);
    return lines;
  });
}

/** Writes the generations of what is on screen: the filtered users', or the one user's. */
export function exportGenerations(): Promise<void> {
  const filters = currentFilters();
  const route = currentRoute();
  const filter: Filter =
    route.view === 'user'
      ? [...rangeFilter(filters.range), { on: 'user', in: [route.user] }]
      : toFilter(filters);
  return exportFile('generation', suggestedName('openrouter_activity', filters.range), (write) =>
    store.exportGenerations(filter, Comlink.proxy(write)),
  );
}

async function exportFile(
  line: string,
  name: string,
  produce: (write: (text: string) => Promise<void>) => Promise<number>,
): Promise<void> {
  if (exporting.get()) return;
  exporting.set(true);
  try {
    const saved = await saveText(name, 'csv', produce);
    if (saved) notifyDone(`${countOf(saved.value, line)} exported`, `Saved to ${saved.path}`);
  } catch (thrown) {
    notifyProblem(toAppError(thrown));
  } finally {
    exporting.set(false);
  }
}
