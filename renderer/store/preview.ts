/**
 * What an import would do, without doing it: each row is judged by the rule that ingest merges by. Of the rows that
 * an import would store it keeps no more than hashes and what they cost, so that a file of any size can be judged.
 */
import { type ColumnKey, SPEND_PARTS, type TextKey } from '../../shared/columns.ts';
import { fromLanes, type Money } from '../../shared/money.ts';
import type { PreviewCounts } from './api.ts';
import { Cells } from './cells.ts';
import type { Dictionary } from './dictionary.ts';
import { SegmentDraft, withLanes } from './draft.ts';
import type { EncodedBatch } from './encode.ts';
import { hashIds } from './hashes.ts';
import { type Address, addressOf, rowOf, segmentOf } from './id-index.ts';
import { Incoming, runsOf } from './ingest.ts';
import { held, type Segment, type StoredKey } from './segment.ts';
import {
  type EncodedColumn,
  type IdVector,
  nanosAt,
  numberAt,
  thaw,
  UNKNOWN_CODE,
  UNKNOWN_FLAG,
} from './vector.ts';

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
   * conflicting. Where it fails nothing is counted, so the batch may be given again.
   * @param batch of at most `SEGMENT_ROWS` rows
   */
  async add(batch: EncodedBatch, stored: Stored): Promise<PreviewCounts> {
    const addresses = await stored.addressesOf(batch.ids);
    const hashes = await hashRows(batch, () => stored.breathe());
    const again = this.#seen.markAgain(hashes);
    const known: number[] = [];
    for (let row = 0; row < batch.rows; row++) if ((addresses[row] as number) >= 0) known.push(row);
    // Segment by segment.
    known.sort((a, b) => (addresses[a] as number) - (addresses[b] as number));
    const compared = await this.#compare(batch, Uint32Array.from(known), again, addresses, stored);
    await stored.breathe();
    // Nothing fails from here on.
    const said = new Spend(batch);
    const place = this.#seen.begin(hashes, said);
    const fresh: number[] = [];
    for (let row = 0; row < batch.rows; row++) {
      if (again[row] === 1) {
        const before = this.#seen.find(hashes, row);
        if (before.values === hashes.values[row]) this.#counts.same++;
        else {
          this.#counts.conflicting++;
          this.#spend += said.takeOver(row, before.spend, before.row, compared.shown);
          this.#seen.replace(hashes, row, place + row);
        }
        continue;
      }
      this.#seen.add(hashes.first[row] as number, place + row);
      if ((addresses[row] as number) < 0) {
        fresh.push(row);
        continue;
      }
      const verdict = compared.verdicts[row];
      if (verdict === SAME) this.#counts.same++;
      else if (verdict === COMPLETED) this.#counts.completed++;
      else this.#counts.conflicting++;
      this.#spend += compared.spend.get(row) ?? 0n;
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
   * @param again 1 for rows whose id came before: of these only what is stored of their spend is read
   */
  async #compare(
    batch: EncodedBatch,
    rows: Uint32Array,
    again: Uint8Array,
    addresses: ArrayLike<Address>,
    stored: Stored,
  ): Promise<Compared> {
    const verdicts = new Uint8Array(batch.rows).fill(SAME);
    const spend = new Map<number, Money>();
    const told = new Spend({ rows: batch.rows, columns: {} });
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
        const isSpend = parts.includes(key);
        for (let i = from; i < to; i++) {
          const row = rows[i] as number;
          const at = rowOf(addresses[row] as number);
          if (again[row] === 1) {
            if (isSpend) told.of(key).set(row, shown, at);
            continue;
          }
          if (!shown.yieldsTo(at, cells, row)) continue;
          verdicts[row] = Math.max(verdicts[row] as number, shown.isKnown(at) ? CONFLICTING : COMPLETED);
          if (isSpend) spend.set(row, (spend.get(row) ?? 0n) + amountOf(cells, row) - amountOf(shown, at));
        }
      }
    }
    return { verdicts, spend, shown: told };
  }
}

interface Compared {
  /** By row of the batch what is to be thought of it. */
  readonly verdicts: Uint8Array;
  /** By row what it would change of the spend. */
  readonly spend: ReadonlyMap<number, Money>;
  /** What is stored of the spend of rows whose id came before. */
  readonly shown: Spend;
}

/** What is said of the spend of a batch's rows, part by part. */
class Spend {
  readonly #rows: number;
  readonly #columns: EncodedBatch['columns'];
  /** Wide only where an id came again, which is seldom. */
  readonly #cells = new Map<ColumnKey, Cells>();

  constructor({ rows, columns }: Pick<EncodedBatch, 'rows' | 'columns'>) {
    this.#rows = rows;
    this.#columns = Object.fromEntries(SPEND_PARTS.map((key) => [key, columns[key]]));
  }

  /**
   * Goes on from what an earlier row with the id said, where this one says nothing itself: the import is one source,
   * and what a source says is all that it ever said.
   * @param shown what is stored
   * @returns what this changes of the spend
   */
  takeOver(row: number, before: Spend, beforeRow: number, shown: Spend): Money {
    let change = 0n;
    for (const key of SPEND_PARTS) {
      const [earlier, now, stored] = [before.of(key), this.of(key), shown.of(key)];
      const shownBy = (said: Cells, at: number) =>
        stored.isKnown(row) && !stored.yieldsTo(row, said, at) ? amountOf(stored, row) : amountOf(said, at);
      const was = shownBy(earlier, beforeRow);
      if (!earlier.yieldsTo(beforeRow, now, row)) now.set(row, earlier, beforeRow);
      change += shownBy(now, row) - was;
    }
    return change;
  }

  of(key: ColumnKey): Cells {
    let cells = this.#cells.get(key);
    if (!cells) {
      const column = this.#columns[key];
      cells = new Cells(thaw(column?.kind === 'money' ? column : null, 'money', this.#rows));
      this.#cells.set(key, cells);
    }
    return cells;
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

interface SeenBatch extends Pick<RowHashes, 'second' | 'values'> {
  readonly spend: Spend;
}

/** A row that came before with the same id: the last one. */
interface SeenRow {
  readonly values: number;
  readonly spend: Spend;
  /** Its place in its batch. */
  readonly row: number;
}

/**
 * Rows by the 64 bits of their ids' hashes, 8 bytes a slot and 8 a row: two different ids in ten million are taken for
 * one with a chance of one in half a million.
 */
class SeenRows {
  /** The first half of the hash, and one more than the place; 0 where it is empty. */
  #slots = new Uint32Array(2 * 1024);
  #size = 0;
  readonly #batches: SeenBatch[] = [];

  /** The place of the first row of a batch: its rows have those behind it. */
  begin({ second, values }: RowHashes, spend: Spend): number {
    return addressOf(this.#batches.push({ second, values, spend }) - 1, 0);
  }

  /** Marks with 1 the rows whose id came before, in another batch or in this one. */
  markAgain(hashes: RowHashes): Uint8Array {
    const { first, second } = hashes;
    const again = new Uint8Array(first.length);
    let capacity = 1024;
    while (capacity < first.length * 2) capacity *= 2;
    const rows = new Int32Array(capacity).fill(-1);
    for (let row = 0; row < first.length; row++) {
      let at = (first[row] as number) & (capacity - 1);
      for (; rows[at] !== -1; at = (at + 1) & (capacity - 1)) {
        const other = rows[at] as number;
        if (first[other] === first[row] && second[other] === second[row]) break;
      }
      if (rows[at] !== -1 || this.#slotOf(hashes, row) >= 0) again[row] = 1;
      else rows[at] = row;
    }
    return again;
  }

  /** The row that came before one that was marked. */
  find(hashes: RowHashes, row: number): SeenRow {
    const place = (this.#slots[this.#slotOf(hashes, row) + 1] as number) - 1;
    const { values, spend } = this.#batches[segmentOf(place)] as SeenBatch;
    return { values: values[rowOf(place)] as number, spend, row: rowOf(place) };
  }

  /** The row at this place is the last with its id. */
  replace(hashes: RowHashes, row: number, place: number): void {
    this.#slots[this.#slotOf(hashes, row) + 1] = place + 1;
  }

  /** Adds a row whose id did not come before. */
  add(first: number, place: number): void {
    if (this.#size * 8 >= this.#slots.length * 3) this.#grow();
    this.#size++;
    this.#put(first, place + 1);
  }

  /** The slot of an id, or −1. */
  #slotOf({ first, second }: RowHashes, row: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const wanted = first[row] as number;
    for (let at = (wanted * 2) & mask; slots[at + 1] !== 0; at = (at + 2) & mask) {
      if (slots[at] !== wanted) continue;
      const place = (slots[at + 1] as number) - 1;
      if (this.#batches[segmentOf(place)]?.second[rowOf(place)] === second[row]) return at;
    }
    return -1;
  }

  #put(first: number, entry: number): void {
    const mask = this.#slots.length - 1;
    let at = (first * 2) & mask;
    while (this.#slots[at + 1] !== 0) at = (at + 2) & mask;
    this.#slots[at] = first;
    this.#slots[at + 1] = entry;
  }

  #grow(): void {
    const slots = this.#slots;
    this.#slots = new Uint32Array(slots.length * 2);
    for (let at = 0; at < slots.length; at += 2)
      if (slots[at + 1] !== 0) this.#put(slots[at] as number, slots[at + 1] as number);
  }
}
