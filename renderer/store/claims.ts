/**
 * What each source says. For a generation a source has at most one claim on a column: the last known value it gave.
 * What is shown is the claims of the row's sources taken together in the order of the sources' numbers, each over
 * the ones before it (`Cells.yieldsTo`), whatever the order they came in; without a source, what the others say.
 *
 * Nearly always all of them say what is shown, and then nothing more is stored. Where the rows of a segment have
 * one source that says otherwise on a column (another value, or nothing), the segment has a column
 * `<source>:<column>` with that source's claims, row by row; rows that the source is not in are unknown in it.
 *
 * A row of one source shows what that source says, so claims are only ever needed where sources meet.
 */
import type { ColumnKey } from '../../shared/columns.ts';
import { Cells } from './cells.ts';
import type { SegmentDraft } from './draft.ts';
import { emptyDraft } from './drafts.ts';
import { claimKey, readClaimKey } from './segment.ts';
import type { SourceSets } from './sources.ts';

/** The claims on one column of a segment that is being changed. */
export class ColumnClaims {
  readonly #draft: SegmentDraft;
  readonly #key: ColumnKey;
  readonly #sets: SourceSets;
  /** The sets of sources that the rows will have. */
  readonly #codes: Uint32Array;
  readonly #own = new Map<number, Cells>();
  readonly #shown: Cells;
  readonly #folded: Cells;
  #isChanged = false;
  /** The source whose claims were changed last. */
  #changed = -1;

  constructor(draft: SegmentDraft, key: ColumnKey, sets: SourceSets, codes: Uint32Array) {
    this.#draft = draft;
    this.#key = key;
    this.#sets = sets;
    this.#codes = codes;
    this.#shown = draft.cells(key);
    this.#folded = oneCell(this.#shown);
    for (const claim of draft.claims) {
      const parts = readClaimKey(claim);
      if (parts?.key === key) this.#own.set(parts.source, draft.cells(claim));
    }
  }

  /** Whether a source has claims of its own on this column. */
  has(source: number): boolean {
    return this.#own.has(source);
  }

  /** The cells with what a source says of the rows it is in. */
  of(source: number): Cells {
    return this.#own.get(source) ?? this.#shown;
  }

  /**
   * What some sources say of a row, taken together, in cell 0 of the answer until the next call.
   * @param instead what `source` says now
   */
  fold(members: readonly number[], at: number, source = -1, instead = this.#shown, from = at): Cells {
    const folded = this.#folded;
    folded.clear(0);
    for (let i = 0; i < members.length; i++) {
      const member = members[i] as number;
      const cells = member === source ? instead : this.of(member);
      const row = member === source ? from : at;
      if (folded.yieldsTo(0, cells, row)) folded.set(0, cells, row);
    }
    return folded;
  }

  /** Whether a cell would take the place of what is shown. */
  yieldsTo(at: number, cells: Cells, from: number): boolean {
    return this.#shown.yieldsTo(at, cells, from);
  }

  /** Shows another value in a row; its sources go on saying what they say. Returns whether it looks different. */
  show(at: number, members: readonly number[], cells: Cells, from: number): boolean {
    if (this.#shown.isSame(at, cells, from)) return false;
    for (let i = 0; i < members.length; i++) {
      if (!this.#own.has(members[i] as number)) this.#begin(members[i] as number);
    }
    const differs = !this.#shown.showsSame(at, cells, from);
    this.#change();
    this.#shown.set(at, cells, from);
    return differs;
  }

  /** Notes what a source says of a row that it is in. */
  claim(source: number, at: number, cells: Cells, from: number): void {
    const own = this.#own.get(source);
    if (own ? own.isSame(at, cells, from) : this.#shown.isSame(at, cells, from)) return;
    this.#changeOwn(source).set(at, cells, from);
  }

  /** Shows and notes what a source says of a row that no other source has. */
  say(source: number, at: number, cells: Cells, from: number): void {
    this.#change();
    this.#shown.set(at, cells, from);
    if (this.#own.has(source)) this.#changeOwn(source).set(at, cells, from);
  }

  /** Notes that a source says nothing of a row that it is in. */
  silence(source: number, at: number): void {
    if (this.#own.has(source) || this.#shown.isKnown(at)) this.#changeOwn(source).clear(at);
  }

  /** Drops claims that say what is shown in every row. */
  prune(): void {
    for (const [source, cells] of this.#own) {
      if (!this.#saysWhatIsShown(source, cells)) continue;
      this.#draft.dropClaim(claimKey(source, this.#key));
      this.#own.delete(source);
    }
  }

  #change(): void {
    if (this.#isChanged) return;
    this.#isChanged = true;
    this.#draft.change(this.#key);
  }

  /** The claims of a source, to be changed. */
  #changeOwn(source: number): Cells {
    const own = this.#own.get(source);
    if (!own) return this.#begin(source);
    if (this.#changed !== source) this.#draft.change(claimKey(source, this.#key));
    this.#changed = source;
    return own;
  }

  /** Writes down what a source says of every row, which is what is shown. */
  #begin(source: number): Cells {
    const cells = this.#draft.addClaim(source, this.#key);
    const isIn = this.#sets.mask(new Set([source]));
    for (let row = 0; row < this.#codes.length; row++) {
      if (isIn[this.#codes[row] as number] === 1) cells.set(row, this.#shown, row);
    }
    this.#own.set(source, cells);
    return cells;
  }

  #saysWhatIsShown(source: number, cells: Cells): boolean {
    const isIn = this.#sets.mask(new Set([source]));
    for (let row = 0; row < this.#codes.length; row++) {
      if (isIn[this.#codes[row] as number] === 1 && !cells.isSame(row, this.#shown, row)) return false;
    }
    return true;
  }
}

/** A cell of the same kind, apart. */
function oneCell({ draft, guesses }: Cells): Cells {
  return new Cells(emptyDraft(draft.kind, 1), guesses && new Uint8Array(1));
}
