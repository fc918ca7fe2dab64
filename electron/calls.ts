import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { app, type BrowserWindow, dialog, nativeTheme } from 'electron';
import type { Connections } from './connections.ts';
import { type AskWhere, createFiles, type Files } from './files.ts';
import type { Calls, Emit } from './ipc.ts';
import type { Keychain } from './keychain.ts';
import { listGenerations } from './openrouter/generations.ts';
import { openLink } from './security.ts';
import type { Settings } from './settings.ts';
import { createDeliveries } from './sync/deliver.ts';
import { createSyncs, type Syncs } from './sync/syncs.ts';

export interface Services {
  readonly window: BrowserWindow;
  readonly emit: Emit;
  readonly settings: Settings;
  readonly keychain: Keychain;
  readonly connections: Connections;
}

/** The calls of the contract, and what has to end when the page that made them goes away. */
export function createCalls(services: Services): { calls: Calls; endAll: () => void } {
  const { emit, settings, keychain, connections } = services;
  const deliveries = createDeliveries((payload) => emit('syncBatch', payload));
  const syncs: Syncs = createSyncs((state) => emit('syncState', state));
  const files: Files = createFiles(askWhere(services));

  const calls: Calls = {
    appInfo: () => ({
      version: app.getVersion(),
      electron: process.versions.electron ?? '',
      chromium: process.versions.chrome ?? '',
      platform: process.platform,
      dataPath: app.getPath('userData'),
      keychain: keychain.state(),
      theme: settings.values.theme,
    }),
    setTheme({ theme }) {
      nativeTheme.themeSource = theme;
      settings.change({ theme });
      return null;
    },
    openLink: async ({ link }) => {
      await openLink(link);
      return null;
    },

    listConnections: () => connections.list(),
    addConnection: (args) => connections.add(args),
    async removeConnection({ connectionId }) {
      await syncs.stop(connectionId);
      connections.remove(connectionId);
      return null;
    },

    async startSync({ connectionId, checkpoint }) {
      const client = connections.client(connectionId);
      await syncs.start(connectionId, checkpoint, {
        fetchPage: (offset, signal) => listGenerations(client, { offset }, signal),
        deliver: deliveries.to(connectionId),
      });
      return null;
    },
    async stopSync({ connectionId }) {
      await syncs.stop(connectionId);
      return null;
    },
    batchStored(word) {
      deliveries.acknowledge(word);
      return null;
    },

    saveBegin: ({ suggestedName, kind }) => files.begin(suggestedName, kind),
    async saveWrite({ file, text }) {
      await files.write(file, text);
      return null;
    },
    saveEnd: ({ file }) => files.end(file),
    async saveAbort({ file }) {
      await files.abort(file);
      return null;
    },
  };

  return {
    calls,
    endAll: () => {
      syncs.stopAll();
      files.abortAll();
    },
  };
}

const FILTERS = {
  csv: { name: 'CSV', extensions: ['csv'] },
  json: { name: 'JSON', extensions: ['json'] },
};

/** Asks in the folder that was used last; the system's dialogs do not remember it. */
function askWhere({ window, settings }: Services): AskWhere {
  return async (suggestedName, kind) => {
    const { lastFolder } = settings.values;
    const folder = lastFolder && existsSync(lastFolder) ? lastFolder : app.getPath('downloads');
    const { canceled, filePath } = await dialog.showSaveDialog(window, {
      defaultPath: join(folder, suggestedName),
      filters: [FILTERS[kind]],
    });
    if (canceled || !filePath) return null;
    settings.change({ lastFolder: dirname(filePath) });
    return filePath;
  };
}
