/**
 * What an import would do, without doing it: each row is judged by the rule that ingest merges by. Of the rows that
 * an import would store it keeps no more than a hash, so that a file of any size can be judged.
 */
import type { ColumnKey, TextKey } from '../../shared/columns.ts';
import { SPEND_PARTS } from '../../shared/columns.ts';
import { fromLanes, type Money } from '../../shared/money.ts';
import type { PreviewCounts } from './api.ts';
import type { Dictionary } from './dictionary.ts';
import type { EncodedBatch, EncodedColumn } from './encode.ts';
import { type Address, type IdIndex, rowOf, segmentOf } from './id-index.ts';
import { Incoming } from './ingest.ts';
import { type Segment, type StoredKey, vectorOf } from './segment.ts';
import { type IdVector, numberAt, UNKNOWN_CODE, UNKNOWN_FLAG, UNKNOWN_INT, type Vector } from './vector.ts';

/** What a preview needs of what is stored. */
export interface Stored {
  readonly segments: readonly Segment[];
  ids(): Promise<IdIndex>;
  load(segments: readonly Segment[], keys: Iterable<StoredKey>): Promise<void>;
  dictionary(key: TextKey): Dictionary;
}

/** A code that no stored row has, for words that no stored row has. */
const NEW_WORD = 0xffff_ffff;

export class Preview {
  readonly #seen = new SeenRows();
  readonly #counts = { rows: 0, new: 0, same: 0, completed: 0, conflicting: 0, rejected: 0 };
  #spend = 0n;

  get counts(): PreviewCounts {
    return { ...this.#counts, spendAdded: this.#spend };
  }

  /**
   * Judges a batch behind those that came before it. A row whose id came before with other values counts as
   * conflicting, and what it would change of the spend is not told.
   */
  async add(batch: EncodedBatch, stored: Stored): Promise<PreviewCounts> {
    const index = await stored.ids();
    const rows = hashRows(batch);
    const fresh: number[] = [];
    const matches: { readonly row: number; readonly address: Address }[] = [];
    for (let row = 0; row < batch.rows; row++) {
      const before = this.#seen.find(rows, row);
      if (before !== undefined) {
        if (before === rows.values[row]) this.#counts.same++;
        else this.#counts.conflicting++;
        continue;
      }
      const address = index.find(batch.ids, row);
      if (address >= 0) matches.push({ row, address });
      else fresh.push(row);
      this.#seen.add(rows, row);
    }
    this.#counts.rows += batch.rows + batch.rejections.length;
    this.#counts.rejected += batch.rejections.length;
    this.#counts.new += fresh.length;
    this.#spend += spendOf(batch, fresh);
    await this.#compare(batch, matches, stored);
    return this.counts;
  }

  async #compare(
    batch: EncodedBatch,
    matches: readonly { readonly row: number; readonly address: Address }[],
    { segments, load, dictionary }: Stored,
  ): Promise<void> {
    if (matches.length === 0) return;
    const incoming = new Incoming(batch, (key) => ({
      add: (word) => dictionary(key).code(word) ?? NEW_WORD,
    }));
    const touched = [...new Set(matches.map(({ address }) => segmentOf(address)))];
    await load(
      touched.map((position) => segments[position] as Segment),
      incoming.keys,
    );
    const parts: readonly ColumnKey[] = SPEND_PARTS;
    const verdicts = new Uint8Array(matches.length);
    for (const key of incoming.keys) {
      matches.forEach(({ row, address }, i) => {
        const vector = vectorOf(segments[segmentOf(address)] as Segment, key);
        const at = rowOf(address);
        if (!incoming.bringsNews(key, row, vector, at)) return;
        verdicts[i] = Math.max(verdicts[i] as number, isKnown(vector, at) ? 2 : 1);
        if (parts.includes(key)) this.#spend += moneyAt(batch.columns[key], row) - moneyAt(vector, at);
      });
    }
    for (const verdict of verdicts) {
      if (verdict === 0) this.#counts.same++;
      else if (verdict === 1) this.#counts.completed++;
      else this.#counts.conflicting++;
    }
  }
}

function isKnown(vector: Vector | null, at: number): boolean {
  switch (vector?.kind) {
    case 'number':
      return !Number.isNaN(numberAt(vector.values, at));
    case 'money':
      return !Number.isNaN(numberAt(vector.nanos, at));
    case 'text':
      return vector.codes[at] !== UNKNOWN_CODE;
    case 'flag':
      return vector.values[at] !== UNKNOWN_FLAG;
    default:
      return false;
  }
}

/** An amount; unknown is nothing here, as in a sum. */
function moneyAt(column: Vector | EncodedColumn | null | undefined, row: number): Money {
  if (column?.kind !== 'money') return 0n;
  const nanos = numberAt(column.nanos, row);
  return Number.isNaN(nanos) ? 0n : fromLanes(nanos, column.rest?.[row] ?? 0);
}

/** Below this a sum of whole numbers is exact in a double. */
const FLUSH = 2 ** 52;

function spendOf(batch: EncodedBatch, rows: readonly number[]): Money {
  let total = 0n;
  for (const key of SPEND_PARTS) {
    const column = batch.columns[key];
    if (column?.kind !== 'money') continue;
    let [nanos, rest] = [0, 0];
    for (const row of rows) {
      const value = numberAt(column.nanos, row);
      if (Number.isNaN(value)) continue;
      nanos += value;
      rest += column.rest?.[row] ?? 0;
      if (Math.abs(nanos) < FLUSH && Math.abs(rest) < FLUSH) continue;
      total += fromLanes(nanos, rest);
      [nanos, rest] = [0, 0];
    }
    total += fromLanes(nanos, rest);
  }
  return total;
}

/** For each row two hashes of its id, and one of its values. */
interface RowHashes {
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  readonly values: Uint32Array;
}

function hashRows(batch: EncodedBatch): RowHashes {
  const { rows, ids } = batch;
  const [first, second] = [new Uint32Array(rows), new Uint32Array(rows)];
  for (let row = 0; row < rows; row++) hashId(ids, row, first, second);
  const values = new Uint32Array(rows);
  for (const key of Object.keys(batch.columns).sort() as ColumnKey[]) {
    const column = batch.columns[key] as EncodedColumn;
    switch (column.kind) {
      case 'text': {
        const words = [0, ...column.words.map(hashText)];
        for (let row = 0; row < rows; row++) mix(values, row, words[column.codes[row] as number] as number);
        break;
      }
      case 'flag':
        for (let row = 0; row < rows; row++) mix(values, row, column.values[row] as number);
        break;
      case 'money':
        for (let row = 0; row < rows; row++) {
          mixNumber(values, row, numberAt(column.nanos, row));
          mixNumber(values, row, column.rest?.[row] ?? 0);
        }
        break;
      case 'number':
        for (let row = 0; row < rows; row++) mixNumber(values, row, numberAt(column.values, row));
    }
  }
  return { first, second, values };
}

function hashId({ bytes, offsets }: IdVector, row: number, first: Uint32Array, second: Uint32Array): void {
  let [a, b] = [0x811c9dc5, 0x9747b28c];
  const end = offsets[row + 1] as number;
  for (let i = offsets[row] as number; i < end; i++) {
    const byte = bytes[i] as number;
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul((b << 5) | (b >>> 27), 0x2c1b3c6d) ^ byte;
  }
  a = Math.imul(a ^ (a >>> 15), 0x2c1b3c6d);
  b = Math.imul(b ^ (b >>> 13), 0x297a2d39);
  first[row] = a ^ (a >>> 15);
  // 0 stands for an empty place.
  second[row] = (b ^ (b >>> 16)) >>> 0 || 1;
}

function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15);
}

function mix(hashes: Uint32Array, row: number, value: number): void {
  const hash = Math.imul((hashes[row] as number) ^ value, 0x2c1b3c6d);
  hashes[row] = hash ^ (hash >>> 15);
}

const HIGH = 2 ** 32;

function mixNumber(hashes: Uint32Array, row: number, value: number): void {
  if (Number.isNaN(value)) {
    mix(hashes, row, UNKNOWN_INT);
    return;
  }
  mix(hashes, row, value | 0);
  // What lies above 32 bits, and behind the point.
  mix(hashes, row, (value / HIGH) | 0);
  const whole = Math.trunc(value);
  if (whole !== value) mix(hashes, row, ((value - whole) * HIGH) | 0);
}

/**
 * Rows by the 64 bits of their ids' hashes, 12 bytes a place: two different ids in ten million are taken for one
 * with a chance of one in half a million.
 */
class SeenRows {
  #first = new Uint32Array(1024);
  #second = new Uint32Array(1024);
  #values = new Uint32Array(1024);
  #size = 0;

  /** The hash of the values that came with an id before. */
  find({ first, second }: RowHashes, row: number): number | undefined {
    const mask = this.#second.length - 1;
    const [a, b] = [first[row] as number, second[row] as number];
    for (let slot = a & mask; ; slot = (slot + 1) & mask) {
      if (this.#second[slot] === 0) return undefined;
      if (this.#first[slot] === a && this.#second[slot] === b) return this.#values[slot];
    }
  }

  add({ first, second, values }: RowHashes, row: number): void {
    if (this.#size * 4 >= this.#second.length * 3) this.#grow();
    this.#size++;
    this.#put(first[row] as number, second[row] as number, values[row] as number);
  }

  #put(first: number, second: number, values: number): void {
    const mask = this.#second.length - 1;
    let slot = first & mask;
    while (this.#second[slot] !== 0) slot = (slot + 1) & mask;
    this.#first[slot] = first;
    this.#second[slot] = second;
    this.#values[slot] = values;
  }

  #grow(): void {
    const [first, second, values] = [this.#first, this.#second, this.#values];
    const size = second.length * 2;
    [this.#first, this.#second, this.#values] = [
      new Uint32Array(size),
      new Uint32Array(size),
      new Uint32Array(size),
    ];
    for (let slot = 0; slot < second.length; slot++) {
      if (second[slot] !== 0)
        this.#put(first[slot] as number, second[slot] as number, values[slot] as number);
    }
  }
}
