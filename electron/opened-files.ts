/**
 * Activity files that the system asks the app to open: on the command line, by a second start, by the Finder. Their
 * paths stay here. The page gets a token for each, and can fetch those bytes with it, once; it can name no file.
 */
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { Readable } from 'node:stream';
import type { OpenedFile } from '../shared/ipc.ts';
import { log } from './log.ts';
import { APP_ORIGIN } from './protocol.ts';

const PREFIX = '/opened/';
const IS_ACTIVITY = /\.csv(\.gz)?$/i;

export interface OpenedFiles {
  /** Takes what the app was told to open; whatever is no activity file is passed over. */
  offer(args: readonly string[], folder: string): Promise<void>;
  /** The files that the page has not been given yet. */
  take(): readonly OpenedFile[];
  /** Answers a request for a file by its token; undefined for other addresses. */
  serve(address: string): Promise<Response> | undefined;
}

/** @param onOffer called when there are new files for the page to take */
export function createOpenedFiles(onOffer: () => void): OpenedFiles {
  const paths = new Map<string, string>();
  let offered: OpenedFile[] = [];

  async function answer(token: string): Promise<Response> {
    const path = paths.get(token);
    paths.delete(token);
    if (path === undefined) return new Response('No such file.', { status: 404 });
    try {
      const { size } = await stat(path);
      const bytes = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>;
      return new Response(bytes, {
        headers: {
          'Content-Type': 'application/octet-stream',
          'Content-Length': String(size),
          'X-Content-Type-Options': 'nosniff',
        },
      });
    } catch (thrown) {
      log('An opened file could not be read', thrown);
      return new Response('The file cannot be read.', { status: 404 });
    }
  }

  return {
    async offer(args, folder) {
      for (const arg of args) {
        if (arg.startsWith('-') || !IS_ACTIVITY.test(arg)) continue;
        const path = resolve(folder, arg);
        const found = await stat(path).catch(() => null);
        if (!found?.isFile()) continue;
        const token = randomBytes(24).toString('hex');
        paths.set(token, path);
        offered.push({ url: `${APP_ORIGIN}${PREFIX}${token}`, name: basename(path), size: found.size });
      }
      if (offered.length > 0) onOffer();
    },
    take() {
      const files = offered;
      offered = [];
      return files;
    },
    serve(address) {
      const start = `${APP_ORIGIN}${PREFIX}`;
      return address.startsWith(start) ? answer(address.slice(start.length)) : undefined;
    },
  };
}
