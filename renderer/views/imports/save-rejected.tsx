import { store } from '../../client.ts';
import { Button } from '../../components/button.tsx';
import { countOf } from '../../components/format.ts';
import { CellWriter, TOUCHED_NOTE } from '../../export/cells.ts';
import { summaryName } from '../../export/import-summary.ts';
import { rejectedHeader, rejectedLines } from '../../export/rejected.ts';
import { saveText } from '../../export/save.ts';
import { attempt, notifyDone } from '../../hooks/notices.ts';
import type { Origin } from '../../store/api.ts';

/** Lines written at a time. */
const SOME = 2_000;

/** Writes the lines that were not taken as a CSV of their own: to be mended and imported again. */
export function SaveRejected({ origin }: { readonly origin: Origin }) {
  if (origin.kind !== 'file' || origin.counts.rejected === 0) return null;
  const save = async () => {
    const rejections = await store.rejections(origin.id);
    const name = summaryName(origin.name).replace(/_summary\.json$/, '_rejected.csv');
    // What was rejected may be anything at all, and is looked at in a spreadsheet.
    const writer = new CellWriter('protected');
    const saved = await saveText(name, 'csv', async (write) => {
      await write(rejectedHeader(writer, origin.headers ?? []));
      for (let at = 0; at < rejections.length; at += SOME) {
        await write(rejectedLines(writer, rejections.slice(at, at + SOME)));
      }
    });
    if (!saved) return;
    const bare = rejections.filter(({ cells }) => cells === undefined).length;
    const notes = [
      `Saved to ${saved.path}`,
      ...(bare > 0
        ? [`${countOf(bare, 'line')} too many or too long to be kept: number and reason only`]
        : []),
      ...(writer.touched ? [TOUCHED_NOTE] : []),
    ];
    notifyDone(`${countOf(rejections.length, 'rejected line')} saved`, notes.join('\n'));
  };
  return <Button onPress={() => attempt(save())}>Save rejected lines (CSV)</Button>;
}
