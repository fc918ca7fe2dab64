import type { Connection } from '../../../shared/ipc.ts';
import { formatDay } from '../../../shared/time.ts';
import { Button } from '../../components/button.tsx';
import { countOf } from '../../components/format.ts';
import { saveText } from '../../export/save.ts';
import { missingIds } from '../../hooks/look-ups.ts';
import { attempt, notifyDone } from '../../hooks/notices.ts';

/** Writes the ids that OpenRouter did not know, one a line. */
export function SaveMissing({ connection }: { readonly connection: Connection }) {
  const save = async () => {
    const ids = missingIds(connection.id);
    const saved = await saveText(`missing_ids_${formatDay(Date.now())}.csv`, 'csv', (write) =>
      write(`generation_id\n${ids.map((id) => `${id}\n`).join('')}`),
    );
    if (saved) notifyDone(`${countOf(ids.length, 'id')} saved`, `Saved to ${saved.path}`);
  };
  return <Button onPress={() => attempt(save())}>Save missing ids</Button>;
}
