/** Questions while a CSV file is being imported, by the app's own reader in its own worker. */
import * as Comlink from '../../../renderer/comlink.ts';
import type { CsvApi } from '../../../renderer/csv/api.ts';
import {
  DEFAULT_USERS_SORT,
  SCREEN_AGGREGATES,
  storeSort,
  usersQuery,
} from '../../../renderer/views/users/users-query.ts';
import type { World } from '../../lab/page/world.ts';
import { Data, type DataOptions } from '../data.ts';
import { GROUPS } from '../questions.ts';

const PAUSE_MS = 50;

/** Milliseconds of each question for the users table while the import ran. */
export async function queriesWhileImporting(
  { store, storePort }: World,
  data: DataOptions,
): Promise<number[]> {
  const worker = new Worker(new URL('../../../renderer/csv/csv.worker.ts', import.meta.url), {
    type: 'module',
    name: 'csv',
  });
  const csv = Comlink.wrap<CsvApi>(worker);
  const port = storePort();
  await csv.connect(Comlink.transfer(port, [port]));
  const file = new File([...new Data(data).csv()], 'activity.csv');
  await store.open('account');
  const ask = () => store.group(usersQuery([], SCREEN_AGGREGATES, storeSort(DEFAULT_USERS_SORT), 0, GROUPS));
  await ask();

  const read = async () => {
    const nothing = Comlink.proxy(() => undefined);
    await csv.read(1, { name: file.name, blob: file }, {}, await store.beginPreview(), nothing);
    return csv.import(1, nothing);
  };
  let importing = true;
  const imported = read().finally(() => {
    importing = false;
  });
  const ms: number[] = [];
  while (importing) {
    const begun = performance.now();
    await ask();
    ms.push(performance.now() - begun);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  const origin = await imported;
  if (origin?.state !== 'complete' || origin.counts.rejected > 0) throw new Error('the import failed');
  return ms;
}
