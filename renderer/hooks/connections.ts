import type { Connection } from '../../shared/ipc.ts';
import { call, main } from '../client.ts';
import { createSignal, useSignal } from './signal.ts';

/** null until the main process has answered. */
const connections = createSignal<readonly Connection[] | null>(null);

export const useConnections = (): readonly Connection[] | null => useSignal(connections);
export const currentConnections = (): readonly Connection[] => connections.get() ?? [];

export async function loadConnections(): Promise<void> {
  connections.set(await call(main.listConnections({})));
}

/** Adds a key. It was tried against OpenRouter when this resolves; otherwise the `AppFailure` says why not. */
export async function addConnection(key: string, baseUrl: string): Promise<Connection> {
  const added = await call(main.addConnection({ key, baseUrl }));
  await loadConnections();
  return added;
}

export async function removeConnection(connectionId: string): Promise<void> {
  await call(main.removeConnection({ connectionId }));
  await loadConnections();
}
