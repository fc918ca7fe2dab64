/** Parts of the store that cannot be read, and how they are told. */
import { column, isColumnKey } from '../../shared/columns.ts';
import type { AppError } from '../../shared/errors.ts';
import { formatDay } from '../../shared/time.ts';
import type { CodedKey } from './database.ts';
import type { Dictionary } from './dictionary.ts';
import { readClaimKey, type SegmentInfo, type StoredKey } from './segment.ts';

/** Columns of a segment that cannot be read. */
export interface Damage {
  readonly segment: number;
  readonly columns: readonly StoredKey[];
  /** They may be whole: it was the reading that failed, perhaps only this once. */
  readonly unread?: boolean;
}

/**
 * What was asked cannot be answered from what is seen, but from what is stored now: columns were written anew
 * meanwhile, or cannot be read. Then their segments are to be set aside before it is asked again.
 */
export class ReadAgain extends Error {
  readonly damage: readonly Damage[];

  constructor(damage: readonly Damage[] = []) {
    super(damage.length === 0 ? 'the data changed meanwhile' : 'a part of the data cannot be read');
    this.name = 'ReadAgain';
    this.damage = damage;
  }
}

/** The dictionary that the codes of a column belong to; null for columns without codes. */
export function codedKeyOf(key: StoredKey): CodedKey | null {
  if (key === 'sources') return key;
  const of = readClaimKey(key)?.key ?? key;
  return isColumnKey(of) && column(of).kind === 'text' ? (of as CodedKey) : null;
}

/**
 * Finds what is missing without reading columns: records that are not there, and codes beyond their dictionary.
 * @param stored the keys of all records of columns
 */
export function findDamage(
  infos: readonly SegmentInfo[],
  stored: readonly (readonly [number, StoredKey])[],
  dictionary: (key: CodedKey) => Dictionary,
): Damage[] {
  const present = new Map<number, Set<StoredKey>>();
  for (const [segment, key] of stored) {
    const keys = present.get(segment) ?? new Set();
    present.set(segment, keys.add(key));
  }
  return infos.flatMap((info) => {
    const columns = info.columns.filter((key) => {
      const coded = codedKeyOf(key);
      const isBeyond = coded !== null && (info.codes?.[key] ?? 0) > dictionary(coded).size;
      return isBeyond || !present.get(info.id)?.has(key);
    });
    return columns.length === 0 ? [] : [{ segment: info.id, columns }];
  });
}

function nameOf(key: StoredKey): string {
  if (key === 'sources') return 'where they came from';
  const of = readClaimKey(key)?.key ?? key;
  return of === 'guessed' || !isColumnKey(of) ? 'Time' : column(of).label;
}

/** A segment that was set aside, for people. */
export function problemOf({ id, rows, from, to, aside }: SegmentInfo): AppError {
  const columns = aside?.columns ?? [];
  const names = [...new Set(columns.map(nameOf))].map((name) => `“${name}”`).join(', ');
  const span = Number.isFinite(from) && Number.isFinite(to);
  const days = span
    ? formatDay(from) === formatDay(to)
      ? ` of ${formatDay(from)}`
      : ` from ${formatDay(from)} to ${formatDay(to)}`
    : '';
  return {
    code: 'storage-broken',
    title: 'A part of the stored data cannot be read, and was set aside.',
    meaning: `${rows.toLocaleString('en-US')} generations${days} are in no figure: ${names || 'what describes them'} cannot be read of them. All other data are as they were.`,
    action: `${aside?.unread ? 'Start Whospent again: perhaps they can be read then. If not, sync' : 'Sync'} again, or import the files again that they came from: what comes again is stored anew, and nothing is counted twice. This note goes when all of them are back.`,
    detail: `segment ${id}: ${columns.join(', ')}`,
  };
}
