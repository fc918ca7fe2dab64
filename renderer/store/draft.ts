/** Segments while they are changed: columns are copied when they are first looked at, the rest is shared. */
import type { ColumnKey } from '../../shared/columns.ts';
import { Cells } from './cells.ts';
import {
  type ClaimKey,
  claimKey,
  kindOf,
  readClaimKey,
  type Segment,
  type SegmentInfo,
  type StoredKey,
  vectorOf,
} from './segment.ts';
import {
  type Draft,
  freeze,
  type IdVector,
  joinIds,
  type MoneyVector,
  spanOf,
  thaw,
  UNKNOWN_FLAG,
  unknownOf,
  type Vector,
} from './vector.ts';

/** A segment that is to take the place of another one, or to be new. */
export interface ChangedSegment {
  readonly segment: Segment;
  /** Columns whose records have to be written. */
  readonly written: readonly StoredKey[];
  /** Columns whose records have to go. */
  readonly dropped: readonly StoredKey[];
}

/** The column that says which times of a column of times are guesses; null for any other column. */
export function laneOf(key: StoredKey): StoredKey | null {
  if (key === 'created_at') return 'guessed';
  const claim = readClaimKey(key);
  return claim?.key === 'created_at' ? claimKey(claim.source, 'guessed') : null;
}

/** Keys, and the lanes that belong to them. */
export const withLanes = (keys: Iterable<StoredKey>): StoredKey[] =>
  [...keys].flatMap((key) => [key, laneOf(key) ?? []].flat());

export class SegmentDraft {
  /** Rows it will have. */
  readonly rows: number;
  readonly #before: Segment | null;
  readonly #id: number;
  readonly #cells = new Map<StoredKey, Cells>();
  readonly #touched = new Set<StoredKey>();
  readonly #claims: Set<ClaimKey>;
  /** Columns that take the place of what is there, as they are. */
  readonly #whole = new Map<StoredKey, Vector>();

  constructor(before: Segment | null, id: number, rows: number) {
    this.#before = before;
    this.#id = id;
    this.rows = rows;
    this.#claims = new Set(before?.info.claims);
  }

  get isTouched(): boolean {
    return this.#touched.size > 0 || this.#whole.size > 0;
  }

  get claims(): ReadonlySet<ClaimKey> {
    return this.#claims;
  }

  /** The columns that are stored, and those that are to be. */
  get columns(): readonly StoredKey[] {
    return [...new Set([...(this.#before?.info.columns ?? []), ...this.#claims, ...this.#touched])];
  }

  /** A column to look at. */
  cells(key: StoredKey): Cells {
    let cells = this.#cells.get(key);
    if (!cells) {
      const lane = laneOf(key);
      const guesses = lane && this.#thaw(lane);
      cells = new Cells(this.#thaw(key), guesses?.kind === 'flag' ? guesses.values : null);
      this.#cells.set(key, cells);
    }
    return cells;
  }

  /** A column to change. */
  change(key: StoredKey): Cells {
    this.#touched.add(key);
    return this.cells(key);
  }

  /** A claim that is to be there, unknown in every row. */
  addClaim(source: number, key: ColumnKey): Cells {
    this.#claims.add(claimKey(source, key));
    return this.change(claimKey(source, key));
  }

  dropClaim(claim: ClaimKey): void {
    this.#claims.delete(claim);
    this.#cells.delete(claim);
    this.#touched.delete(claim);
  }

  /** Adds the ids of some rows behind those that are there. */
  appendIds(ids: IdVector, rows: Uint32Array): void {
    const before = this.#before && vectorOf(this.#before, 'generation_id');
    this.adopt('generation_id', joinIds(before?.kind === 'id' ? before : null, ids, rows));
  }

  /** Takes a whole column as it is, without a copy: nobody may change it from here on. */
  adopt(key: StoredKey, vector: Vector): void {
    this.#whole.set(key, vector);
  }

  /** @param edition the number of this change: see `SegmentInfo.editions` */
  finish(edition: number): ChangedSegment {
    const vectors = new Map(this.#before?.vectors);
    const stored = new Set(this.#before?.info.columns);
    const written: StoredKey[] = [];
    const dropped: StoredKey[] = [];
    const put = (key: StoredKey, vector: Vector | null) => {
      if (vector) {
        vectors.set(key, vector);
        written.push(key);
        stored.add(key);
      } else {
        vectors.delete(key);
        if (stored.delete(key)) dropped.push(key);
      }
    };
    for (const [key, vector] of this.#whole) put(key, vector);
    for (const key of this.#touched) {
      const cells = this.cells(key);
      put(key, freeze(cells.draft));
      const lane = laneOf(key);
      if (lane && cells.guesses) put(lane, freeze({ kind: 'flag', values: cells.guesses }));
    }
    for (const key of [...stored]) {
      const claim = readClaimKey(key);
      const of = claim?.key === 'guessed' ? 'created_at' : claim?.key;
      if (claim && of && !this.#claims.has(claimKey(claim.source, of))) put(key, null);
    }
    const info = {
      ...describe(this.#id, this.rows, vectors, written, edition, this.#before?.info),
      columns: [...stored],
      claims: [...this.#claims],
    };
    return { segment: { info, vectors }, written, dropped };
  }

  #thaw(key: StoredKey): Draft {
    const kind = kindOf(key);
    if (kind === 'id') throw new Error('ids are appended, never changed');
    return thaw(this.#before ? vectorOf(this.#before, key) : null, kind, this.rows);
  }
}

/**
 * What is known of a segment without reading its columns.
 * @param before what was known before the `written` columns were
 */
export function describe(
  id: number,
  rows: number,
  vectors: ReadonlyMap<StoredKey, Vector | null>,
  written: readonly StoredKey[],
  edition: number,
  before?: SegmentInfo,
): SegmentInfo {
  const magnitudes = { ...before?.magnitudes };
  const editions = { ...before?.editions };
  const codes = { ...before?.codes };
  let [from, to] = [before?.from ?? Number.POSITIVE_INFINITY, before?.to ?? Number.NEGATIVE_INFINITY];
  for (const key of written) {
    const vector = vectors.get(key);
    editions[key] = edition;
    if (vector?.kind === 'money') magnitudes[key] = magnitudeOf(vector);
    if (vector?.kind === 'text') codes[key] = highest(vector.codes);
    if (key === 'created_at' && vector?.kind === 'number') [from, to] = spanOf(vector);
  }
  const columns = [...new Set([...(before?.columns ?? []), ...written])];
  return { id, rows, from, to, columns, magnitudes, claims: before?.claims ?? [], editions, codes };
}

function magnitudeOf(vector: MoneyVector): number {
  const { nanos } = vector;
  const unknown = unknownOf(nanos);
  let sum = 0;
  for (let row = 0; row < nanos.length; row++) {
    const value = nanos[row] as number;
    // One more than the nanos, for what the rest lane may carry over.
    if (value !== unknown && !Number.isNaN(value)) sum += Math.abs(value) + 1;
  }
  return sum;
}

function highest(codes: ArrayLike<number>): number {
  let most = 0;
  for (let row = 0; row < codes.length; row++) if ((codes[row] as number) > most) most = codes[row] as number;
  return most;
}

/** The guesses of a batch's times as a lane. */
export function laneOfGuesses(timeFromId: Uint8Array | null, rows: number): Uint8Array {
  const lane = new Uint8Array(rows).fill(UNKNOWN_FLAG);
  if (timeFromId) for (let row = 0; row < rows; row++) if (timeFromId[row] === 1) lane[row] = 1;
  return lane;
}
