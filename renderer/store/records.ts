/** Columns as records: what makes sure that what is read is what was written. */
import type { ColumnRecord } from './database.ts';
import { kindOf, type SegmentInfo, type StoredKey } from './segment.ts';
import type { Vector } from './vector.ts';

export function recordOf(info: SegmentInfo, key: StoredKey, vector: Vector): ColumnRecord {
  const edition = info.editions?.[key] ?? 0;
  return { segment: info.id, column: key, vector, rows: info.rows, edition, hash: hashOf(vector) };
}

/** What is to be thought of a record: another `edition` belongs to another state of the segment. */
export type Verdict = 'good' | 'edition' | 'damaged';

/** @param words how many words the column's dictionary has; undefined where it has none */
export function judge(
  info: SegmentInfo,
  key: StoredKey,
  record: ColumnRecord | undefined,
  words: number | undefined,
): Verdict {
  if (!record) return 'damaged';
  if ((record.edition ?? 0) !== (info.editions?.[key] ?? 0)) return 'edition';
  const { vector } = record;
  if ((record.rows ?? info.rows) !== info.rows || vector?.kind !== kindOf(key)) return 'damaged';
  if (!hasRows(vector, info.rows)) return 'damaged';
  if (record.hash !== undefined && record.hash !== hashOf(vector)) return 'damaged';
  if (vector.kind === 'text' && words !== undefined && beyond(vector.codes, words)) return 'damaged';
  return 'good';
}

function hasRows(vector: Vector, rows: number): boolean {
  switch (vector.kind) {
    case 'number':
    case 'flag':
      return vector.values?.length === rows;
    case 'money':
      return vector.nanos?.length === rows && (vector.rest === null || vector.rest.length === rows);
    case 'text':
      return vector.codes?.length === rows;
    case 'id':
      return vector.offsets?.length === rows + 1 && vector.offsets[rows] === vector.bytes?.length;
  }
}

function beyond(codes: ArrayLike<number>, words: number): boolean {
  for (let row = 0; row < codes.length; row++) if ((codes[row] as number) > words) return true;
  return false;
}

/** The arrays of a vector, by their names. */
const arraysOf = (vector: Vector): ArrayBufferView[] =>
  Object.entries(vector)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, value]) => (ArrayBuffer.isView(value) ? [value] : []));

/** Bytes that a vector takes. */
export const sizeOf = (vector: Vector): number =>
  arraysOf(vector).reduce((sum, { byteLength }) => sum + byteLength, 0);

/**
 * A hash of 32 bits of all bytes of a vector, in four lanes, since a processor multiplies four at once: some
 * gigabytes a second, much faster than they are read. It finds accidents, not forgeries.
 */
export function hashOf(vector: Vector): number {
  let hash = 0x811c9dc5 ^ (vector.kind === 'number' ? (vector.base ?? 0) | 0 : 0);
  for (const { buffer, byteOffset, byteLength } of arraysOf(vector)) {
    hash = Math.imul(hash ^ byteLength, PRIME);
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    const words =
      byteOffset % 4 === 0
        ? new Uint32Array(buffer, byteOffset, byteLength >>> 2)
        : new Uint32Array(bytes.slice(0, byteLength - (byteLength % 4)).buffer);
    let [a, b, c, d] = [hash, hash ^ 0x9e3779b9, hash ^ 0x7f4a7c15, hash ^ 0x85ebca6b];
    const whole = words.length - (words.length % 4);
    for (let i = 0; i < whole; i += 4) {
      a = Math.imul(a ^ (words[i] as number), PRIME);
      b = Math.imul(b ^ (words[i + 1] as number), PRIME);
      c = Math.imul(c ^ (words[i + 2] as number), PRIME);
      d = Math.imul(d ^ (words[i + 3] as number), PRIME);
    }
    for (let i = whole; i < words.length; i++) a = Math.imul(a ^ (words[i] as number), PRIME);
    for (let i = words.length * 4; i < byteLength; i++) b = Math.imul(b ^ (bytes[i] as number), PRIME);
    for (const lane of [a, b, c, d]) hash = Math.imul(hash ^ lane ^ (lane >>> 15), PRIME);
  }
  return (hash ^ (hash >>> 13)) >>> 0;
}

const PRIME = 0x01000193;
