import { Dexie, type EntityTable, type Table } from 'dexie';
import type { TextKey } from '../../shared/columns.ts';
import type { GroupAnswer } from '../../shared/query.ts';
import type { Dataset, Origin } from './api.ts';
import type { Rejection } from './rejection.ts';
import type { SegmentInfo, StoredKey } from './segment.ts';
import type { SourceRecord } from './sources.ts';
import type { Vector } from './vector.ts';

/** Made and checked by records.ts. */
export interface ColumnRecord {
  readonly segment: number;
  readonly column: StoredKey;
  readonly vector: Vector;
  // Version 1 wrote none of these; what they say is not checked then.
  readonly rows?: number;
  /** The change that wrote it: see `SegmentInfo.editions`. */
  readonly edition?: number;
  /** See `hashOf`. */
  readonly hash?: number;
}

/** Columns whose codes are those of a dictionary of their own. */
export type CodedKey = TextKey | 'sources';

/** Words `start + 1 … start + words.length` of a column's dictionary. */
export interface DictionaryRecord {
  readonly column: CodedKey;
  readonly start: number;
  readonly words: readonly string[];
}

/** Rejections `start + 1 … start + list.length` of an origin. */
export interface RejectionRecord {
  readonly origin: number;
  readonly start: number;
  readonly list: readonly Rejection[];
}

export interface CheckpointRecord {
  readonly connectionId: string;
  /** Written by this version or an earlier one: read it by `readCheckpoint`. */
  readonly value: unknown;
}

/** An id that was asked for and is not stored. */
export interface LookUpRecord {
  readonly connectionId: string;
  readonly id: string;
  /** 0: waits; 1: OpenRouter does not know it. */
  readonly missing: 0 | 1;
  /** Its place in the queue. */
  readonly place: number;
}

/** What the page begins with: see first-answer.ts. */
export interface FirstAnswer {
  /** See `nameOf`. */
  readonly question: string;
  /** The code that gave it: other code may count differently. */
  readonly code: string;
  /** Its version says nothing: see `withVersion`. */
  readonly answer: GroupAnswer;
}

/** The tables of one dataset. Generations are never records of their own: see `segments` and `columns`. */
export class Database extends Dexie {
  declare segments: EntityTable<SegmentInfo, 'id'>;
  declare columns: Table<ColumnRecord, [number, StoredKey]>;
  declare dictionaries: Table<DictionaryRecord, [CodedKey, number]>;
  declare sources: EntityTable<SourceRecord, 'id'>;
  declare origins: EntityTable<Origin, 'id'>;
  declare rejections: Table<RejectionRecord, [number, number]>;
  declare checkpoints: Table<CheckpointRecord, string>;
  declare lookUps: Table<LookUpRecord, [string, string]>;
  declare answers: Table<FirstAnswer, number>;

  constructor(dataset: Dataset) {
    // 'relaxed': a commit is not forced onto the platter. A process that is killed loses nothing by that: what is
    // committed is with the system. A power cut may lose the last commits, each of them whole, and the checkpoint of
    // a sync is committed with its rows; where it leaves a column's file cut short, its check shows that.
    super(databaseName(dataset), { cache: 'disabled', chromeTransactionDurability: 'relaxed' });
    this.version(1).stores({
      segments: 'id',
      columns: '[segment+column]',
      dictionaries: '[column+start]',
      sources: '++id, &key',
      origins: 'id',
      rejections: '[origin+start]',
      checkpoints: 'connectionId',
      lookUps: '[connectionId+id], [connectionId+missing+place]',
    });
    // Claims, guesses, editions and checks (see segment.ts) came with version 2. What version 1 wrote is read as it
    // is: it has none of them, so every source says what is shown, and nothing is checked but the shape.
    this.version(2).stores({});
    // What the page begins with (first-answer.ts) came with version 3.
    this.version(VERSION).stores({ answers: '' });
  }
}

/** The newest layout that this app knows. */
const VERSION = 3;
/** Dexie counts in tenths. */
const NATIVE_VERSION = VERSION * 10;

/** Whether a dataset was written by a newer version of the app. Dexie would open it all the same. */
export async function isNewer(dataset: Dataset): Promise<boolean> {
  const databases = await indexedDB.databases();
  const stored = databases.find(({ name }) => name === databaseName(dataset));
  return (stored?.version ?? 0) > NATIVE_VERSION;
}

export const databaseName = (dataset: Dataset): string => `whospent-${dataset}`;
