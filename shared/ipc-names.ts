/**
 * The names of the contract in `ipc.ts`, without its schemas: all the preload needs, so that no validation
 * library is loaded into the sandbox. The types hold both lists to the contract.
 */
import type { CallName, EventName } from './ipc.ts';

const CALLS = {
  appInfo: true,
  setTheme: true,
  openLink: true,
  listConnections: true,
  addConnection: true,
  renameConnection: true,
  removeConnection: true,
  startSync: true,
  stopSync: true,
  lookUpGenerations: true,
  generationDetails: true,
  generationContent: true,
  accountTotals: true,
  takeOpenedFiles: true,
  getPreferences: true,
  setPreferences: true,
  batchStored: true,
  saveBegin: true,
  saveWrite: true,
  saveEnd: true,
  saveRewind: true,
  saveAbort: true,
  copyText: true,
  printPdf: true,
} as const satisfies Record<CallName, true>;

const EVENTS = {
  syncBatch: true,
  syncState: true,
  filesOpened: true,
  wake: true,
  menu: true,
} as const satisfies Record<EventName, true>;

export const CALL_NAMES = Object.keys(CALLS) as readonly CallName[];
export const EVENT_NAMES = Object.keys(EVENTS) as readonly EventName[];
