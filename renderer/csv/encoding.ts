/** Bytes of a file → text, in pieces that may be cut anywhere. */

export const ENCODINGS = ['utf-8', 'windows-1252', 'utf-16le', 'utf-16be'] as const;
export type Encoding = (typeof ENCODINGS)[number];

export interface DecodedPiece {
  readonly text: string;
  /** Some bytes are no characters of the encoding; U+FFFD stands for them. */
  readonly garbled: boolean;
}

/** How much of a file tells its encoding. */
const SAMPLE = 4096;

/** The encoding that a file's first bytes speak for: a byte order mark, or the zero bytes of UTF-16; else UTF-8. */
export function guessEncoding(start: Uint8Array): Encoding {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  const zeros: [even: number, odd: number] = [0, 0];
  const pairs = Math.min(start.length, SAMPLE) >> 1;
  for (let i = 0; i < pairs * 2; i++) if (start[i] === 0) zeros[i & 1 ? 1 : 0]++;
  // Headers and figures are ASCII, whatever the users are called.
  const most = pairs * 0.4;
  if (pairs > 8 && zeros[1] > most && zeros[0] < pairs * 0.05) return 'utf-16le';
  if (pairs > 8 && zeros[0] > most && zeros[1] < pairs * 0.05) return 'utf-16be';
  return 'utf-8';
}

/** Whether a file begins with a byte order mark. */
export function hasMark(start: Uint8Array): boolean {
  const [a, b, c] = start;
  return (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || (a === 0xef && b === 0xbb && c === 0xbf);
}

const NONE = new Uint8Array(0);

/** Decodes pieces of one file. What is cut at the end of one is kept for the next. */
export class Decoder {
  readonly #encoding: Encoding;
  readonly #strict: TextDecoder;
  readonly #lenient: TextDecoder;
  #carry: Uint8Array;

  constructor(encoding: Encoding, carry: Uint8Array = NONE) {
    this.#encoding = encoding;
    // A mark in the middle of the file is a character; the one at its beginning is taken off by the reader.
    this.#strict = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
    this.#lenient = new TextDecoder(encoding, { ignoreBOM: true });
    this.#carry = carry;
  }

  /** Bytes of a character that was cut: where a later reading goes on, they come first. */
  get carry(): Uint8Array {
    return this.#carry;
  }

  decode(piece: Uint8Array, last: boolean): DecodedPiece {
    const bytes = this.#carry.length === 0 ? piece : join(this.#carry, piece);
    const end = last ? bytes.length : wholeCharacters(bytes, this.#encoding);
    this.#carry = bytes.slice(end);
    const whole = bytes.subarray(0, end);
    try {
      return { text: this.#strict.decode(whole), garbled: false };
    } catch {
      return { text: this.#lenient.decode(whole), garbled: true };
    }
  }
}

/** How many of the bytes are whole characters. */
function wholeCharacters(bytes: Uint8Array, encoding: Encoding): number {
  const { length } = bytes;
  switch (encoding) {
    case 'windows-1252':
      return length;
    case 'utf-8': {
      for (let back = 1; back <= Math.min(3, length); back++) {
        const byte = bytes[length - back] as number;
        if (byte < 0x80) return length;
        if (byte >= 0xc0) {
          const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
          return needed > back ? length - back : length;
        }
      }
      return length;
    }
    default: {
      const even = length & ~1;
      if (even === 0) return 0;
      const high = bytes[encoding === 'utf-16le' ? even - 1 : even - 2] as number;
      return high >= 0xd8 && high < 0xdc ? even - 2 : even;
    }
  }
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
