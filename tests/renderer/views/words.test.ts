import { describe, expect, it } from 'vitest';
import { importSummary, summaryName } from '../../../renderer/export/import-summary.ts';
import { dataSources } from '../../../renderer/hooks/data-sources.ts';
import { dueAt } from '../../../renderer/hooks/due.ts';
import type { Origin } from '../../../renderer/store/api.ts';
import { connectionWords } from '../../../renderer/views/frame/connection-words.ts';
import { lookUpWords, nextWords, syncWords } from '../../../renderer/views/frame/sync-words.ts';
import type { AppError } from '../../../shared/errors.ts';
import type { Connection } from '../../../shared/ipc.ts';
import type { SyncProgress } from '../../../shared/sync.ts';

const now = Date.UTC(2026, 10, 22);
const connection: Connection = {
  id: 'c',
  label: 'sk-or-v1-0e6…1c96',
  kind: 'inference',
  sources: ['generations', 'ids'],
  baseUrl: 'https://openrouter.ai/api/v1',
  keyKept: 'keychain',
  addedAt: 0,
};
const progress: SyncProgress = {
  source: 'generations',
  done: null,
  pages: 2,
  received: 5000,
  new: 4990,
  merged: 0,
  known: 9,
  rejected: 1,
  oldest: now,
  newest: now,
};
const pace = { perSecond: 850.2, leftMs: 125_000 };
const error: AppError = {
  code: 'rate-limited',
  title: 'OpenRouter asks to slow down.',
  meaning: '.',
  action: '.',
};

const origin: Origin = {
  id: 1,
  kind: 'file',
  source: 1,
  name: 'activity.csv',
  startedAt: now,
  finishedAt: now,
  state: 'complete',
  counts: { rows: 10, new: 6, known: 2, merged: 1, rejected: 1 },
};

describe('where syncing stands', () => {
  it('says how far it is', () => {
    expect(syncWords({ phase: 'pulling', connection, progress, pace }, undefined, now).text).toBe(
      'Syncing: 5,000 generations · back to 2026-11-22',
    );
  });

  it('says where from, how fast, and how long still', () => {
    const half = { ...progress, source: 'analytics', done: 0.5 } as const;
    const words = syncWords({ phase: 'pulling', connection, progress: half, pace }, undefined, now);
    expect(words.more).toEqual(['From analytics · 850/s', 'About 2 minutes left']);
    expect(words.done).toBe(0.5);
  });

  it('says what it waits for and how long still', () => {
    const words = syncWords(
      { phase: 'waiting', connection, progress, pace, until: now + 1500, error },
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
    expect(
      syncWords(
        { phase: 'failed', failures: [{ connection, error: offline, at: now }], at: now },
        undefined,
        now,
      ).tone,
    ).toBe('quiet');
    expect(
      syncWords({ phase: 'failed', failures: [{ connection, error, at: now }], at: now }, undefined, now)
        .tone,
    ).toBe('problem');
  });

  it('remembers the last sync of an earlier session', () => {
    expect(syncWords({ phase: 'idle' }, undefined, now).text).toBe('Not synced yet');
    expect(syncWords({ phase: 'idle' }, { ...origin, kind: 'sync' }, now + 3_600_000).text).toBe(
      'Synced 10 generations · 1 hour ago',
    );
  });
});

describe('where a look-up of ids stands', () => {
  const figures = { done: 300, found: 290, missing: 10, left: 900, pace };
  it('while it runs', () => {
    const running = {
      phase: 'running',
      connection,
      progress: figures,
      waiting: null,
      stopping: false,
    } as const;
    expect(lookUpWords(running, now)).toMatchObject({
      text: '300 of 1,200 ids looked up',
      more: ['10 not known to OpenRouter', '850/s', 'About 2 minutes left'],
      done: 0.25,
    });
    expect(lookUpWords({ ...running, waiting: { until: now + 100_000, error } }, now)?.text).toBe(
      'Waiting 2 minutes: OpenRouter asks to slow down.',
    );
  });

  it('when it is over', () => {
    const ended = { phase: 'ended', connection, progress: figures, outcome: 'stopped' } as const;
    expect(lookUpWords(ended, now)?.text).toBe('290 ids looked up, 900 left');
    expect(lookUpWords({ phase: 'idle' }, now)).toBeNull();
  });
});

describe('where one connection stands', () => {
  const of = (origins: readonly Origin[]) =>
    connectionWords({
      connection,
      sync: { phase: 'idle' },
      lookUps: { phase: 'idle' },
      origins,
      next: null,
      now: now + 3_600_000,
    });
  const sync = { ...origin, kind: 'sync', connectionId: 'c' } as const;
  it('its last success, and its last error since then', () => {
    expect(of([]).text).toBe('Not synced yet');
    expect(of([sync]).text).toBe('Synced 10 generations · 1 hour ago');
    expect(of([{ ...sync, state: 'failed', error }, sync])).toMatchObject({
      text: 'OpenRouter asks to slow down.',
      tone: 'problem',
      more: ['Last try 1 hour ago', 'Last synced 1 hour ago'],
    });
    expect(of([sync, { ...sync, state: 'failed', error }]).tone).toBe('quiet');
    expect(of([{ ...sync, state: 'stopped' }]).text).toBe('Stopped after 10 generations · 1 hour ago');
  });

  it('not another connection’s, nor a look-up’s', () => {
    expect(of([{ ...sync, connectionId: 'd' }]).text).toBe('Not synced yet');
    expect(of([{ ...sync, name: 'key: ids' }]).text).toBe('Not synced yet');
  });
});

describe('the sources to choose from', () => {
  it('are the connections, those that are gone but whose data stay, and the files', () => {
    const gone = { ...origin, kind: 'sync', name: 'old key', connectionId: 'x' } as const;
    expect(dataSources([connection], [gone, origin]).map(({ label }) => label)).toEqual([
      'sk-or-v1-0e6…1c96',
      'old key (not connected)',
      'Files',
    ]);
    const nothing = { ...origin, counts: { ...origin.counts, rows: 1, rejected: 1 } };
    expect(dataSources([connection], [nothing])).toHaveLength(1);
  });
});

describe('the next sync', () => {
  const preferences = { syncOnStart: true, syncEveryMinutes: 15 };
  it('is due so many minutes after the last one', () => {
    expect(dueAt(preferences, now, now + 60_000)).toBe(now + 900_000);
    expect(dueAt(preferences, null, now)).toBe(now + 900_000);
    expect(dueAt({ ...preferences, syncEveryMinutes: 0 }, now, now)).toBeNull();
  });

  it('in words', () => {
    expect(nextWords(null, now)).toBeUndefined();
    expect(nextWords(now, now)).toBe('Next now');
    expect(nextWords(now + 60_000, now)).toMatch(/^Next at \d\d:\d\d$/);
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
    expect(summaryName('activity.csv.gz')).toBe('activity_summary.json');
    expect(summaryName('Activity.CSV.Gz')).toBe('Activity_summary.json');
    expect(summaryName('csv.gz.txt')).toBe('csv.gz.txt_summary.json');
  });
});
