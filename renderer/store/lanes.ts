/**
 * The columns of a batch while it is encoded: wide arrays that are used again for the next batch. Behind the rows
 * taken so far everything is unknown.
 */
import type { ColumnKey, ColumnKind, SourceValue } from '../../shared/columns.ts';
import { parseMoney, toLanes } from '../../shared/money.ts';
import { parseTime, timeFromGenerationId } from '../../shared/time.ts';
import { copyDraft, cutDraft, type Draft, emptyDraft, keepInDraft } from './drafts.ts';
import { copied, FLAGS, isUnknown, plainNanos, plainTime, quoted, toNumber } from './source-values.ts';
import {
  type EncodedColumn,
  freeze,
  type NumberVector,
  narrowVector,
  UNKNOWN_CODE,
  vectorKind,
} from './vector.ts';

/** Called for a row (of those that are put) that cannot be taken. */
export type Reject = (row: number, reason: string) => void;
type Source = readonly SourceValue[];

export class Lane {
  readonly #key: ColumnKey;
  readonly #isCount: boolean;
  #draft: Draft;
  #words: string[] = [];
  readonly #codeOf = new Map<string, number>();

  constructor(key: ColumnKey, kind: Exclude<ColumnKind, 'id' | 'time'>, capacity: number) {
    this.#key = key;
    this.#isCount = kind === 'count';
    this.#draft = emptyDraft(vectorKind(kind) as Draft['kind'], capacity);
  }

  /** Puts rows behind the first ones. */
  put(source: Source, first: number, rows: number, reject: Reject): void {
    const draft = this.#draft;
    switch (draft.kind) {
      case 'text':
        this.#putTexts(draft.codes, source, first, rows);
        break;
      case 'flag':
        this.#putFlags(draft.values, source, first, rows, reject);
        break;
      case 'money':
        this.#putMoney(draft, source, first, rows, reject);
        break;
      case 'number':
        this.#putNumbers(draft.values, source, first, rows, reject);
    }
  }

  /** Of `added` rows behind the first ones keeps some. */
  keep(kept: readonly number[], first: number, added: number): void {
    keepInDraft(this.#draft, kept, first, added);
  }

  lengthen(capacity: number): void {
    this.#draft = lengthened(this.#draft, capacity);
  }

  /** The column of the first rows; null when all of them are unknown. The lane is empty afterwards. */
  finish(rows: number): EncodedColumn | null {
    const vector = freeze(cutDraft(this.#draft, rows));
    this.keep([], 0, rows);
    const words = this.#words;
    this.#words = [];
    this.#codeOf.clear();
    if (vector?.kind === 'id') throw new Error('ids are no lane');
    return vector?.kind === 'text' ? { ...vector, words } : vector;
  }

  #putTexts(codes: Uint32Array, source: Source, first: number, rows: number): void {
    let [last, lastCode]: [word: string | null, code: number] = [null, UNKNOWN_CODE];
    for (let row = 0; row < rows; row++) {
      const value = source[row];
      if (isUnknown(value)) continue;
      const word = typeof value === 'string' ? value : String(value);
      if (word !== last) [last, lastCode] = [word, this.#codeOf.get(word) ?? this.#newCode(word)];
      codes[first + row] = lastCode;
    }
  }

  #newCode(word: string): number {
    const own = copied(word);
    const code = this.#words.push(own);
    this.#codeOf.set(own, code);
    return code;
  }

  #putFlags(values: Uint8Array, source: Source, first: number, rows: number, reject: Reject): void {
    for (let row = 0; row < rows; row++) {
      const value = source[row];
      if (isUnknown(value)) continue;
      const flag = value === 'false' ? 0 : value === 'true' ? 1 : FLAGS.get(value);
      if (flag === undefined) reject(row, `${this.#key} is neither true nor false: ${quoted(value)}`);
      else values[first + row] = flag;
    }
  }

  #putMoney(
    { nanos, rest }: Extract<Draft, { kind: 'money' }>,
    source: Source,
    first: number,
    rows: number,
    reject: Reject,
  ): void {
    for (let row = 0; row < rows; row++) {
      const value = source[row];
      if (isUnknown(value)) continue;
      if (typeof value === 'string') {
        const plain = plainNanos(value);
        if (!Number.isNaN(plain)) {
          nanos[first + row] = plain;
          continue;
        }
      }
      const amount = typeof value === 'boolean' ? undefined : parseMoney(value);
      const lanes = amount === undefined ? undefined : toLanes(amount);
      if (lanes === undefined) reject(row, `${this.#key} is not an amount of dollars: ${quoted(value)}`);
      else if (!Number.isSafeInteger(lanes.nanos))
        reject(row, `${this.#key} is over nine million dollars: ${quoted(value)}`);
      else {
        nanos[first + row] = lanes.nanos;
        rest[first + row] = lanes.rest;
      }
    }
  }

  #putNumbers(values: Float64Array, source: Source, first: number, rows: number, reject: Reject): void {
    for (let row = 0; row < rows; row++) {
      const value = source[row];
      if (isUnknown(value)) continue;
      const number = toNumber(value);
      if (!Number.isFinite(number)) reject(row, `${this.#key} is not a number: ${quoted(value)}`);
      else if (this.#isCount && (!Number.isSafeInteger(number) || number < 0))
        reject(row, `${this.#key} is not a whole number: ${quoted(value)}`);
      else values[first + row] = number;
    }
  }
}

/** When the generations were made; where the source does not know, the time inside the id stands in. */
export class TimeLane {
  #times: Extract<Draft, { kind: 'number' }>;
  /** 1 where a time is the id's. */
  #guesses: Extract<Draft, { kind: 'flag' }>;
  #isGuessed = false;
  readonly #midnights = new Map<number, number>();

  constructor(capacity: number) {
    this.#times = emptyDraft('number', capacity);
    this.#guesses = emptyDraft('flag', capacity);
  }

  put(source: Source | undefined, ids: Source, first: number, rows: number, reject: Reject): void {
    const { values } = this.#times;
    for (let row = 0; row < rows; row++) {
      const value = source?.[row];
      if (isUnknown(value)) {
        this.#guess(ids[row], first + row, (reason) => reject(row, reason));
        continue;
      }
      const time =
        typeof value === 'string' ? (plainTime(value, this.#midnights) ?? parseTime(value)) : undefined;
      if (time === undefined) reject(row, `created_at is not a time: ${quoted(value)}`);
      else values[first + row] = time;
    }
  }

  keep(kept: readonly number[], first: number, added: number): void {
    keepInDraft(this.#times, kept, first, added);
    keepInDraft(this.#guesses, kept, first, added);
  }

  lengthen(capacity: number): void {
    this.#times = lengthened(this.#times, capacity) as Extract<Draft, { kind: 'number' }>;
    this.#guesses = lengthened(this.#guesses, capacity) as Extract<Draft, { kind: 'flag' }>;
  }

  /** The times of the first rows, and which of them are the ids'. The lane is empty afterwards. */
  finish(rows: number): { times: NumberVector; timeFromId: Uint8Array | null } {
    const times = narrowVector(this.#times.values.slice(0, rows));
    const timeFromId = this.#isGuessed
      ? this.#guesses.values.slice(0, rows).map((guess) => (guess === 1 ? 1 : 0))
      : null;
    this.keep([], 0, rows);
    this.#isGuessed = false;
    return { times, timeFromId };
  }

  #guess(id: SourceValue, at: number, reject: (reason: string) => void): void {
    const time = typeof id === 'string' ? timeFromGenerationId(id) : undefined;
    if (time === undefined) {
      reject('has no created_at, and no time in its id');
      return;
    }
    this.#times.values[at] = time;
    this.#guesses.values[at] = 1;
    this.#isGuessed = true;
  }
}

function lengthened(draft: Draft, capacity: number): Draft {
  const longer = emptyDraft(draft.kind, capacity);
  copyDraft(longer, 0, draft);
  return longer;
}
