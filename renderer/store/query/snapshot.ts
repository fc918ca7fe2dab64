import type { TextKey } from '../../../shared/columns.ts';
import type { Dictionary } from '../dictionary.ts';
import type { Segment, StoredKey } from '../segment.ts';
import type { SourceRecord, SourceSets } from '../sources.ts';

/** What a query runs on: one version of the store. Segments never change, so the answer is of one piece. */
export interface Snapshot {
  readonly version: number;
  readonly segments: readonly Segment[];
  readonly dictionary: (key: TextKey) => Dictionary;
  readonly sources: readonly SourceRecord[];
  readonly sourceSets: SourceSets;
  /** Reads columns that are not in memory yet. */
  readonly load: (segments: readonly Segment[], keys: Iterable<StoredKey>) => Promise<void>;
}
