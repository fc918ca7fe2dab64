import { store } from '../../client.ts';
import { Button } from '../../components/button.tsx';
import { importSummary, summaryName } from '../../export/import-summary.ts';
import { saveText } from '../../export/save.ts';
import { attempt, notifyDone } from '../../hooks/notices.ts';
import type { Origin } from '../../store/api.ts';

/** Writes what became of a file's lines as JSON, for scripts and for reports. */
export function SaveSummary({ origin }: { readonly origin: Origin }) {
  const save = async () => {
    const rejections = await store.rejections(origin.id);
    const summary = importSummary(
      origin,
      rejections.map(({ line, reason }) => ({ line, reason })),
    );
    const saved = await saveText(summaryName(origin.name), 'json', (write) =>
      write(`${JSON.stringify(summary, null, 2)}\n`),
    );
    if (saved) notifyDone('Summary saved', `Saved to ${saved.path}`);
  };
  return <Button onPress={() => attempt(save())}>Save summary (JSON)</Button>;
}
