import type { ColumnKey } from '../../shared/columns.ts';
import type { Vector } from './vector.ts';

/** What a segment stores: the catalogue's columns, and from which sources each row came (see sources.ts). */
export type StoredKey = ColumnKey | 'sources';

/** What is known of a segment without reading its columns. */
export interface SegmentInfo {
  readonly id: number;
  /** At most `SEGMENT_ROWS`. */
  readonly rows: number;
  /** The earliest and latest `created_at`, UTC ms. */
  readonly from: number;
  readonly to: number;
  /** Columns that are stored; any other is unknown in every row. */
  readonly columns: readonly StoredKey[];
  /** For each money column the sum of |nano-dollars|: a bound for every sum over its rows. */
  readonly magnitudes: { readonly [K in StoredKey]?: number };
}

/**
 * A segment in memory. It is never changed: whoever changes rows makes a new one, so that a query which is under
 * way goes on seeing what it began with. Only `vectors` fills up as columns are read.
 */
export interface Segment {
  readonly info: SegmentInfo;
  /** Columns that have been read. */
  readonly vectors: Map<StoredKey, Vector | null>;
}

/** A column that has been read before. */
export function vectorOf(segment: Segment, key: StoredKey): Vector | null {
  const vector = segment.vectors.get(key);
  if (vector === undefined) throw new Error(`column ${key} of segment ${segment.info.id} was not loaded`);
  return vector;
}

/** A column of the wanted kind, or null where no row knows it. */
export function vectorAs<K extends Vector['kind']>(
  segment: Segment,
  key: StoredKey,
  kind: K,
): Extract<Vector, { kind: K }> | null {
  const vector = vectorOf(segment, key);
  if (vector === null) return null;
  if (vector.kind !== kind)
    throw new Error(`column ${key} of segment ${segment.info.id} is ${vector.kind}, not ${kind}`);
  return vector as Extract<Vector, { kind: K }>;
}
