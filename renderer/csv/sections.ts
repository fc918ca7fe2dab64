/**
 * A large file, read by several readers side by side. It is cut where lines begin, and each section is read as if a
 * record began there. Whether one did is known when the section before it has been read: where it did not (a line
 * end within quotes, a stray quote), the section is read again from what is known. So the rows, the lines and the
 * reasons are those of one reader that reads from the start. (What such a reader makes of damage may hang on how much
 * it reads at a time. The cuts are the same wherever the reading of a file begins, so it is the same each time.)
 */
import type { Bookmark, ReadBatch } from './batches.ts';
import type { Layout, Reading, ReadPiece } from './reading.ts';
import { lineStart, type NamedBlob } from './source.ts';

export interface Readers {
  /** How many of them read at the same time. */
  readonly count: number;
  /** Lines of a section, about: it should fit into one batch. */
  readonly lines: number;
  /** Reads from a place to a byte where a line begins, or the file ends; the last batch ends there. */
  read(reading: Reading, from: Bookmark | null, to: number): Promise<readonly ReadBatch[]>;
}

/** A section at most, also of a file whose first lines are long. */
const MOST_BYTES = 32 * 1024 * 1024;

interface Ahead {
  readonly batches: Promise<readonly ReadBatch[]>;
  readonly to: number;
}

/** Reads the rows as `Reading.pieces` does, in sections where that pays. */
export async function* piecesBy(
  readers: Readers,
  reading: Reading,
  from: Bookmark | null,
): AsyncGenerator<ReadPiece> {
  const { file, layout } = reading;
  const size = Math.min(Math.ceil(readers.lines * layout.lineBytes), MOST_BYTES);
  if (!isCuttable(layout) || file.blob.size < 2 * size) {
    yield* reading.pieces(from);
    return;
  }
  const cuts = cutsOf(file, size, from?.at ?? 0);
  const ahead: Ahead[] = [];
  let next: Bookmark | null = from;
  const fill = async () => {
    while (ahead.length < readers.count) {
      const { value: to, done } = await cuts.next();
      if (done) return;
      const batches = readers.read(reading, next, to);
      // Told where it is waited for, if it ever is.
      batches.catch(() => undefined);
      ahead.push({ batches, to });
      next = assumedAt(to, layout);
    }
  };
  await fill();
  for (let known: Bookmark | null = null, taken = ahead.shift(); taken; taken = ahead.shift()) {
    let batches = await taken.batches;
    // The reader that has become free goes on while the rows are being used.
    await fill();
    if (known)
      batches = isRight(known, batches, layout)
        ? behind(known, batches)
        : await readers.read(reading, known, taken.to);
    yield { batches, read: taken.to };
    known = endOf(batches);
  }
}

/** Whether every byte 10 ends a line, and the file can be read from anywhere. */
const isCuttable = ({ packed, encoding }: Layout): boolean =>
  !packed && (encoding === 'utf-8' || encoding === 'windows-1252');

/** Where lines begin, about every so many bytes from the file's start on, as far as that lies behind a byte; then its end. */
async function* cutsOf(file: NamedBlob, bytes: number, from: number): AsyncGenerator<number, void> {
  const { size } = file.blob;
  for (let least = Math.floor(from / bytes) * bytes || bytes; least < size; ) {
    const cut = await lineStart(file, least);
    if (cut !== null && cut > from && cut < size) yield cut;
    least = (Math.floor((cut ?? least) / bytes) + 1) * bytes;
  }
  yield size;
}

/** What a reader takes for granted that begins in the middle: its lines are counted from 1. */
const assumedAt = (at: number, { header }: Layout): Bookmark => ({
  at,
  carry: new Uint8Array(0),
  skip: 0,
  reader: { rest: '', line: 1, width: header.width },
  garbled: false,
});

const endOf = (batches: readonly ReadBatch[]): Bookmark => (batches.at(-1) as ReadBatch).end;

/** Whether a section was read from the state that the section before it has left. */
function isRight({ reader, garbled }: Bookmark, batches: readonly ReadBatch[], { header }: Layout): boolean {
  const { rest, width, line, stray = NONE } = reader;
  const { stray: found = NONE } = endOf(batches).reader;
  return (
    rest === '' &&
    !garbled &&
    width === header.width &&
    // One of a pair of stray quotes would be behind the border; and of pairs it says in which lines they are.
    stray[1] < line &&
    found[1] === 0
  );
}

const NONE = [0, 0] as const;

/** The batches of a section with the lines of the file. */
function behind({ reader }: Bookmark, batches: readonly ReadBatch[]): ReadBatch[] {
  const before = reader.line - 1;
  return batches.map(({ batch, end }) => ({
    batch: {
      ...batch,
      rejections: batch.rejections.map((rejection) => ({
        ...rejection,
        line: rejection.line === null ? null : rejection.line + before,
      })),
    },
    end: { ...end, reader: { ...end.reader, line: end.reader.line + before } },
  }));
}
