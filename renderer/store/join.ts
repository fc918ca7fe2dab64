/** Puts small neighbouring segments together. Computes only; the store commits. */
import { isColumnKey } from '../../shared/columns.ts';
import { type ChangedSegment, describe, laneOf } from './draft.ts';
import { copyDraft, emptyDraft } from './drafts.ts';
import { SEGMENT_ROWS } from './id-index.ts';
import {
  type ClaimKey,
  claimKey,
  kindOf,
  readClaimKey,
  type Segment,
  type StoredKey,
  vectorAs,
  vectorOf,
} from './segment.ts';
import type { SourceSets } from './sources.ts';
import { freeze, type IdVector, joinIds, thaw, type Vector } from './vector.ts';

/** Runs of neighbours that fit in one segment together, as positions `from … to − 1`; of two at least. */
export function runsToJoin(segments: readonly { readonly info: { readonly rows: number } }[]): {
  from: number;
  to: number;
}[] {
  const runs: { from: number; to: number }[] = [];
  for (let from = 0; from < segments.length; ) {
    let rows = 0;
    let to = from;
    while (to < segments.length && rows + (segments[to]?.info.rows ?? 0) <= SEGMENT_ROWS) {
      rows += segments[to]?.info.rows ?? 0;
      to++;
    }
    if (to - from > 1) runs.push({ from, to });
    from = Math.max(to, from + 1);
  }
  return runs;
}

/**
 * One segment with the rows of several, in their order, under the number of the first. Every stored column of all
 * of them must be loaded.
 */
export function joinSegments(
  segments: readonly Segment[],
  sets: SourceSets,
  edition: number,
): ChangedSegment {
  const [first] = segments;
  if (!first) throw new Error('there is nothing to join');
  const rows = segments.reduce((sum, { info }) => sum + info.rows, 0);
  const claims = new Set<ClaimKey>(segments.flatMap(({ info }) => info.claims ?? []));
  const keys = new Set<StoredKey>(segments.flatMap(({ info }) => info.columns));
  for (const claim of claims) keys.add(claim).add(laneOf(claim) ?? claim);
  const vectors = new Map<StoredKey, Vector | null>();
  for (const key of keys) {
    const vector = key === 'generation_id' ? joinAllIds(segments) : joinColumn(segments, key, rows, sets);
    if (vector) vectors.set(key, vector);
  }
  const written = [...vectors.keys()];
  const info = { ...describe(first.info.id, rows, vectors, written, edition), claims: [...claims] };
  return {
    segment: { info, vectors },
    written,
    dropped: first.info.columns.filter((key) => !vectors.has(key)),
  };
}

function joinColumn(
  segments: readonly Segment[],
  key: StoredKey,
  rows: number,
  sets: SourceSets,
): Vector | null {
  const kind = kindOf(key);
  if (kind === 'id') return null;
  const draft = emptyDraft(kind, rows);
  let at = 0;
  for (const segment of segments) {
    const part = thaw(vectorOf(segment, key), kind, segment.info.rows);
    copyDraft(draft, at, part);
    const silent = shownInstead(segment, key);
    // Where a segment has no claims of a source, the source says what is shown.
    if (silent) {
      const shown = thaw(vectorOf(segment, silent.shown), kind, segment.info.rows);
      const isIn = sets.mask(new Set([silent.source]));
      const codes = vectorAs(segment, 'sources', 'text')?.codes;
      for (let row = 0; row < segment.info.rows; row++) {
        if (isIn[codes?.[row] ?? 0] === 1) copyDraft(draft, at + row, shown, Uint32Array.of(row));
      }
    }
    at += segment.info.rows;
  }
  return freeze(draft);
}

/** The source and the column that stand in for a claim that a segment does not have. */
function shownInstead({ info }: Segment, key: StoredKey): { source: number; shown: StoredKey } | null {
  const claim = readClaimKey(key);
  if (!claim) return null;
  const claimed = claim.key === 'guessed' ? 'created_at' : claim.key;
  if (!isColumnKey(claimed) || info.claims?.includes(claimKey(claim.source, claimed))) return null;
  return { source: claim.source, shown: claim.key };
}

function joinAllIds(segments: readonly Segment[]): IdVector {
  let joined: IdVector | null = null;
  for (const segment of segments) {
    const ids = vectorAs(segment, 'generation_id', 'id');
    if (!ids) throw new Error(`segment ${segment.info.id} has no ids`);
    joined = joinIds(
      joined,
      ids,
      Uint32Array.from({ length: segment.info.rows }, (_, row) => row),
    );
  }
  return joined as IdVector;
}
