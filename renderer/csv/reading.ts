/** One file, read: bytes, text, records, encoded batches; from its start, or on from a place that was marked. */
import { AppFailure } from '../../shared/errors.ts';
import type { EncodedBatch } from '../store/encode.ts';
import type { Rejection } from '../store/rejection.ts';
import { type Dialect, guessDialect, skipLines } from './dialect.ts';
import { Decoder, type Encoding, guessEncoding, hasMark } from './encoding.ts';
import { type Header, type Mapping, readHeader } from './header.ts';
import { joinBatches } from './join.ts';
import { CsvReader, type CsvRecord, type ReaderState } from './read.ts';
import { columnsOf, encodeRecords } from './records.ts';
import { isPacked, type NamedBlob, piecesOf } from './source.ts';
import { type CellStyle, learnStyle } from './style.ts';

/** Characters parsed at a time: what a bite leaves behind fits into the part of memory that is cleared cheaply. */
const BITE = 1 << 16;
/** Rows in a batch at most; the store takes a segment at a time. */
export const MOST_ROWS = 65_536;
/** Characters of rejected lines that are kept for the reader to save; and of one line. */
const CELLS_KEPT = 8_000_000;
const LONGEST_LINE = 10_000;

/** What the reader has decided about a file; what is absent is found out. */
export interface Choices {
  readonly encoding?: Encoding;
  readonly mapping?: Mapping;
  /** Milliseconds to take from times without a zone; see shift.ts. */
  readonly shifts?: readonly number[];
}

/** What a file turned out to be. */
export interface Layout {
  readonly packed: boolean;
  readonly encoding: Encoding;
  /** It begins with a byte order mark. */
  readonly marked: boolean;
  readonly dialect: Dialect;
  readonly header: Header;
  readonly style: CellStyle;
}

/** A place between two pieces of a file, from which reading can go on. */
export interface Bookmark {
  /** Bytes of the unpacked file before it. */
  readonly at: number;
  readonly carry: Uint8Array;
  readonly reader: ReaderState;
  /** The record that was cut may hold bytes that are no characters. */
  readonly garbled: boolean;
}

export interface ReadPiece {
  readonly batches: readonly EncodedBatch[];
  /** Bytes of the file, as it lies on the disk, read so far. */
  readonly read: number;
  readonly end: Bookmark;
}

export class Reading {
  readonly file: NamedBlob;
  readonly layout: Layout;
  #cellsLeft = CELLS_KEPT;

  private constructor(file: NamedBlob, layout: Layout) {
    this.file = file;
    this.layout = layout;
  }

  /**
   * Looks at the beginning of a file.
   * @throws AppFailure where it is empty, is no text, or cannot be read
   */
  static async open(file: NamedBlob, choices: Choices): Promise<Reading> {
    const packed = await isPacked(file);
    for await (const { bytes, last } of piecesOf(file, packed)) {
      const encoding = choices.encoding ?? guessEncoding(bytes);
      const text = withoutMark(new Decoder(encoding).decode(bytes, last).text);
      if (text.trim() === '') throw new AppFailure(emptyFile(file.name));
      const dialect = guessDialect(text);
      const reader = new CsvReader(dialect.delimiter);
      const [first, ...records] = reader.read(text.slice(skipLines(text, dialect.linesBefore)), last);
      if (!first) throw new AppFailure(emptyFile(file.name));
      const header = readHeader(first.cells, choices.mapping);
      // Looked for only now: behind a good header, a text may hold anything.
      if (header.missing.length > 0 && text.includes('\0')) throw new AppFailure(notText(file.name));
      const style = learnStyle(columnsOf(records, header), dialect.delimiter, choices.shifts ?? []);
      return new Reading(file, { packed, encoding, marked: hasMark(bytes), dialect, header, style });
    }
    throw new AppFailure(emptyFile(file.name));
  }

  /** Reads the rows, from the start or from a place that an earlier piece ended at. */
  async *pieces(from: Bookmark | null = null): AsyncGenerator<ReadPiece> {
    const { packed, encoding, dialect } = this.layout;
    const decoder = new Decoder(encoding, from?.carry);
    const start = { rest: '', line: 1 + dialect.linesBefore, width: 0 };
    const reader = new CsvReader(dialect.delimiter, from?.reader ?? start);
    let at = from?.at ?? 0;
    let isFirst = from === null;
    let restGarbled = from?.garbled ?? false;
    for await (const { bytes, read, last } of piecesOf(this.file, packed, at)) {
      at += bytes.length;
      const decoded = decoder.decode(bytes, last);
      let { text } = decoded;
      if (at === bytes.length) {
        text = withoutMark(text);
        text = text.slice(skipLines(text, dialect.linesBefore));
      }
      const garbled = decoded.garbled || restGarbled;
      const batches = this.#readText(reader, text, { isFirst, last, garbled });
      // The header may have been longer than a piece.
      isFirst &&= reader.state.width === 0;
      restGarbled = decoded.garbled && reader.state.rest !== '';
      yield {
        batches,
        read,
        end: { at, carry: decoder.carry, reader: reader.state, garbled: restGarbled },
      };
    }
  }

  /** In a function of its own: what is local to a generator lives on while it waits. */
  #readText(
    reader: CsvReader,
    text: string,
    { isFirst, last, garbled }: { isFirst: boolean; last: boolean; garbled: boolean },
  ): EncodedBatch[] {
    const bites: EncodedBatch[] = [];
    let headed = !isFirst;
    for (let start = 0; start === 0 || start < text.length; start += BITE) {
      const bite = text.slice(start, start + BITE);
      const records = reader.read(bite, last && start + BITE >= text.length);
      if (!headed && records.length > 0) {
        records.shift();
        headed = true;
      }
      if (records.length > 0) bites.push(this.#encode(records, garbled));
    }
    return joinUpTo(MOST_ROWS, bites);
  }

  #encode(records: readonly CsvRecord[], garbled: boolean): EncodedBatch {
    const { header, style, encoding } = this.layout;
    const batch = encodeRecords(records, { header, style, isUtf8: encoding === 'utf-8' }, garbled);
    return { ...batch, rejections: batch.rejections.map((rejection) => this.#bounded(rejection)) };
  }

  /** Without its cells where too many are kept already. */
  #bounded({ line, reason, cells = [] }: Rejection): Rejection {
    const size = cells.reduce((sum, cell) => sum + cell.length, 0);
    if (size > LONGEST_LINE || size > this.#cellsLeft) return { line, reason };
    this.#cellsLeft -= size;
    return { line, reason, cells };
  }
}

function joinUpTo(most: number, bites: readonly EncodedBatch[]): EncodedBatch[] {
  const batches: EncodedBatch[] = [];
  let some: EncodedBatch[] = [];
  let rows = 0;
  for (const bite of bites) {
    if (some.length > 0 && rows + bite.rows > most) {
      batches.push(joinBatches(some));
      some = [];
      rows = 0;
    }
    some.push(bite);
    rows += bite.rows;
  }
  if (some.length > 0) batches.push(joinBatches(some));
  return batches;
}

const withoutMark = (text: string): string => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);

const notText = (name: string) =>
  ({
    code: 'file-not-csv',
    title: `“${name}” is not a text file.`,
    meaning: 'Nothing was imported. It holds binary data, as spreadsheets, archives and pictures do.',
    action: 'Save it as CSV first, or export again from openrouter.ai/activity.',
  }) as const;

const emptyFile = (name: string) =>
  ({
    code: 'file-empty',
    title: `“${name}” is empty.`,
    meaning: 'Nothing was imported.',
    action: 'Check the download, or export again from openrouter.ai/activity.',
  }) as const;
