/** The bridge: one function per call of the contract, and the ear for its events. Nothing else crosses. */
import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import type { Bridge, EventName } from '../shared/ipc.ts';
import { CALL_NAMES, EVENT_NAMES } from '../shared/ipc-names.ts';

const calls = Object.fromEntries(
  CALL_NAMES.map((name) => [name, (args: unknown) => ipcRenderer.invoke(name, args)]),
);

function on(name: EventName, listener: (payload: unknown) => void): () => void {
  if (!EVENT_NAMES.includes(name)) throw new TypeError(`No such event: ${String(name)}`);
  // The event object would give the page the whole ipcRenderer.
  const hear = (_event: IpcRendererEvent, payload: unknown) => listener(payload);
  ipcRenderer.on(name, hear);
  return () => {
    ipcRenderer.off(name, hear);
  };
}

contextBridge.exposeInMainWorld('whospent', { ...calls, on } as Bridge);
