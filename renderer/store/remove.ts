/** Takes sources and rows out of segments. Computes only, as ingest does; the store commits. */

import { type ColumnKey, isColumnKey } from '../../shared/columns.ts';
import { ColumnClaims } from './claims.ts';
import { type ChangedSegment, describe, SegmentDraft } from './draft.ts';
import { copyDraft, type Draft, emptyDraft } from './drafts.ts';
import { claimKey, readClaimKey, type Segment, type StoredKey, vectorAs } from './segment.ts';
import type { SourceSets } from './sources.ts';
import { freeze, joinIds, thaw, UNKNOWN_CODE, type Vector } from './vector.ts';

/** What takes the place of a segment: null where no rows are left, or (with 0 rows gone) nothing is to be done. */
export interface Removal {
  readonly changed: ChangedSegment | null;
  /** How many rows went. */
  readonly rows: number;
}

/** The segments with rows from a source. `sources` must be loaded. */
export function affectedBy(segments: readonly Segment[], sets: SourceSets, source: number): number[] {
  const affected = sets.mask(new Set([source]));
  return segments.flatMap((segment, position) => {
    const codes = vectorAs(segment, 'sources', 'text')?.codes;
    return codes?.some((code) => affected[code] === 1) ? [position] : [];
  });
}

/**
 * Takes a source out of a segment, as if it had never come: what only it said is taken back, and rows that only it
 * had go. Every stored column must be loaded.
 */
export function removeSource(segment: Segment, sets: SourceSets, source: number, edition: number): Removal {
  const { info } = segment;
  const before = vectorAs(segment, 'sources', 'text')?.codes;
  if (!before) return { changed: null, rows: info.rows };
  const draft = new SegmentDraft(segment, info.id, info.rows);
  const codes = codesOf(draft);
  const left = new Map<number, number>();
  const kept = new Uint32Array(info.rows);
  const shared: number[] = [];
  let count = 0;
  for (let row = 0; row < info.rows; row++) {
    const code = codes[row] as number;
    let after = left.get(code);
    if (after === undefined) {
      after = sets.without(code, source);
      left.set(code, after);
    }
    if (after === 0) continue;
    if (after !== code) shared.push(row);
    codes[row] = after;
    kept[count++] = row;
  }
  for (const key of claimedColumns(segment)) {
    draft.dropClaim(claimKey(source, key));
    const claims = new ColumnClaims(draft, key, sets, codes);
    for (const row of shared) {
      const members = sets.members(codes[row] as number);
      claims.show(row, members, claims.fold(members, row), 0);
    }
    claims.prune();
  }
  return { changed: cutDown(draft, segment, kept.slice(0, count), edition), rows: info.rows - count };
}

/** Takes rows out of a segment. Every stored column must be loaded. @param selected 1 for each row that goes */
export function removeRows(
  segment: Segment,
  selected: Uint8Array | null,
  sets: SourceSets,
  edition: number,
): Removal {
  const { info } = segment;
  if (selected === null) return { changed: null, rows: info.rows };
  const kept = Uint32Array.from(selected.keys()).filter((row) => selected[row] === 0);
  const rows = info.rows - kept.length;
  if (rows === 0 || kept.length === 0) return { changed: null, rows };
  const draft = new SegmentDraft(segment, info.id, info.rows);
  const codes = codesOf(draft);
  for (let row = 0; row < info.rows; row++) if (selected[row] === 1) codes[row] = UNKNOWN_CODE;
  for (const key of claimedColumns(segment)) new ColumnClaims(draft, key, sets, codes).prune();
  return { changed: cutDown(draft, segment, kept, edition), rows };
}

function codesOf(draft: SegmentDraft): Uint32Array {
  const sources = draft.change('sources').draft;
  if (sources.kind !== 'text') throw new Error('sources are codes');
  return sources.codes;
}

/** The columns on which a source says otherwise than it is shown. */
function claimedColumns({ info }: Segment): ColumnKey[] {
  const keys = (info.claims ?? []).map((claim) => readClaimKey(claim)?.key);
  return [...new Set(keys)].filter((key) => key !== undefined && isColumnKey(key));
}

/** The draft's segment with some of its rows. */
function cutDown(
  draft: SegmentDraft,
  { info }: Segment,
  kept: Uint32Array,
  edition: number,
): ChangedSegment | null {
  const changed = draft.finish(edition);
  return kept.length === info.rows ? changed : keepRows(changed.segment, kept, edition, info.columns);
}

/**
 * A segment with some of its rows, in their order.
 * @param stored the columns that have records
 */
function keepRows(
  segment: Segment,
  rows: Uint32Array,
  edition: number,
  stored: readonly StoredKey[],
): ChangedSegment | null {
  if (rows.length === 0) return null;
  const { info } = segment;
  const vectors = new Map<StoredKey, Vector | null>();
  for (const key of info.columns) {
    const vector = segment.vectors.get(key);
    const picked = vector && pickRows(vector, rows, info.rows);
    if (picked) vectors.set(key, picked);
  }
  const written = [...vectors.keys()];
  const described = describe(info.id, rows.length, vectors, written, edition);
  return {
    segment: { info: { ...described, claims: info.claims ?? [] }, vectors },
    written,
    dropped: stored.filter((key) => !vectors.has(key)),
  };
}

function pickRows(vector: Vector, rows: Uint32Array, length: number): Vector | null {
  if (vector.kind === 'id') return joinIds(null, vector, rows);
  const draft: Draft = thaw(vector, vector.kind, length);
  const picked = emptyDraft(draft.kind, rows.length);
  copyDraft(picked, 0, draft, rows);
  return freeze(picked);
}
