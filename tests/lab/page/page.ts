/** The lab's page: the real store in its real worker, and the jobs. Node drives it by `globalThis.lab`. */
import { jobs } from 'lab:jobs';
import * as Comlink from '../../../renderer/comlink.ts';
import { type Result, toAppError } from '../../../shared/errors.ts';
import { type Job, startStore, type World } from './world.ts';

const { store, storePort } = startStore();
const world: World = { store, storePort, newStore: startStore };

async function result(work: () => Promise<unknown>): Promise<Result<unknown>> {
  try {
    return { ok: true, value: await work() };
  } catch (thrown) {
    return { ok: false, error: toAppError(thrown) };
  }
}

globalThis.lab = {
  store: (method, args) =>
    result(() =>
      (store as never as Record<string, (...args: unknown[]) => Promise<unknown>>)[method]!(...args),
    ),
  run: (name, argument) =>
    result(async () => {
      const [file = '', job = ''] = name.split('.');
      const found = ((await jobs[file]?.()) as Record<string, Job<unknown, unknown>> | undefined)?.[job];
      if (!found) throw new Error(`no job ${name}; files: ${Object.keys(jobs).join(', ')}`);
      return found(world, argument);
    }),
  exported: (filter) =>
    result(async () => {
      const pieces: string[] = [];
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
      const write = Comlink.proxy(async (bytes: Uint8Array) => {
        pieces.push(decoder.decode(bytes, { stream: true }));
      });
      await store.exportGenerations(filter, { format: 'csv', cells: 'plain' }, write);
      return pieces.join('');
    }),
};
