import { batchFromApi } from '../../shared/batch.ts';
import type { ColumnKey, SourceValue } from '../../shared/columns.ts';
import { createAccount } from '../../shared/sample/account.ts';
import { SAMPLE_END_TIME } from '../../shared/sample/catalogue.ts';
import { SAMPLE_SIZE } from '../../shared/sample/size.ts';
import type { StoreApi } from './api.ts';

const SAMPLE = { seed: 1, ...SAMPLE_SIZE, endTime: SAMPLE_END_TIME };

/** What the activity CSV knows beyond the API. */
const EXTRA = {
  variant: 'variant',
  api_key_name: 'api_key_name',
  app_name: 'app_name',
  time_to_first_token_ms: 'time_to_first_token_ms',
} as const satisfies { [K in ColumnKey]?: string };

/** Fills the open dataset with the built-in sample account. */
export async function loadSample(
  store: Pick<StoreApi, 'beginOrigin' | 'ingest' | 'finishOrigin'>,
): Promise<void> {
  const account = createAccount(SAMPLE);
  const rows = Array.from({ length: account.length }, (_, i) => account.generation(i));
  const batch = batchFromApi(rows.map((row) => row.api));
  const extra: { [K in ColumnKey]?: SourceValue[] } = {};
  for (const key of Object.keys(EXTRA) as (keyof typeof EXTRA)[])
    extra[key] = rows.map((row) => row.extra[key]);
  const origin = await store.beginOrigin({ kind: 'sample', name: 'Sample account' });
  await store.ingest(origin, { rows: batch.rows, columns: { ...batch.columns, ...extra } });
  await store.finishOrigin(origin, 'complete');
}
