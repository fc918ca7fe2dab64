import type { Connection } from '../../shared/ipc.ts';
import { call, main, store } from '../client.ts';
import { createSignal, useSignal } from './signal.ts';

/** null until the main process has answered. */
const connections = createSignal<readonly Connection[] | null>(null);

export const useConnections = (): readonly Connection[] | null => useSignal(connections);
export const currentConnections = (): readonly Connection[] => connections.get() ?? [];

let reportLoaded: () => void;
/** Resolves when the main process has said for the first time which connections there are. */
export const connectionsLoaded = new Promise<void>((resolve) => {
  reportLoaded = resolve;
});

export async function loadConnections(): Promise<void> {
  connections.set(await call(main.listConnections({})));
  reportLoaded();
}

/** Adds a key. It was tried against OpenRouter when this resolves; otherwise the `AppFailure` says why not. */
export async function addConnection(key: string, baseUrl: string): Promise<Connection> {
  const added = await call(main.addConnection({ key, baseUrl }));
  await loadConnections();
  return added;
}

/** An empty name gives back the one that OpenRouter has for the key. */
export async function renameConnection(connectionId: string, name: string): Promise<void> {
  await call(main.renameConnection({ connectionId, name }));
  await loadConnections();
}

/**
 * Forgets a connection and its key, and with `withData` also what only it brought.
 * @returns how many generations were removed
 */
export async function removeConnection(connectionId: string, withData: boolean): Promise<number> {
  await call(main.removeConnection({ connectionId }));
  const removed = withData ? await store.removeConnection(connectionId) : 0;
  await loadConnections();
  return removed;
}
