/** Batches of files that were read for their preview, so that importing them need not read them again. */
import { buffersOf, type EncodedBatch } from '../store/encode.ts';
import type { Bookmark, ReadBatch } from './batches.ts';

/** Bytes kept of all files together: some million rows. */
const MOST_BYTES = 128 * 1024 * 1024;

/** How much of the room for kept batches is left. */
export class Room {
  #left: number;

  constructor(bytes = MOST_BYTES) {
    this.#left = bytes;
  }

  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  give(bytes: number): void {
    this.#left += bytes;
  }
}

/** The beginning of one file, as much of it as there was room for. */
export class Kept {
  readonly #room: Room;
  #batches: EncodedBatch[] = [];
  #bytes = 0;
  #end: Bookmark | null = null;
  #isWhole = false;
  #isFull = false;

  constructor(room: Room) {
    this.#room = room;
  }

  get batches(): readonly EncodedBatch[] {
    return this.#batches;
  }

  /** Where the rest begins; null where nothing is kept. */
  get end(): Bookmark | null {
    return this.#end;
  }

  /** All of the file is here. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Keeps a batch, if it follows on and there is room. */
  add({ batch, end }: ReadBatch): void {
    if (this.#isFull) return;
    const bytes = sizeOf(batch);
    if (!this.#room.take(bytes)) {
      this.#isFull = true;
      return;
    }
    this.#bytes += bytes;
    this.#batches.push(batch);
    this.#end = end;
  }

  /** The file has come to its end. */
  close(): void {
    this.#isWhole = !this.#isFull;
  }

  /** Takes the batches out, to be handed over. */
  take(): readonly EncodedBatch[] {
    const batches = this.#batches;
    this.#batches = [];
    this.#room.give(this.#bytes);
    this.#bytes = 0;
    return batches;
  }
}

/** What a word takes besides its characters. */
const WORD_BYTES = 24;

function sizeOf(batch: EncodedBatch): number {
  let bytes = buffersOf(batch).reduce((sum, buffer) => sum + buffer.byteLength, 0);
  for (const column of Object.values(batch.columns)) {
    if (column.kind === 'text') for (const word of column.words) bytes += WORD_BYTES + word.length * 2;
  }
  for (const { cells = [] } of batch.rejections)
    for (const cell of cells) bytes += WORD_BYTES + cell.length * 2;
  return bytes;
}
