import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { app, type BrowserWindow, clipboard, dialog, nativeTheme } from 'electron';
import { NO_PROGRESS } from '../shared/ipc-values.ts';
import type { Source } from '../shared/sync.ts';
import type { Connections } from './connections.ts';
import { type AskWhere, createFiles, type Files } from './files.ts';
import type { Calls, Emit } from './ipc.ts';
import type { Keychain } from './keychain.ts';
import type { OpenedFiles } from './opened-files.ts';
import { readContent, readDetails } from './openrouter/generation.ts';
import { lookUp } from './openrouter/ids.ts';
import { readTotals } from './openrouter/totals.ts';
import { printPdf } from './print.ts';
import { openLink } from './security.ts';
import type { Settings } from './settings.ts';
import { createDeliveries } from './sync/deliver.ts';
import { fromBest } from './sync/from-best.ts';
import { createSyncs, type Syncs } from './sync/syncs.ts';

export interface Services {
  readonly window: BrowserWindow;
  readonly emit: Emit;
  readonly settings: Settings;
  readonly keychain: Keychain;
  readonly connections: Connections;
  readonly opened: OpenedFiles;
}

/** The calls of the contract, and what has to end when the page that made them goes away. */
export function createCalls(services: Services): { calls: Calls; endAll: () => void } {
  const { emit, settings, keychain, connections, opened } = services;
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
    renameConnection({ connectionId, name }) {
      connections.rename(connectionId, name);
      return null;
    },
    async removeConnection({ connectionId }) {
      await syncs.stop(connectionId);
      connections.remove(connectionId);
      return null;
    },

    async startSync({ connectionId, checkpoint, fill }) {
      const api = connections.api(connectionId);
      const onSources = (sources: readonly Source[]) => connections.learn(connectionId, sources);
      const likely = connections.get(connectionId).sources[0];
      await syncs.start(connectionId, {
        from: (around) => fromBest(api, { checkpoint, fill, onSources }, around),
        deliver: deliveries.to(connectionId),
        ...(likely && { source: likely }),
      });
      return null;
    },
    async stopSync({ connectionId }) {
      await syncs.stop(connectionId);
      return null;
    },
    lookUpGenerations({ connectionId, ids }) {
      const { client } = connections.api(connectionId);
      const progress = { ...NO_PROGRESS, source: 'ids' as const };
      return syncs.attend(connectionId, (signal, onState) =>
        lookUp(client, ids, {
          signal,
          onWait: (wait) => onState({ phase: 'waiting', progress, ...wait }),
          onResume: () => onState({ phase: 'pulling', progress }),
        }),
      );
    },
    generationDetails: ({ connectionId, id }) => readDetails(connections.api(connectionId).client, id),
    generationContent: ({ connectionId, id }) => readContent(connections.api(connectionId).client, id),
    accountTotals: ({ connectionId }) => readTotals(connections.api(connectionId).client),

    takeOpenedFiles: () => opened.take(),

    getPreferences: () => settings.values.preferences,
    setPreferences(preferences) {
      settings.change({ preferences });
      return null;
    },

    batchStored(word) {
      deliveries.acknowledge(word);
      return null;
    },

    saveBegin: ({ suggestedName, kind }) => files.begin(suggestedName, kind),
    async saveWrite({ file, data }) {
      await files.write(file, data);
      return null;
    },
    async saveRewind({ file }) {
      await files.rewind(file);
      return null;
    },
    saveEnd: ({ file }) => files.end(file),
    async saveAbort({ file }) {
      await files.abort(file);
      return null;
    },
    copyText({ text }) {
      clipboard.writeText(text);
      return null;
    },
    printPdf: async ({ html }) => ({ pdf: await printPdf(html) }),
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
  ndjson: { name: 'JSON lines', extensions: ['ndjson', 'jsonl'] },
  html: { name: 'HTML', extensions: ['html'] },
  pdf: { name: 'PDF', extensions: ['pdf'] },
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
