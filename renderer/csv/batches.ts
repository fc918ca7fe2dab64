/** Text of a file, piece by piece → batches of its rows, each with the place behind it. */
import type { BatchEncoder, EncodedBatch } from '../store/encode.ts';
import type { Rejection } from '../store/rejection.ts';
import { copied } from '../store/source-values.ts';
import type { Delimiter } from './dialect.ts';
import { bitesOf, CsvReader, type ReaderState } from './read.ts';
import { addRecords, type Manner } from './records.ts';

/** Lines in a batch at most, for it has to fit into a segment of the store. No bite has as many good ones: ids are long. */
export const MOST_LINES = 65_536;
/** Characters of a file's rejected lines that are kept for the reader to save; and of one line. */
const CELLS_KEPT = 8_000_000;
const LONGEST_LINE = 10_000;

/** A place between two bites of a file, from which reading can go on. */
export interface Bookmark {
  /** Bytes of the unpacked file before the piece that it is in; and of those the ones that wait for their character's end. */
  readonly at: number;
  readonly carry: Uint8Array;
  /** Characters of the piece before it. */
  readonly skip: number;
  readonly reader: ReaderState;
  /** The record that was cut may hold bytes that are no characters. */
  readonly garbled: boolean;
}

/** A place in a file, without what was read before it. */
export type Place = Omit<Bookmark, 'reader'>;

/** A piece of text in its file. */
export interface TextPiece extends Pick<Bookmark, 'at' | 'carry' | 'garbled'> {
  readonly text: string;
  /** Characters of it that were read before. */
  readonly skip: number;
  readonly last: boolean;
  /** It may hold the mark that stands for bytes that are no characters. */
  readonly isGarbled: boolean;
}

export interface ReadBatch {
  readonly batch: EncodedBatch;
  /** Where the rows behind it begin. */
  readonly end: Bookmark;
}

export class BatchReader {
  readonly #manner: Manner;
  readonly #reader: CsvReader;
  readonly #encoder: BatchEncoder;
  #rejections: Rejection[] = [];
  /** One batch must not keep more than a file may. */
  #room = new RejectionRoom();
  #isHeaderRead: boolean;

  /**
   * @param from where to go on; null: at the header
   * @param encoder an empty one
   */
  constructor(
    delimiter: Delimiter,
    firstLine: number,
    manner: Manner,
    from: Bookmark | null,
    encoder: BatchEncoder,
  ) {
    this.#reader = new CsvReader(delimiter, from?.reader ?? { rest: '', line: firstLine, width: 0 });
    this.#manner = manner;
    this.#encoder = encoder;
    this.#isHeaderRead = from !== null && from.reader.width > 0;
  }

  /** The last record is not complete. */
  get isCut(): boolean {
    return this.#reader.state.rest !== '';
  }

  /** The batches that a piece fills. */
  read({ text, skip, last, isGarbled, ...piece }: TextPiece): ReadBatch[] {
    const batches: ReadBatch[] = [];
    for (const { bite, at, last: isLast } of bitesOf(text, Math.min(skip, text.length), last)) {
      const end: Bookmark = { ...piece, skip: at, reader: this.#reader.state };
      const records = this.#reader.read(bite, isLast);
      if (!this.#isHeaderRead && records.length > 0) {
        records.shift();
        this.#isHeaderRead = true;
      }
      const lines = this.#encoder.rows + this.#rejections.length;
      if (lines > 0 && lines + records.length > MOST_LINES) batches.push({ batch: this.#finish(), end });
      for (const rejection of addRecords(this.#encoder, records, this.#manner, isGarbled))
        this.#rejections.push(this.#bounded(rejection));
    }
    return batches;
  }

  /** The batch of what is left, at the place that was read to. */
  finish(place: Place): ReadBatch {
    return { batch: this.#finish(), end: { ...place, reader: this.#reader.state } };
  }

  #finish(): EncodedBatch {
    const batch = this.#encoder.finish(this.#rejections);
    this.#rejections = [];
    this.#room = new RejectionRoom();
    return batch;
  }

  #bounded({ line, reason, cells = [] }: Rejection): Rejection {
    if (sizeOf(cells) > LONGEST_LINE || !this.#room.take(cells)) return { line, reason };
    return { line, reason, cells: cells.map(copied) };
  }
}

const sizeOf = (cells: readonly string[]): number => cells.reduce((sum, cell) => sum + cell.length, 0);

/** The room for rejected lines: what does not fit is kept without its cells. */
export class RejectionRoom {
  #left = CELLS_KEPT;

  /** Whether there was room for these. */
  take(cells: readonly string[]): boolean {
    const size = sizeOf(cells);
    if (size > this.#left) return false;
    this.#left -= size;
    return true;
  }

  /** A batch with what there is room for. */
  bound(batch: EncodedBatch): EncodedBatch {
    if (batch.rejections.length === 0) return batch;
    const rejections = batch.rejections.map(({ line, reason, cells }): Rejection => {
      return cells && this.take(cells) ? { line, reason, cells } : { line, reason };
    });
    return { ...batch, rejections };
  }
}
