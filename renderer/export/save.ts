import type { CallArguments } from '../../shared/ipc.ts';
import { call, main } from '../client.ts';

/** Text is handed over in pieces of about this many characters. */
const PIECE = 1 << 20;

/**
 * Asks where to save, and writes what `produce` writes there. Nothing stands under the chosen name until all of
 * it is written; a failure throws the unfinished file away.
 * @returns where it was saved and what `produce` returned, or null when the reader cancelled.
 */
export async function saveText<T>(
  suggestedName: string,
  kind: CallArguments<'saveBegin'>['kind'],
  produce: (write: (text: string) => Promise<void>) => Promise<T>,
): Promise<{ readonly path: string; readonly value: T } | null> {
  const begun = await call(main.saveBegin({ suggestedName, kind }));
  if (begun === null) return null;
  const { file } = begun;
  try {
    let held = '';
    const flush = async () => {
      const text = held;
      held = '';
      if (text !== '') await call(main.saveWrite({ file, text }));
    };
    const value = await produce(async (text) => {
      held += text;
      if (held.length >= PIECE) await flush();
    });
    await flush();
    const { path } = await call(main.saveEnd({ file }));
    return { path, value };
  } catch (thrown) {
    await main.saveAbort({ file });
    throw thrown;
  }
}
