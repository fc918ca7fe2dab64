/**
 * Puts encoded batches into segments: merges what is new about generations that are stored, appends the others.
 * Computes only: it gives a `Change` which the store commits in one transaction and then shows, so that readers see
 * a batch whole or not at all.
 */
import { type ColumnKey, isColumnKey, type TextKey } from '../../shared/columns.ts';
import { Cells } from './cells.ts';
import { ColumnClaims } from './claims.ts';
import type { Dictionary } from './dictionary.ts';
import { type ChangedSegment, laneOfGuesses, SegmentDraft, withLanes } from './draft.ts';
import type { EncodedBatch } from './encode.ts';
import { type Address, addressOf, rowOf, SEGMENT_ROWS, segmentOf } from './id-index.ts';
import type { IngestPlan } from './plan.ts';
import { claimKey, type Segment, type SegmentInfo, type StoredKey, vectorAs } from './segment.ts';
import type { SourceSets } from './sources.ts';
import { freeze, known, thaw, UNKNOWN_CODE, type Vector } from './vector.ts';

export interface Change {
  /** By position; positions beyond the stored ones are new segments. */
  readonly segments: ReadonlyMap<number, ChangedSegment>;
  /** Where the new rows of the batch stand: each run of them from an address on. */
  readonly appended: readonly { readonly first: Address; readonly rows: Uint32Array }[];
  /** How many of the matches show something new. */
  readonly merged: number;
}

/** What a batch is put into. */
export interface IngestTarget {
  readonly segments: readonly Segment[];
  /** The stored dictionaries; new words are added to them. */
  readonly dictionary: (key: TextKey) => Dictionary;
  /** The stored sets of sources; new sets are added to them. */
  readonly sources: SourceSets;
  /** The number of this change: see `SegmentInfo.editions`. */
  readonly edition: number;
  /** The number of the next new segment. */
  readonly nextId: number;
}

/**
 * Applies a plan, a column a step: whoever runs it may do something else between two. What `keysToMerge` names must be
 * loaded in the segments it matches, and every stored column in the segment that is appended to (`isFilledUp`).
 * @param source the one that this batch came from
 */
export function* applyIngest(
  target: IngestTarget,
  batch: EncodedBatch,
  plan: IngestPlan,
  source: number,
): Generator<void, Change> {
  const { segments, sources, edition, nextId } = target;
  const incoming = new Incoming(batch, target.dictionary);
  const layout = layOut(segments, plan.fresh);
  const drafts = new Map<number, SegmentDraft>();
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

  let merged = 0;
  for (const { position, from, to } of runsOf(plan.addresses)) {
    merged += yield* mergeInto(draftOf(position), segments[position] as Segment, {
      incoming,
      rows: plan.matched.subarray(from, to),
      at: plan.addresses.subarray(from, to).map(rowOf),
      sources,
      source,
    });
  }
  for (const part of layout) {
    const draft = draftOf(part.position);
    const isWhole = part.position >= segments.length && part.fresh.length === batch.rows;
    if (isWhole) yield* adopt(draft, { incoming, sources, source });
    else yield* append(draft, part, { incoming, sources, source });
  }

  const changed = new Map<number, ChangedSegment>();
  for (const [position, draft] of drafts) {
    if (!draft.isTouched) continue;
    yield;
    changed.set(position, draft.finish(edition));
  }
  return {
    segments: changed,
    appended: layout.map(({ position, rows, fresh }) => ({
      first: addressOf(position, rows - fresh.length),
      rows: fresh,
    })),
    merged,
  };
}

/** The columns that `applyIngest` reads of a segment. @param joins whether the source is new to rows of it */
export function keysToMerge(info: SegmentInfo, batch: EncodedBatch, joins: boolean): StoredKey[] {
  if (joins) return info.columns.filter((key) => key !== 'generation_id');
  const keys = Object.keys(batch.columns) as ColumnKey[];
  const claims = (info.claims ?? []).filter((claim) => keys.some((key) => claim.endsWith(`:${key}`)));
  return ['sources', ...withLanes([...keys, ...claims])];
}

/** Whether a source is new to some of these rows of a segment, of which `sources` is loaded. */
export function joinsRows(segment: Segment, rows: Uint32Array, sources: SourceSets, source: number): boolean {
  const codes = vectorAs(segment, 'sources', 'text')?.codes;
  const isIn = sources.mask(new Set([source]));
  return rows.some((row) => isIn[codes?.[row] ?? UNKNOWN_CODE] !== 1);
}

/** Segments with so few rows are filled up. */
const SMALL_ROWS = 8192;

/**
 * Whether new rows go into the last segment. Its columns are written again with every row that is added, so what
 * comes in little pieces fills small segments (which are joined later, see compact.ts), and what comes in large
 * ones fills whole ones.
 */
export function isFilledUp(last: Segment | undefined, fresh: number): last is Segment {
  if (!last || fresh === 0) return false;
  const { rows } = last.info;
  return rows <= SMALL_ROWS;
}

interface LayoutPart {
  readonly position: number;
  /** Rows of the segment afterwards. */
  readonly rows: number;
  readonly fresh: Uint32Array;
}

function layOut(segments: readonly Segment[], fresh: Uint32Array): LayoutPart[] {
  const parts: LayoutPart[] = [];
  let position = isFilledUp(segments.at(-1), fresh.length) ? segments.length - 1 : segments.length;
  let used = segments[position]?.info.rows ?? 0;
  for (let taken = 0; taken < fresh.length; position++) {
    const rows = fresh.subarray(taken, taken + SEGMENT_ROWS - used);
    taken += rows.length;
    parts.push({ position, rows: used + rows.length, fresh: rows });
    used = 0;
  }
  return parts;
}

/** The runs of addresses that lie in one segment. */
export function* runsOf(addresses: Uint32Array): Generator<{ position: number; from: number; to: number }> {
  for (let from = 0; from < addresses.length; ) {
    const position = segmentOf(addresses[from] as number);
    let to = from + 1;
    while (to < addresses.length && segmentOf(addresses[to] as number) === position) to++;
    yield { position, from, to };
    from = to;
  }
}

/** The batch's columns, in the codes of the stored dictionaries. */
export class Incoming {
  readonly keys: readonly ColumnKey[];
  readonly batch: EncodedBatch;
  readonly #dictionary: (key: TextKey) => Pick<Dictionary, 'add'>;
  readonly #cells = new Map<ColumnKey, Cells>();

  constructor(batch: EncodedBatch, dictionary: (key: TextKey) => Pick<Dictionary, 'add'>) {
    this.batch = batch;
    this.#dictionary = dictionary;
    this.keys = Object.keys(batch.columns) as ColumnKey[];
  }

  /** A column of the batch; null where it has none. */
  cells(key: ColumnKey): Cells | null {
    const { rows, columns, timeFromId } = this.batch;
    const column = columns[key];
    if (!column) return null;
    let cells = this.#cells.get(key);
    if (!cells) {
      const draft =
        column.kind === 'text'
          ? ({ kind: 'text', codes: this.#translate(key as TextKey, column.codes, column.words) } as const)
          : thaw(column, column.kind, rows);
      cells = new Cells(draft, key === 'created_at' ? laneOfGuesses(timeFromId, rows) : null);
      this.#cells.set(key, cells);
    }
    return cells;
  }

  /** A column of the batch as a segment has it; null where no row knows it. */
  vector(key: ColumnKey): Vector | null {
    const column = this.batch.columns[key];
    if (!column) return null;
    if (column.kind !== 'text') return known(column);
    return freeze({ kind: 'text', codes: this.#translate(key as TextKey, column.codes, column.words) });
  }

  #translate(key: TextKey, codes: ArrayLike<number>, words: readonly string[]): Uint32Array {
    const dictionary = this.#dictionary(key);
    const stored = new Uint32Array(words.length + 1);
    const translated = new Uint32Array(codes.length);
    for (let row = 0; row < codes.length; row++) {
      const code = codes[row] as number;
      if (code === UNKNOWN_CODE) continue;
      // Only words that a row has are added.
      if (stored[code] === 0) stored[code] = dictionary.add(words[code - 1] as string);
      translated[row] = stored[code] as number;
    }
    return translated;
  }
}

/** Makes the whole batch a new segment: most of an import comes in by this door, so nothing is copied. */
function* adopt(draft: SegmentDraft, arriving: Arriving): Generator<void> {
  const { incoming } = arriving;
  const { ids, timeFromId, rows } = incoming.batch;
  draft.adopt('generation_id', ids);
  if (timeFromId?.includes(1))
    draft.adopt('guessed', { kind: 'flag', values: laneOfGuesses(timeFromId, rows) });
  for (const key of incoming.keys) {
    yield;
    const vector = incoming.vector(key);
    if (vector) draft.adopt(key, vector);
  }
  fillSources(draft, 0, arriving);
}

function* append(draft: SegmentDraft, { rows, fresh }: LayoutPart, arriving: Arriving): Generator<void> {
  const { incoming, source } = arriving;
  const first = rows - fresh.length;
  // Every column there is gets as long as the segment, also those that the new rows do not know.
  for (const key of draft.columns) {
    if (key !== 'generation_id' && key !== 'guessed' && !key.endsWith(':guessed')) draft.change(key);
  }
  draft.appendIds(incoming.batch.ids, fresh);
  const claims = draft.claims;
  for (const key of incoming.keys) {
    yield;
    const cells = incoming.cells(key) as Cells;
    copyRuns(draft.change(key), first, cells, fresh);
    if (claims.has(claimKey(source, key))) copyRuns(draft.change(claimKey(source, key)), first, cells, fresh);
  }
  fillSources(draft, first, arriving);
}

/** The rows from a place on are the source's alone. */
function fillSources(draft: SegmentDraft, first: number, { sources, source }: Arriving): void {
  const codes = draft.change('sources').draft;
  if (codes.kind === 'text') codes.codes.fill(sources.with(UNKNOWN_CODE, source), first);
}

/** Copies rows to consecutive places; rows that follow each other are copied at once. */
function copyRuns(target: Cells, first: number, source: Cells, rows: Uint32Array): void {
  for (let from = 0; from < rows.length; ) {
    const start = rows[from] as number;
    let to = from + 1;
    while (to < rows.length && rows[to] === start + to - from) to++;
    target.setRun(first + from, source, start, start + to - from);
    from = to;
  }
}

/** A batch on its way into a segment. */
interface Arriving {
  readonly incoming: Incoming;
  readonly sources: SourceSets;
  readonly source: number;
}

interface Merge extends Arriving {
  /** Rows of the batch, and where they stand in the segment. */
  readonly rows: Uint32Array;
  readonly at: Uint32Array;
}

/** How a row's set of sources takes the batch's source. */
interface Joining {
  readonly code: number;
  readonly members: readonly number[];
  readonly others: readonly number[];
  /** No other source has the row: what it shows is what this one says. */
  readonly isAlone: boolean;
  /** The source did not have the row before. */
  readonly isNew: boolean;
  /** All others come before it. */
  readonly isLast: boolean;
}

/** Merges rows into those that are stored. Returns how many of them look different now. */
function* mergeInto(draft: SegmentDraft, segment: Segment, merge: Merge): Generator<void, number> {
  const { incoming, rows, at, sources, source } = merge;
  const stored = vectorAs(segment, 'sources', 'text')?.codes;
  const joinings = new Map<number, Joining>();
  const joins: Joining[] = [];
  let isJoined = false;
  for (let i = 0; i < rows.length; i++) {
    const before = (stored?.[at[i] as number] as number | undefined) ?? UNKNOWN_CODE;
    let joining = joinings.get(before);
    if (!joining) {
      joining = joinSet(sources, before, source);
      joinings.set(before, joining);
    }
    joins.push(joining);
    isJoined ||= joining.isNew;
  }
  // Where a known generation came from as well changes no figure, so it does not count as merged.
  const codes = (isJoined ? draft.change('sources') : draft.cells('sources')).draft;
  if (codes.kind !== 'text') throw new Error('sources are codes');
  if (isJoined) for (let i = 0; i < rows.length; i++) codes.codes[at[i] as number] = joins[i]?.code ?? 0;

  const merged = new Uint8Array(rows.length);
  for (const key of incoming.keys) {
    yield;
    const claims = new ColumnClaims(draft, key, sources, codes.codes);
    const cells = incoming.cells(key) as Cells;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as number;
      if (mergeCell(claims, at[i] as number, joins[i] as Joining, source, cells, row)) merged[i] = 1;
    }
  }
  if (isJoined) noteSilence(draft, merge, joins, codes.codes);
  return merged.reduce((sum, one) => sum + one, 0);
}

function joinSet(sources: SourceSets, before: number, source: number): Joining {
  const members = sources.members(before);
  const code = sources.with(before, source);
  return {
    code,
    members: sources.members(code),
    others: members.filter((member) => member !== source),
    isAlone: members.every((member) => member === source),
    isNew: !members.includes(source),
    isLast: members.every((member) => member <= source),
  };
}

/** Returns whether the row looks different now. */
function mergeCell(
  claims: ColumnClaims,
  at: number,
  joining: Joining,
  source: number,
  cells: Cells,
  row: number,
): boolean {
  // What a source says is the last that it said: silence now takes nothing back.
  if ((!joining.isNew || joining.isAlone) && !claims.of(source).yieldsTo(at, cells, row)) return false;
  if (joining.isAlone) {
    claims.say(source, at, cells, row);
    return true;
  }
  let differs = false;
  if (joining.isNew && joining.isLast) {
    // What is shown is what all others say.
    if (claims.yieldsTo(at, cells, row)) differs = claims.show(at, joining.others, cells, row);
  } else {
    const folded = claims.fold(joining.members, at, source, cells, row);
    differs = claims.show(at, joining.members, folded, 0);
  }
  claims.claim(source, at, cells, row);
  return differs;
}

/** A source that joins rows says nothing on the columns that its batch does not have. */
function noteSilence(
  draft: SegmentDraft,
  { incoming, at, sources, source }: Merge,
  joins: readonly Joining[],
  codes: Uint32Array,
): void {
  const told = new Set<string>(incoming.keys);
  for (const key of draft.columns) {
    if (key === 'generation_id' || !isColumnKey(key) || told.has(key)) continue;
    // Rows that the source was not in are unknown in its claims already.
    if (draft.claims.has(claimKey(source, key))) continue;
    const claims = new ColumnClaims(draft, key, sources, codes);
    for (let i = 0; i < joins.length; i++) {
      const joining = joins[i] as Joining;
      if (joining.isNew && !joining.isAlone) claims.silence(source, at[i] as number);
    }
  }
}
