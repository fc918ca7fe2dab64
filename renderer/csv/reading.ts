/** One file, read: bytes, text, records, encoded batches; from its start, or on from a place that was marked. */
import type { ColumnKey } from '../../shared/columns.ts';
import { AppFailure } from '../../shared/errors.ts';
import { BatchEncoder } from '../store/encode.ts';
import { BatchReader, type Bookmark, MOST_LINES, type ReadBatch } from './batches.ts';
import { type Dialect, guessDialect, skipLines } from './dialect.ts';
import { Decoder, type Encoding, guessEncoding, hasMark } from './encoding.ts';
import { type Header, type Mapping, readHeader } from './header.ts';
import { bitesOf, CsvReader, countLines } from './read.ts';
import { addColumns } from './records.ts';
import { isPacked, type NamedBlob, piecesOf } from './source.ts';
import { type CellStyle, type Cells, learnStyle } from './style.ts';

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
  /** Bytes that a line takes, about. */
  readonly lineBytes: number;
}

export interface ReadPiece {
  /** The batches that this piece has filled, mostly none. */
  readonly batches: readonly ReadBatch[];
  /** Bytes of the file, as it lies on the disk, read so far. */
  readonly read: number;
}

export class Reading {
  readonly file: NamedBlob;
  readonly layout: Layout;

  constructor(file: NamedBlob, layout: Layout) {
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
      const first = readFirst(
        text.slice(skipLines(text, dialect.linesBefore)),
        last,
        dialect,
        choices.mapping,
      );
      if (!first) throw new AppFailure(emptyFile(file.name));
      const { header, cells } = first;
      // Looked for only now: behind a good header, a text may hold anything.
      if (header.missing.length > 0 && text.includes('\0')) throw new AppFailure(notText(file.name));
      const style = learnStyle(cells, dialect.delimiter, choices.shifts ?? []);
      const lineBytes = bytes.length / Math.max(1, countLines(text, text.length));
      return new Reading(file, {
        packed,
        encoding,
        marked: hasMark(bytes),
        dialect,
        header,
        style,
        lineBytes,
      });
    }
    throw new AppFailure(emptyFile(file.name));
  }

  /**
   * Reads the rows, from the start or from a place that was read to before.
   * @param to the byte to read to: the file's end unless told, which no packed file is
   * @param encoder an empty one, which is empty again afterwards
   */
  async *pieces(
    from: Bookmark | null = null,
    to = Number.POSITIVE_INFINITY,
    encoder = new BatchEncoder(MOST_LINES),
  ): AsyncGenerator<ReadPiece> {
    const { packed, encoding, dialect, header, style } = this.layout;
    const manner = { header, style, isUtf8: encoding === 'utf-8' };
    const rows = new BatchReader(dialect.delimiter, 1 + dialect.linesBefore, manner, from, encoder);
    const decoder = new Decoder(encoding, from?.carry);
    let at = from?.at ?? 0;
    let skip = from?.skip ?? 0;
    let garbled = from?.garbled ?? false;
    let read = at;
    for await (const piece of piecesOf(this.file, packed, at, to)) {
      const { bytes, last } = piece;
      const { carry } = decoder;
      const decoded = decoder.decode(bytes, last);
      const text = at === 0 ? withoutPreamble(decoded.text, dialect) : decoded.text;
      const isGarbled = decoded.garbled || garbled;
      const batches = rows.read({ at, carry, garbled, text, skip, last, isGarbled });
      at += bytes.length;
      skip = Math.max(0, skip - text.length);
      garbled = decoded.garbled && rows.isCut;
      read = piece.read;
      yield { batches, read };
    }
    if (skip > 0) throw new Error('the place to read on from lies behind what was to be read');
    yield { batches: [rows.finish({ at, carry: decoder.carry, skip: 0, garbled })], read };
  }
}

/** The header, and the cells of the records behind it; null where there is nothing. */
function readFirst(
  text: string,
  last: boolean,
  { delimiter }: Dialect,
  mapping?: Mapping,
): { header: Header; cells: Cells } | null {
  const reader = new CsvReader(delimiter);
  let header: Header | null = null;
  const cells: { [K in ColumnKey]?: string[] } = {};
  for (const { bite, last: isLast } of bitesOf(text, 0, last)) {
    let records = reader.read(bite, isLast);
    if (!header && records[0]) {
      header = readHeader(records[0].cells, mapping);
      records = records.slice(1);
    }
    if (header) addColumns(cells, records, header);
  }
  return header && { header, cells };
}

function withoutPreamble(start: string, { linesBefore }: Dialect): string {
  const text = withoutMark(start);
  return text.slice(skipLines(text, linesBefore));
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
