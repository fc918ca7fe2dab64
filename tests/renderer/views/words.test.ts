import { describe, expect, it } from 'vitest';
import { importSummary, summaryName } from '../../../renderer/export/import-summary.ts';
import type { Origin } from '../../../renderer/store/api.ts';
import { syncWords } from '../../../renderer/views/frame/sync-words.ts';
import type { AppError } from '../../../shared/errors.ts';
import type { Connection, SyncProgress } from '../../../shared/ipc.ts';

const now = Date.UTC(2026, 10, 22);
const connection: Connection = {
  id: 'c',
  label: 'sk-or-v1-0e6…1c96',
  kind: 'inference',
  baseUrl: 'https://openrouter.ai/api/v1',
  keyKept: 'keychain',
  addedAt: 0,
};
const progress: SyncProgress = {
  pages: 2,
  received: 5000,
  new: 4990,
  merged: 0,
  known: 9,
  rejected: 1,
  oldest: now,
  newest: now,
};
const error: AppError = {
  code: 'rate-limited',
  title: 'OpenRouter asks to slow down.',
  meaning: '.',
  action: '.',
};

const origin: Origin = {
  id: 1,
  kind: 'file',
  name: 'activity.csv',
  startedAt: now,
  finishedAt: now,
  state: 'complete',
  counts: { rows: 10, new: 6, known: 2, merged: 1, rejected: 1 },
};

describe('where syncing stands', () => {
  it('says how far it is', () => {
    expect(syncWords({ phase: 'pulling', connection, progress }, undefined, now).text).toBe(
      'Syncing: 5,000 generations · back to 2026-11-22',
    );
  });

  it('says what it waits for and how long still', () => {
    const words = syncWords(
      { phase: 'waiting', connection, progress, until: now + 1500, error },
      undefined,
      now,
    );
    expect(words.text).toBe('Waiting 2 seconds: OpenRouter asks to slow down.');
  });

  it('says what it brought', () => {
    expect(syncWords({ phase: 'done', progress, at: now }, undefined, now)).toEqual({
      text: 'Synced 5,000 generations · just now',
      detail: '4,990 new · 9 already known · 1 rejected',
      tone: 'quiet',
    });
  });

  it('treats being offline as a state, not as an error', () => {
    const offline = { ...error, code: 'offline' } as const;
    expect(syncWords({ phase: 'failed', connection, error: offline, at: now }, undefined, now).tone).toBe(
      'quiet',
    );
    expect(syncWords({ phase: 'failed', connection, error, at: now }, undefined, now).tone).toBe('problem');
  });

  it('remembers the last sync of an earlier session', () => {
    expect(syncWords({ phase: 'idle' }, undefined, now).text).toBe('Not synced yet');
    expect(syncWords({ phase: 'idle' }, { ...origin, kind: 'sync' }, now + 3_600_000).text).toBe(
      'Synced 10 generations · 1 hour ago',
    );
  });
});

describe('the summary of an import', () => {
  it('has the promised fields and no others', () => {
    const rejected = [{ line: 4, reason: 'has no generation id' }];
    expect(importSummary(origin, rejected)).toEqual({
      lines: 10,
      new: 6,
      known: 2,
      merged: 1,
      rejected,
      file: 'activity.csv',
      state: 'complete',
    });
  });

  it('is named after the file, without what file names cannot hold', () => {
    expect(summaryName('activity.csv')).toBe('activity_summary.json');
    expect(summaryName('../a/b\n"c".CSV')).toBe('.._a_b_c__summary.json');
    expect(summaryName('.csv')).toBe('import_summary.json');
  });
});
