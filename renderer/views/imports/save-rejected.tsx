import Papa from 'papaparse';
import { store } from '../../client.ts';
import { Button } from '../../components/button.tsx';
import { countOf } from '../../components/format.ts';
import { summaryName } from '../../export/import-summary.ts';
import { saveText } from '../../export/save.ts';
import { attempt, notifyDone } from '../../hooks/notices.ts';
import type { Origin } from '../../store/api.ts';
import type { Rejection } from '../../store/rejection.ts';

/** Lines written at a time. */
const SOME = 2_000;

/** The rejected lines of a file with the cells they have there; a line that is no row is one cell. */
export function rejectedCsv(headers: readonly string[], rejections: readonly Rejection[]): string {
  const rows = rejections.map(({ line, reason, cells = [] }) => [line ?? '', reason, ...cells]);
  const text = Papa.unparse(rows, { newline: '\n' });
  return headers.length === 0 ? text : `${Papa.unparse([['line', 'reason', ...headers]])}\n${text}`;
}

/** Writes the lines that were not taken as a CSV of their own: to be mended and imported again. */
export function SaveRejected({ origin }: { readonly origin: Origin }) {
  if (origin.kind !== 'file' || origin.counts.rejected === 0) return null;
  const save = async () => {
    const rejections = await store.rejections(origin.id);
    const name = summaryName(origin.name).replace(/_summary\.json$/, '_rejected.csv');
    const saved = await saveText(name, 'csv', async (write) => {
      await write(`${Papa.unparse([['line', 'reason', ...(origin.headers ?? [])]])}\n`);
      for (let at = 0; at < rejections.length; at += SOME) {
        await write(`${rejectedCsv([], rejections.slice(at, at + SOME))}\n`);
      }
    });
    if (!saved) return;
    const bare = rejections.filter(({ cells }) => cells === undefined).length;
    const note =
      bare === 0 ? '' : `\n${countOf(bare, 'line')} too many or too long to be kept: number and reason only`;
    notifyDone(`${countOf(rejections.length, 'rejected line')} saved`, `Saved to ${saved.path}${note}`);
  };
  return <Button onPress={() => attempt(save())}>Save rejected lines (CSV)</Button>;
}
