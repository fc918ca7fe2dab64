import { Dexie, type EntityTable, type Table } from 'dexie';
import type { TextKey } from '../../shared/columns.ts';
import type { Dataset, Origin } from './api.ts';
import type { Rejection } from './rejection.ts';
import type { SegmentInfo, StoredKey } from './segment.ts';
import type { SourceRecord } from './sources.ts';
import type { Vector } from './vector.ts';

export interface ColumnRecord {
  readonly segment: number;
  readonly column: StoredKey;
  readonly vector: Vector;
}

/** Words `start + 1 … start + words.length` of a column's dictionary. */
export interface DictionaryRecord {
  readonly column: TextKey | 'sources';
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

/** The tables of one dataset. Generations are never records of their own: see `segments` and `columns`. */
export class Database extends Dexie {
  declare segments: EntityTable<SegmentInfo, 'id'>;
  declare columns: Table<ColumnRecord, [number, StoredKey]>;
  declare dictionaries: Table<DictionaryRecord, [TextKey | 'sources', number]>;
  declare sources: EntityTable<SourceRecord, 'id'>;
  declare origins: EntityTable<Origin, 'id'>;
  declare rejections: Table<RejectionRecord, [number, number]>;
  declare checkpoints: Table<CheckpointRecord, string>;
  declare lookUps: Table<LookUpRecord, [string, string]>;

  constructor(dataset: Dataset) {
    super(databaseName(dataset), { cache: 'disabled' });
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
  }
}

export const databaseName = (dataset: Dataset): string => `whospent-${dataset}`;
