import { toAppError } from '../../shared/errors.ts';
import type { Filter } from '../../shared/query.ts';
import { store } from '../client.ts';
import * as Comlink from '../comlink.ts';
import { countOf } from '../components/format.ts';
import { suggestedName } from '../export/names.ts';
import { saveText } from '../export/save.ts';
import { usersCsv } from '../export/users-csv.ts';
import { completenessWords } from '../views/coverage/coverage-words.ts';
import { currentUsersSort } from '../views/users/users-sort.ts';
import { askGroups } from './ask.ts';
import { completeness } from './coverage.ts';
import { currentFilters, type Filters, scopeFilter, toFilter } from './filters.ts';
import { notifyDone, notifyProblem } from './notices.ts';
import { currentRoute } from './route.ts';
import { createSignal, useSignal } from './signal.ts';
import { currentCoverage } from './use-coverage.ts';

const exporting = createSignal(false);
export const useExporting = (): boolean => useSignal(exporting);

/** Writes the users table, as filtered and sorted on screen. */
export function exportUsers(): Promise<void> {
  const filters = currentFilters();
  return exportFile('line', filters, 'whospent_users', async (write) => {
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
    route.view === 'user' ? [...scopeFilter(filters), { on: 'user', in: [route.user] }] : toFilter(filters);
  return exportFile('generation', filters, 'openrouter_activity', (write) =>
    store.exportGenerations(filter, Comlink.proxy(write)),
  );
}

async function exportFile(
  line: string,
  { range }: Filters,
  stem: string,
  produce: (write: (text: string) => Promise<void>) => Promise<number>,
): Promise<void> {
  if (exporting.get()) return;
  exporting.set(true);
  try {
    const saved = await saveText(suggestedName(stem, range), 'csv', produce);
    if (!saved) return;
    const facts = currentCoverage();
    const words = facts && completenessWords(completeness(facts, range));
    notifyDone(
      `${countOf(saved.value, line)} exported`,
      `Saved to ${saved.path}${words ? `\n${words}: see Coverage.` : ''}`,
    );
  } catch (thrown) {
    notifyProblem(toAppError(thrown));
  } finally {
    exporting.set(false);
  }
}
