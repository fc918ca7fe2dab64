import type { CallArguments } from '../../shared/ipc.ts';
import { call, main } from '../client.ts';
import type { Sink } from './sink.ts';

export type FileKind = CallArguments<'saveBegin'>['kind'];

/** Text is handed over in pieces of about this many characters; bytes as they come. */
const PIECE = 1 << 20;

/**
 * Asks where to save, and writes what `produce` writes there. Nothing stands under the chosen name until all of
 * it is written; a failure throws the unfinished file away.
 * @returns where it was saved and what `produce` returned, or null when the reader cancelled.
 */
export async function saveFile<T>(
  suggestedName: string,
  kind: FileKind,
  produce: (sink: Sink) => Promise<T>,
): Promise<{ readonly path: string; readonly value: T } | null> {
  const begun = await call(main.saveBegin({ suggestedName, kind }));
  if (begun === null) return null;
  const { file } = begun;
  let held = '';
  const flush = async () => {
    const data = held;
    held = '';
    if (data !== '') await call(main.saveWrite({ file, data }));
  };
  try {
    const value = await produce({
      async write(data) {
        if (typeof data === 'string') {
          held += data;
          if (held.length >= PIECE) await flush();
        } else {
          await flush();
          await call(main.saveWrite({ file, data }));
        }
      },
      async rewind() {
        held = '';
        await call(main.saveRewind({ file }));
      },
    });
    await flush();
    const { path } = await call(main.saveEnd({ file }));
    return { path, value };
  } catch (thrown) {
    // Should even this fail, what went wrong first is what the reader has to know.
    await main.saveAbort({ file }).catch(() => undefined);
    throw thrown;
  }
}

/** The same for what is only text. */
export function saveText<T>(
  suggestedName: string,
  kind: FileKind,
  produce: (write: (text: string) => Promise<void>) => Promise<T>,
): Promise<{ readonly path: string; readonly value: T } | null> {
  return saveFile(suggestedName, kind, (sink) => produce(sink.write));
}
