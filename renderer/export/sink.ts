import { AppFailure } from '../../shared/errors.ts';

/** Where an export goes: a file, or the clipboard. */
export interface Sink {
  /** Takes the next piece: text, or UTF-8. Resolves when another may come. */
  write(data: string | Uint8Array): Promise<void>;
  /** Forgets all that was written: the export begins anew. */
  rewind(): Promise<void>;
}

/** What the clipboard takes at most, in UTF-16 units: more makes other programs stand still when they paste. */
export const MOST_COPIED = 20_000_000;

/** Collects an export for the clipboard. */
export class TextSink implements Sink {
  #pieces: string[] = [];
  #size = 0;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  get text(): string {
    return this.#pieces.join('');
  }

  async write(data: string | Uint8Array): Promise<void> {
    const text = typeof data === 'string' ? data : this.#decoder.decode(data, { stream: true });
    this.#size += text.length;
    if (this.#size > MOST_COPIED) {
      throw new AppFailure({
        code: 'file-not-written',
        title: 'This is too much for the clipboard.',
        meaning: 'Nothing was copied; the clipboard is as it was.',
        action: 'Save it as a file, or choose a shorter period.',
      });
    }
    this.#pieces.push(text);
  }

  async rewind(): Promise<void> {
    this.#pieces = [];
    this.#size = 0;
  }
}
