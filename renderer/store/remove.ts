/** Takes rows out of segments. Computes only, as ingest does; the store commits. */

import { describe } from './ingest.ts';
import { type Segment, type StoredKey, vectorAs } from './segment.ts';
import type { SourceSets } from './sources.ts';
import { joinIds, narrowCodes, narrowNumbers, narrowVector, type Vector, widenNumbers } from './vector.ts';

export interface Removal {
  /** By position: the segment without the rows, or null where none are left. */
  readonly segments: ReadonlyMap<number, Segment | null>;
  readonly rows: number;
}

/** Removes what came from one source only, and the source from rows that came from others too. `sources` must be loaded. */
export function affectedBy(segments: readonly Segment[], sets: SourceSets, source: number): number[] {
  const affected = sets.mask(new Set([source]));
  return segments.flatMap((segment, position) => {
    const codes = vectorAs(segment, 'sources', 'text')?.codes;
    return codes?.some((code) => affected[code] === 1) ? [position] : [];
  });
}

/** The removal of a source; every stored column of the affected segments must be loaded. */
export function removeSource(
  segments: readonly Segment[],
  affected: readonly number[],
  sets: SourceSets,
  source: number,
): Removal {
  const removed = new Map<number, Segment | null>();
  let rows = 0;
  for (const position of affected) {
    const segment = segments[position] as Segment;
    const codes = vectorAs(segment, 'sources', 'text')?.codes;
    if (!codes) continue;
    const after = Uint32Array.from(codes, (code) => sets.without(code, source));
    const kept = Uint32Array.from(after.keys()).filter((row) => after[row] !== 0);
    rows += segment.info.rows - kept.length;
    removed.set(position, kept.length === 0 ? null : keepRows(segment, kept, after));
  }
  return { segments: removed, rows };
}

function keepRows(segment: Segment, rows: Uint32Array, sources: Uint32Array): Segment {
  const vectors = new Map<StoredKey, Vector | null>();
  for (const [key, vector] of segment.vectors) vectors.set(key, vector && pickRows(vector, rows));
  vectors.set('sources', { kind: 'text', codes: narrowCodes(pick(sources, rows)) });
  const written = segment.info.columns.filter((key) => vectors.get(key));
  return { info: describe(segment.info.id, rows.length, vectors, undefined, written), vectors };
}

function pickRows(vector: Vector, rows: Uint32Array): Vector {
  switch (vector.kind) {
    case 'id':
      return joinIds(null, vector, rows);
    case 'text':
      return { kind: 'text', codes: narrowCodes(pick(Uint32Array.from(vector.codes), rows)) };
    case 'flag':
      return { kind: 'flag', values: pick(vector.values, rows) };
    case 'number':
      return narrowVector(pick(widenNumbers(vector.values, undefined, vector.base), rows));
    case 'money':
      return {
        kind: 'money',
        nanos: narrowNumbers(pick(widenNumbers(vector.nanos), rows)),
        rest: vector.rest && pick(vector.rest, rows),
      };
  }
}

function pick<T extends Float64Array | Uint8Array | Uint32Array>(values: T, rows: Uint32Array): T {
  const picked = new (values.constructor as new (length: number) => T)(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = values[rows[i] as number] as number;
  return picked;
}
