/**
 * What an import would do, without doing it: each row is judged by the rule that ingest merges by. Of the rows that
 * an import would store it keeps no more than a hash, so that a file of any size can be judged.
 */
import { type ColumnKey, SPEND_PARTS, type TextKey } from '../../shared/columns.ts';
import { fromLanes, type Money } from '../../shared/money.ts';
import type { PreviewCounts } from './api.ts';
import type { Cells } from './cells.ts';
import type { Dictionary } from './dictionary.ts';
import { SegmentDraft, withLanes } from './draft.ts';
import type { EncodedBatch, EncodedColumn } from './encode.ts';
import { hashIds } from './hashes.ts';
import { type Address, rowOf } from './id-index.ts';
import { Incoming, runsOf } from './ingest.ts';
import { held, type Segment, type StoredKey } from './segment.ts';
import { type IdVector, nanosAt, numberAt, UNKNOWN_CODE, UNKNOWN_FLAG } from './vector.ts';

/** What a preview needs of what is stored. */
export interface Stored {
  readonly segments: readonly Segment[];
  /** For each of some ids the address of its generation, or −1. */
  addressesOf(ids: IdVector): Promise<ArrayLike<Address>>;
  load(segments: readonly Segment[], keys: Iterable<StoredKey>): Promise<void>;
  /** Called between the steps of the judging: waits where somebody else is to go first. */
  breathe(): Promise<void> | undefined;
  dictionary(key: TextKey): Dictionary;
}

/** A code that no stored row has, for words that no stored row has. */
const NEW_WORD = 0xffff_ffff;
/** What is known of the rows of a batch, in the order that the worse takes the place of the better. */
const SAME = 0;
const COMPLETED = 1;
const CONFLICTING = 2;

export class Preview {
  readonly #seen = new SeenRows();
  readonly #counts = { rows: 0, new: 0, same: 0, completed: 0, conflicting: 0, rejected: 0 };
  #spend = 0n;

  get counts(): PreviewCounts {
    return { ...this.#counts, spendAdded: this.#spend };
  }

  /**
   * Judges a batch behind those that came before it. A row whose id came before with other values counts as
   * conflicting, and what it would change of the spend is not told. Where it fails nothing is counted, so the batch
   * may be given again.
   */
  async add(batch: EncodedBatch, stored: Stored): Promise<PreviewCounts> {
    const addresses = await stored.addressesOf(batch.ids);
    const rows = await hashRows(batch, () => stored.breathe());
    const known: number[] = [];
    for (let row = 0; row < batch.rows; row++) {
      if ((addresses[row] as number) >= 0 && this.#seen.find(rows, row) === undefined) known.push(row);
    }
    // Segment by segment.
    known.sort((a, b) => (addresses[a] as number) - (addresses[b] as number));
    const { verdicts, spend } = await this.#compare(batch, Uint32Array.from(known), addresses, stored);
    await stored.breathe();
    // Nothing fails from here on.
    const fresh: number[] = [];
    for (let row = 0; row < batch.rows; row++) {
      const before = this.#seen.find(rows, row);
      if (before !== undefined) {
        if (before === rows.values[row]) this.#counts.same++;
        else this.#counts.conflicting++;
        continue;
      }
      this.#seen.add(rows, row);
      if ((addresses[row] as number) < 0) {
        fresh.push(row);
        continue;
      }
      if (verdicts[row] === SAME) this.#counts.same++;
      else if (verdicts[row] === COMPLETED) this.#counts.completed++;
      else this.#counts.conflicting++;
      this.#spend += spend.get(row) ?? 0n;
    }
    this.#counts.rows += batch.rows + batch.rejections.length;
    this.#counts.rejected += batch.rejections.length;
    this.#counts.new += fresh.length;
    this.#spend += spendOf(batch, fresh);
    return this.counts;
  }

  /**
   * An import is a source behind all others, so what it says is shown wherever the stored value yields to it.
   * @param rows those that are stored, segment by segment
   * @returns by row of the batch what is to be thought of it, and what it would change of the spend
   */
  async #compare(
    batch: EncodedBatch,
    rows: Uint32Array,
    addresses: ArrayLike<Address>,
    stored: Stored,
  ): Promise<{ readonly verdicts: Uint8Array; readonly spend: ReadonlyMap<number, Money> }> {
    const verdicts = new Uint8Array(batch.rows).fill(SAME);
    const spend = new Map<number, Money>();
    const incoming = new Incoming(batch, (key) => ({
      add: (word) => stored.dictionary(key).code(word) ?? NEW_WORD,
    }));
    const { segments } = stored;
    const parts: readonly ColumnKey[] = SPEND_PARTS;
    for (const { position, from, to } of runsOf(rows.map((row) => addresses[row] as number))) {
      await stored.load([segments[position] as Segment], withLanes(incoming.keys));
      const segment = held(segments[position] as Segment);
      const draft = new SegmentDraft(segment, segment.info.id, segment.info.rows);
      for (const key of incoming.keys) {
        await stored.breathe();
        const [shown, cells] = [draft.cells(key), incoming.cells(key)];
        if (!cells) continue;
        for (let i = from; i < to; i++) {
          const row = rows[i] as number;
          const at = rowOf(addresses[row] as number);
          if (!shown.yieldsTo(at, cells, row)) continue;
          verdicts[row] = Math.max(verdicts[row] as number, shown.isKnown(at) ? CONFLICTING : COMPLETED);
          if (!parts.includes(key)) continue;
          spend.set(row, (spend.get(row) ?? 0n) + amountOf(cells, row) - amountOf(shown, at));
        }
      }
    }
    return { verdicts, spend };
  }
}

/** An amount; unknown is nothing here, as in a sum. */
function amountOf(cells: Cells, at: number): Money {
  const { draft } = cells;
  if (draft.kind !== 'money' || !cells.isKnown(at)) return 0n;
  return fromLanes(draft.nanos[at] as number, draft.rest[at] as number);
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
      const value = nanosAt(column, row);
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

async function hashRows(batch: EncodedBatch, breathe: Stored['breathe']): Promise<RowHashes> {
  const { rows } = batch;
  await breathe();
  const { low: first, high: second } = hashIds(batch.ids);
  // 0 stands for an empty place.
  for (let row = 0; row < rows; row++) second[row] ||= 1;
  const values = new Uint32Array(rows);
  for (const key of Object.keys(batch.columns).sort() as ColumnKey[]) {
    await breathe();
    const column = batch.columns[key] as EncodedColumn;
    // Unknown leaves no trace: whether a batch has the column hangs on its other rows.
    const salt = hashText(key);
    switch (column.kind) {
      case 'text': {
        const words = [0, ...column.words.map(hashText)];
        for (let row = 0; row < rows; row++) {
          const code = column.codes[row] as number;
          if (code !== UNKNOWN_CODE) mix(values, row, salt ^ (words[code] as number));
        }
        break;
      }
      case 'flag':
        for (let row = 0; row < rows; row++) {
          const value = column.values[row] as number;
          if (value !== UNKNOWN_FLAG) mix(values, row, salt ^ value);
        }
        break;
      case 'money':
        for (let row = 0; row < rows; row++) {
          const nanos = nanosAt(column, row);
          if (Number.isNaN(nanos)) continue;
          mixNumber(values, row, nanos, salt);
          mixNumber(values, row, column.rest?.[row] ?? 0, salt);
        }
        break;
      case 'number':
        for (let row = 0; row < rows; row++) mixNumber(values, row, numberAt(column, row), salt);
    }
  }
  return { first, second, values };
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

function mixNumber(hashes: Uint32Array, row: number, value: number, salt: number): void {
  if (Number.isNaN(value)) return;
  mix(hashes, row, salt ^ (value | 0));
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
