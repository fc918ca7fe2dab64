/**
 * Puts encoded batches into segments: finds the generations that are known by their id, merges what is new about
 * them, appends the others. Computes only: it gives a `Change` which the store commits in one transaction and
 * then shows, so that readers see a batch whole or not at all.
 */
import { type ColumnKey, column, type TextKey } from '../../shared/columns.ts';
import { YOCTOS_PER_NANO } from '../../shared/money.ts';
import type { Dictionary } from './dictionary.ts';
import type { EncodedBatch, EncodedColumn } from './encode.ts';
import { type Address, IdIndex, rowOf, SEGMENT_ROWS, segmentOf } from './id-index.ts';
import { type Segment, type SegmentInfo, type StoredKey, vectorAs, vectorOf } from './segment.ts';
import type { SourceSets } from './sources.ts';
import {
  type Draft,
  freeze,
  joinIds,
  numberAt,
  thaw,
  UNKNOWN_CODE,
  UNKNOWN_FLAG,
  type Vector,
  vectorKind,
} from './vector.ts';

/** Which rows of a batch are known and where, which are new, and which have the id of an earlier row of it. */
export interface IngestPlan {
  readonly matches: readonly { readonly row: number; readonly address: Address }[];
  readonly fresh: readonly number[];
  readonly again: readonly number[];
}

/** Sorts out a batch of at most `SEGMENT_ROWS` rows. */
export function planIngest(batch: EncodedBatch, ids: IdIndex): IngestPlan {
  const matches: { row: number; address: Address }[] = [];
  const fresh: number[] = [];
  const again: number[] = [];
  const inBatch = new IdIndex(() => batch.ids, batch.rows);
  const matched = new Set<Address>();
  for (let row = 0; row < batch.rows; row++) {
    const address = ids.find(batch.ids, row);
    if (matched.has(address)) again.push(row);
    else if (address >= 0) {
      matched.add(address);
      matches.push({ row, address });
    } else if (inBatch.find(batch.ids, row) >= 0) again.push(row);
    else {
      inBatch.add(batch.ids, row, row);
      fresh.push(row);
    }
  }
  return { matches, fresh, again };
}

export interface ChangedSegment {
  readonly segment: Segment;
  /** Columns whose records have to be written. */
  readonly written: readonly StoredKey[];
}

export interface Change {
  /** By position; positions beyond the stored ones are new segments. */
  readonly segments: ReadonlyMap<number, ChangedSegment>;
  /** How many of the matches brought something new. */
  readonly merged: number;
}

/**
 * Applies a plan. Columns of the batch, and `sources`, must be loaded in the segments it matches, and all stored
 * columns in the last segment.
 * @param dictionary the stored dictionaries; new words are added to them
 * @param sources the stored sets of sources; new sets are added to them
 * @param source the one that this batch came from
 */
export function applyIngest(
  segments: readonly Segment[],
  dictionary: (key: TextKey) => Dictionary,
  sources: SourceSets,
  batch: EncodedBatch,
  plan: IngestPlan,
  source: number,
): Change {
  const incoming = new Incoming(batch, dictionary);
  const layout = layOut(segments, plan.fresh);
  const drafts = new Map<number, SegmentDraft>();
  const nextId = segments.reduce((most, { info }) => Math.max(most, info.id + 1), 0);
  const draftOf = (position: number): SegmentDraft => {
    let draft = drafts.get(position);
    if (!draft) {
      const rows =
        layout.find((part) => part.position === position)?.rows ?? segments[position]?.info.rows ?? 0;
      const id = segments[position]?.info.id ?? nextId + position - segments.length;
      draft = new SegmentDraft(segments[position] ?? null, id, rows);
      drafts.set(position, draft);
    }
    return draft;
  };

  const merged = new Uint8Array(batch.rows);
  for (const key of incoming.keys) {
    for (const { row, address } of plan.matches) {
      const segment = segments[segmentOf(address)] as Segment;
      if (!incoming.bringsNews(key, row, vectorOf(segment, key), rowOf(address))) continue;
      incoming.put(key, row, draftOf(segmentOf(address)).column(key), rowOf(address));
      merged[row] = 1;
    }
  }

  // Where a known generation came from as well changes no figure, so it does not count as merged.
  for (const { address } of plan.matches) {
    const vector = vectorAs(segments[segmentOf(address)] as Segment, 'sources', 'text');
    const before = vector?.codes[rowOf(address)] ?? UNKNOWN_CODE;
    const after = sources.with(before, source);
    if (after === before) continue;
    const target = draftOf(segmentOf(address)).column('sources');
    if (target.kind === 'text') target.codes[rowOf(address)] = after;
  }

  for (const part of layout) {
    const draft = draftOf(part.position);
    const first = draft.rows - part.fresh.length;
    draft.append(batch, part.fresh);
    for (const key of incoming.keys) {
      const target = draft.column(key);
      for (let i = 0; i < part.fresh.length; i++)
        incoming.put(key, part.fresh[i] as number, target, first + i);
    }
    const origins = draft.column('sources');
    if (origins.kind === 'text') origins.codes.fill(sources.with(UNKNOWN_CODE, source), first);
  }

  return {
    segments: new Map([...drafts].map(([position, draft]) => [position, draft.finish()])),
    merged: merged.reduce((sum, one) => sum + one, 0),
  };
}

interface LayoutPart {
  readonly position: number;
  /** Rows of the segment afterwards. */
  readonly rows: number;
  readonly fresh: readonly number[];
}

/** Fills up the last segment, then begins new ones. */
function layOut(segments: readonly Segment[], fresh: readonly number[]): LayoutPart[] {
  const parts: LayoutPart[] = [];
  const last = segments.at(-1);
  let position = last && last.info.rows < SEGMENT_ROWS ? segments.length - 1 : segments.length;
  let used = segments[position]?.info.rows ?? 0;
  for (let taken = 0; taken < fresh.length; position++) {
    const rows = fresh.slice(taken, taken + SEGMENT_ROWS - used);
    taken += rows.length;
    parts.push({ position, rows: used + rows.length, fresh: rows });
    used = 0;
  }
  return parts;
}

/** The batch's columns, compared with and written into stored ones. */
export class Incoming {
  readonly keys: readonly ColumnKey[];
  readonly #batch: EncodedBatch;
  readonly #dictionary: (key: TextKey) => Pick<Dictionary, 'add'>;
  /** For each text column the stored code of each of the batch's codes; 0 where it was not asked for yet. */
  readonly #codes = new Map<ColumnKey, Uint32Array>();

  constructor(batch: EncodedBatch, dictionary: (key: TextKey) => Pick<Dictionary, 'add'>) {
    this.#batch = batch;
    this.#dictionary = dictionary;
    this.keys = Object.keys(batch.columns) as ColumnKey[];
  }

  #column(key: ColumnKey): EncodedColumn {
    return this.#batch.columns[key] as EncodedColumn;
  }

  /** The stored code of a row's word. */
  #code(key: ColumnKey, row: number): number {
    const source = this.#column(key);
    if (source.kind !== 'text') return UNKNOWN_CODE;
    const code = source.codes[row] as number;
    if (code === UNKNOWN_CODE) return UNKNOWN_CODE;
    let codes = this.#codes.get(key);
    if (!codes) {
      codes = new Uint32Array(source.words.length + 1);
      this.#codes.set(key, codes);
    }
    codes[code] ||= this.#dictionary(key as TextKey).add(source.words[code - 1] as string);
    return codes[code] as number;
  }

  /**
   * Whether a row knows something that the stored row does not: a value where there is none, or another value.
   * An unknown value never takes a known one away. Where two sources give one figure in different precision
   * (CSV costs have six decimals, the API's more), the finer one holds, whichever came first.
   */
  bringsNews(key: ColumnKey, row: number, stored: Vector | null, at: number): boolean {
    const source = this.#column(key);
    switch (source.kind) {
      case 'flag': {
        const value = source.values[row] as number;
        const known = stored?.kind === 'flag' ? (stored.values[at] as number) : UNKNOWN_FLAG;
        return value !== UNKNOWN_FLAG && value !== known;
      }
      case 'text': {
        const code = this.#code(key, row);
        const known = stored?.kind === 'text' ? (stored.codes[at] as number) : UNKNOWN_CODE;
        return code !== UNKNOWN_CODE && code !== known;
      }
      case 'number': {
        const value = numberAt(source.values, row);
        const known = stored?.kind === 'number' ? numberAt(stored.values, at) : Number.NaN;
        if (Number.isNaN(value) || value === known) return false;
        if (Number.isNaN(known)) return true;
        if (key === 'created_at') {
          const isGuess = this.#batch.timeFromId?.[row] === 1;
          return !isGuess && Math.abs(value - known) > 1 && !isCoarser(value, known, 1000);
        }
        return !isCoarser(value, known, 1);
      }
      case 'money': {
        const nanos = numberAt(source.nanos, row);
        if (Number.isNaN(nanos)) return false;
        const knownNanos = stored?.kind === 'money' ? numberAt(stored.nanos, at) : Number.NaN;
        if (Number.isNaN(knownNanos)) return true;
        const rest = source.rest?.[row] ?? 0;
        const knownRest = stored?.kind === 'money' ? (stored.rest?.[at] ?? 0) : 0;
        if (nanos === knownNanos && rest === knownRest) return false;
        const near = Math.abs(nanos - knownNanos + (rest - knownRest) / YOCTOS_PER_NANO) < NANOS_PER_MICRO;
        return !(near && isMicros(nanos, rest) && !isMicros(knownNanos, knownRest));
      }
    }
  }

  /** Writes a row's value over a stored one, unless it is unknown. */
  put(key: ColumnKey, row: number, target: Draft, at: number): void {
    const source = this.#column(key);
    if (source.kind === 'flag' && target.kind === 'flag') {
      const value = source.values[row] as number;
      if (value !== UNKNOWN_FLAG) target.values[at] = value;
    } else if (source.kind === 'text' && target.kind === 'text') {
      const code = this.#code(key, row);
      if (code !== UNKNOWN_CODE) target.codes[at] = code;
    } else if (source.kind === 'number' && target.kind === 'number') {
      const value = numberAt(source.values, row);
      if (!Number.isNaN(value)) target.values[at] = value;
    } else if (source.kind === 'money' && target.kind === 'money') {
      const nanos = numberAt(source.nanos, row);
      if (Number.isNaN(nanos)) return;
      target.nanos[at] = nanos;
      target.rest[at] = source.rest?.[row] ?? 0;
    } else throw new Error(`column ${key} of the batch is ${source.kind}, the stored one ${target.kind}`);
  }
}

const NANOS_PER_MICRO = 1000;

/** Whether an amount has no more than the six decimals of the CSV. */
const isMicros = (nanos: number, rest: number): boolean => rest === 0 && nanos % NANOS_PER_MICRO === 0;

/** Whether `value` is `known` in fewer digits: a multiple of the unit within one unit of a value that is none. */
function isCoarser(value: number, known: number, unit: number): boolean {
  return value % unit === 0 && known % unit !== 0 && Math.abs(value - known) < unit;
}

/** A segment while it is changed: columns are copied when first written to, the rest is shared. */
class SegmentDraft {
  readonly rows: number;
  readonly #before: Segment | null;
  readonly #id: number;
  readonly #drafts = new Map<StoredKey, Draft>();
  #ids: Vector | null = null;

  constructor(before: Segment | null, id: number, rows: number) {
    this.#before = before;
    this.#id = id;
    this.rows = rows;
  }

  column(key: StoredKey): Draft {
    let draft = this.#drafts.get(key);
    if (!draft) {
      const kind = key === 'sources' ? 'text' : vectorKind(column(key).kind);
      if (kind === 'id') throw new Error('ids are appended, never changed');
      draft = thaw(this.#before ? vectorOf(this.#before, key) : null, kind, this.rows);
      this.#drafts.set(key, draft);
    }
    return draft;
  }

  /** Lengthens every stored column, and adds the ids of the batch's rows. */
  append(batch: EncodedBatch, rows: readonly number[]): void {
    for (const key of this.#before?.info.columns ?? []) if (key !== 'generation_id') this.column(key);
    const before = this.#before && vectorAs(this.#before, 'generation_id', 'id');
    this.#ids = joinIds(before, batch.ids, Uint32Array.from(rows));
  }

  finish(): ChangedSegment {
    const vectors = new Map(this.#before?.vectors);
    const written: StoredKey[] = [];
    if (this.#ids) {
      vectors.set('generation_id', this.#ids);
      written.push('generation_id');
    }
    for (const [key, draft] of this.#drafts) {
      const vector = freeze(draft);
      vectors.set(key, vector);
      if (vector) written.push(key);
    }
    return {
      segment: { info: describe(this.#id, this.rows, vectors, this.#before?.info, written), vectors },
      written,
    };
  }
}

/**
 * What is known of a segment without reading its columns.
 * @param before what was known before only the `written` columns were
 */
export function describe(
  id: number,
  rows: number,
  vectors: ReadonlyMap<StoredKey, Vector | null>,
  before: SegmentInfo | undefined,
  written: readonly StoredKey[],
): SegmentInfo {
  const magnitudes = { ...before?.magnitudes };
  let [from, to] = [before?.from ?? Number.POSITIVE_INFINITY, before?.to ?? Number.NEGATIVE_INFINITY];
  for (const key of written) {
    const vector = vectors.get(key);
    if (vector?.kind === 'money') magnitudes[key] = magnitudeOf(vector.nanos);
    if (key === 'created_at' && vector?.kind === 'number') [from, to] = spanOf(vector.values);
  }
  return { id, rows, from, to, columns: [...new Set([...(before?.columns ?? []), ...written])], magnitudes };
}

function magnitudeOf(nanos: Int32Array | Float64Array): number {
  let sum = 0;
  for (let row = 0; row < nanos.length; row++) {
    const value = numberAt(nanos, row);
    // One more than the nanos, for what the rest lane may carry over.
    if (!Number.isNaN(value)) sum += Math.abs(value) + 1;
  }
  return sum;
}

function spanOf(times: Int32Array | Float64Array): [from: number, to: number] {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const time of times) {
    if (time < from) from = time;
    if (time > to) to = time;
  }
  return [from, to];
}
