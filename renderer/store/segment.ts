import { type ColumnKey, column } from '../../shared/columns.ts';
import { type Vector, vectorKind } from './vector.ts';

/**
 * What a segment stores for each row:
 *
 * - the catalogue's columns, as they are shown: what all sources of the row say, taken together
 * - `sources`: from which sources it came (see sources.ts)
 * - `guessed`: 1 where the time shown is the one inside the id, because no source gave a real one
 * - claims: what one source says, where that is not what is shown (see claims.ts)
 */
export type StoredKey = ColumnKey | 'sources' | 'guessed' | ClaimKey;

/** What a source may say otherwise than it is shown. */
export type ClaimedKey = ColumnKey | 'guessed';
/** `<source>:<column>` */
export type ClaimKey = `${number}:${ClaimedKey}`;

export const claimKey = (source: number, key: ClaimedKey): ClaimKey => `${source}:${key}`;

/** The source and the column of a claim; null for any other key. */
export function readClaimKey(key: StoredKey): { readonly source: number; readonly key: ClaimedKey } | null {
  const colon = key.indexOf(':');
  if (colon < 0) return null;
  return { source: Number(key.slice(0, colon)), key: key.slice(colon + 1) as ClaimedKey };
}

/** The kind of vector that a key has. */
export function kindOf(key: StoredKey): Vector['kind'] {
  if (key === 'sources') return 'text';
  const claimed = readClaimKey(key)?.key ?? key;
  return claimed === 'guessed' ? 'flag' : vectorKind(column(claimed as ColumnKey).kind);
}

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
  /**
   * The claims there are, with those that are unknown in every row (which have no record). A source without a
   * claim on a column says what is shown. Absent in version 1: nobody says otherwise.
   */
  readonly claims?: readonly ClaimKey[];
  /**
   * The change that wrote each column: a record of another edition is not this segment’s. Absent (0) in version 1.
   */
  readonly editions?: { readonly [K in StoredKey]?: number };
  /** The highest code of each column of codes. Absent in version 1. */
  readonly codes?: { readonly [K in StoredKey]?: number };
  /**
   * Set where a part of it cannot be read: it is left out of everything, and stays until its rows have come again, or
   * it can be read after all.
   */
  readonly aside?: Aside;
}

/** Why a segment was set aside. */
export interface Aside {
  /** Columns that cannot be read. */
  readonly columns: readonly StoredKey[];
  /** The sources of its rows; null where they cannot be read. */
  readonly sources: readonly number[] | null;
  /** It may be whole, since it was the reading that failed: it is read again when the data are opened. */
  readonly unread?: boolean;
  /** How many other generations of its span of time there were then: how many have come again is counted from here. */
  readonly others: number;
}

/**
 * A segment in memory. It is never changed: whoever changes rows makes a new one, so that a query which is under
 * way goes on seeing what it began with. Only `vectors` fills up as columns are read, and is emptied again of
 * those that nobody asked for lately (see budget.ts).
 */
export interface Segment {
  readonly info: SegmentInfo;
  /** Columns that have been read. */
  readonly vectors: Map<StoredKey, Vector | null>;
}

/** A segment whose columns that are in memory stay with it, however long they are used. */
export const held = ({ info, vectors }: Segment): Segment => ({ info, vectors: new Map(vectors) });

/** A column that has been read before. */
export function vectorOf(segment: Segment, key: StoredKey): Vector | null {
  const vector = segment.vectors.get(key);
  if (vector !== undefined) return vector;
  if (segment.info.columns.includes(key))
    throw new Error(`column ${key} of segment ${segment.info.id} was not loaded`);
  return null;
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
