/** The bytes of a file in pieces, unpacked where it is packed. */
import { AppFailure } from '../../shared/errors.ts';

/** Bytes read at a time: some 16,000 rows. */
const PIECE_BYTES = 4 * 1024 * 1024;
/** Bytes read at a time in search of the end of a line. */
const LOOK_BYTES = 16 * 1024;

export interface BytePiece {
  readonly bytes: Uint8Array;
  /** Bytes of the file, as it lies on the disk, that are read with this piece. */
  readonly read: number;
  readonly last: boolean;
}

/** A file's name and its bytes. */
export interface NamedBlob {
  readonly name: string;
  readonly blob: Blob;
}

/** Whether a file is packed by gzip: its first bytes tell, whatever it is called. */
export async function isPacked(file: NamedBlob): Promise<boolean> {
  const start = await bytesOf(file, 0, 2);
  return start[0] === 0x1f && start[1] === 0x8b;
}

/**
 * Reads a file from its start, or from a byte on (of the unpacked file), to its end, or to a byte of one that is not
 * packed; there is always a piece.
 * @throws AppFailure `file-unreadable` when it is gone, was changed, or is a damaged archive
 */
export function piecesOf(
  file: NamedBlob,
  packed: boolean,
  from = 0,
  to = Number.POSITIVE_INFINITY,
): AsyncGenerator<BytePiece> {
  return packed ? unpackedPieces(file, from) : plainPieces(file, from, to);
}

async function* plainPieces(file: NamedBlob, from: number, to: number): AsyncGenerator<BytePiece> {
  const { size } = file.blob;
  const next = (at: number) => bytesOf(file, at, Math.min(at + PIECE_BYTES, to));
  let at = from;
  let coming = next(at);
  for (;;) {
    const bytes = await coming;
    at += bytes.length;
    const last = at >= size || bytes.length === 0;
    const isEnd = last || at >= to;
    // The disk reads while this piece is parsed.
    if (!isEnd) {
      coming = next(at);
      coming.catch(() => undefined);
    }
    yield { bytes, read: at, last };
    if (isEnd) return;
  }
}

/** How far to look for the end of a line: longer ones are none. */
const LONGEST_LINE = 1024 * 1024;
const LINE_FEED = 10;

/** Where the first line begins at or behind a byte of a file that is not packed; null where none is near. */
export async function lineStart(file: NamedBlob, from: number): Promise<number | null> {
  for (let at = from - 1; at < from + LONGEST_LINE; at += LOOK_BYTES) {
    const bytes = await bytesOf(file, at, at + LOOK_BYTES);
    const found = bytes.indexOf(LINE_FEED);
    if (found >= 0) return at + found + 1;
    if (bytes.length < LOOK_BYTES) return null;
  }
  return null;
}

async function* unpackedPieces(file: NamedBlob, from: number): AsyncGenerator<BytePiece> {
  let read = 0;
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      read += chunk.length;
      controller.enqueue(chunk);
    },
  });
  const unpacked = file.blob
    .stream()
    .pipeThrough(counted)
    .pipeThrough(new DecompressionStream('gzip') as unknown as ReadableWritablePair<Uint8Array, Uint8Array>);
  const reader = unpacked.getReader();
  let skip = from;
  let held: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((thrown: unknown) => {
        throw new AppFailure(damaged(file.name, thrown));
      });
      if (done) break;
      const chunk = skip > 0 ? value.subarray(skip) : value;
      skip = Math.max(0, skip - value.length);
      held.push(chunk);
      size += chunk.length;
      if (size >= PIECE_BYTES) {
        yield { bytes: joined(held, size), read, last: false };
        held = [];
        size = 0;
      }
    }
    yield { bytes: joined(held, size), read, last: true };
  } finally {
    // Whoever stops reading in the middle leaves nothing running.
    await reader.cancel().catch(() => undefined);
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

async function bytesOf({ name, blob }: NamedBlob, from: number, to: number): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.slice(from, to).arrayBuffer());
  } catch (thrown) {
    throw new AppFailure(unreadable(name, thrown));
  }
}

const unreadable = (name: string, thrown: unknown) =>
  ({
    code: 'file-unreadable',
    title: `“${name}” cannot be read.`,
    meaning: 'It was moved, changed or removed while it was read. Nothing is stored that is not counted.',
    action: 'Put the file back and import it again: nothing will be counted twice.',
    detail: String(thrown),
  }) as const;

const damaged = (name: string, thrown: unknown) =>
  ({
    code: 'file-unreadable',
    title: `“${name}” cannot be unpacked.`,
    meaning: 'The archive is cut off or damaged. Nothing is stored that is not counted.',
    action: 'Download or pack it again, or unpack it yourself and import the CSV.',
    detail: String(thrown),
  }) as const;
