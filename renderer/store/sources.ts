/**
 * Where each row came from. A source is a connection (all its syncs together) or one imported file; a row may have
 * come from several. A row stores the code of its set of sources, and a set is a word of a dictionary: the ids of
 * its sources, ascending, between spaces. What each of them says of the row is told by claims.ts.
 */
import type { SourceRef } from '../../shared/query.ts';
import type { Dictionary } from './dictionary.ts';

/** A connection, a file, or the sample. */
export interface SourceRecord {
  /** Never given twice, so sources are in the order in which they first came. */
  readonly id: number;
  /** `connection` and its id, or `origin` and its number: one source for each. */
  readonly key: string;
}

export const connectionKey = (connectionId: string): string => `connection ${connectionId}`;
export const originKey = (origin: number): string => `origin ${origin}`;

/** The connection that a source is; null for a file or the sample. */
export const connectionOf = ({ key }: SourceRecord): string | null =>
  key.startsWith('connection ') ? key.slice('connection '.length) : null;

/** Whether a source is one of those that a reference means. */
export function isMeant({ key }: SourceRecord, ref: SourceRef): boolean {
  if (ref === 'files') return key.startsWith('origin ');
  return key === ('origin' in ref ? originKey(ref.origin) : connectionKey(ref.connectionId));
}

/** The sources of a set, ascending, by its word. */
const membersOf = (word: string): number[] => word.split(' ').map(Number);

export class SourceSets {
  readonly #dictionary: Dictionary;
  readonly #members = new Map<number, readonly number[]>();

  constructor(dictionary: Dictionary) {
    this.#dictionary = dictionary;
  }

  /** How many sets there are; codes run from 0 (none) to this. */
  get size(): number {
    return this.#dictionary.size;
  }

  /** The sources of a set, ascending. */
  members(code: number): readonly number[] {
    let members = this.#members.get(code);
    if (!members) {
      const word = this.#dictionary.word(code);
      members = word === null ? [] : membersOf(word);
      this.#members.set(code, members);
    }
    return members;
  }

  /** The set that also has a source; the same code if it has it. */
  with(code: number, source: number): number {
    const members = this.members(code);
    return members.includes(source) ? code : this.#code([...members, source]);
  }

  /** The set without a source; 0 where nothing is left. */
  without(code: number, source: number): number {
    const members = this.members(code);
    return members.includes(source) ? this.#code(members.filter((member) => member !== source)) : code;
  }

  /** For each set whether any of these sources is in it. */
  mask(sources: ReadonlySet<number>): Uint8Array {
    return this.#dictionary.mask((word) => membersOf(word).some((member) => sources.has(member)));
  }

  #code(members: readonly number[]): number {
    if (members.length === 0) return 0;
    return this.#dictionary.add([...members].sort((a, b) => a - b).join(' '));
  }
}
