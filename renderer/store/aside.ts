/** What is set aside because it cannot be read whole: what is known of it, and whether its rows have come again. */
import type { TimeRange } from '../../shared/query.ts';
import type { Database } from './database.ts';
import type { Snapshot } from './query/snapshot.ts';
import { readColumns } from './read.ts';
import { judge } from './records.ts';
import type { Aside, Segment, SegmentInfo, StoredKey } from './segment.ts';
import { connectionOf, type SourceRecord } from './sources.ts';
import { type IdVector, numberAt } from './vector.ts';

/**
 * Why a segment is set aside.
 * @param columns those that cannot be read
 * @param left the segments that are left
 */
export async function asideOf(
  info: SegmentInfo,
  columns: readonly StoredKey[],
  left: readonly Segment[],
  { sourceSets, load }: Pick<Snapshot, 'sourceSets' | 'load'>,
  database: Database,
): Promise<Aside> {
  const record = await recordOf(database, info, 'sources');
  const isGood = judge(info, 'sources', record, sourceSets.size) === 'good' && !columns.includes('sources');
  const vector = isGood ? record?.vector : undefined;
  const sets = vector?.kind === 'text' ? [...new Set(Array.from(vector.codes))] : null;
  const others = await countBetween(left, info, load);
  return {
    columns,
    sources: sets && [...new Set(sets.flatMap((code) => sourceSets.members(code)))],
    others,
  };
}

/** The connections whose rows may be in a segment that was set aside; null: any. */
export function connectionsOf(
  { aside }: SegmentInfo,
  sources: readonly SourceRecord[],
): ReadonlySet<string> | null {
  if (!aside?.sources) return null;
  const meant = sources.filter(({ id }) => aside.sources?.includes(id));
  return new Set(meant.flatMap((source) => connectionOf(source) ?? []));
}

/** What there is beside what is set aside. */
interface Rest {
  readonly database: Database;
  readonly segments: readonly Segment[];
  load(segments: readonly Segment[], keys: Iterable<StoredKey>): Promise<void>;
  /** For each of some ids the address of its generation, or −1. */
  addressesOf(ids: IdVector): Promise<Float64Array>;
}

/**
 * Whether what was set aside has come again: all its ids are stored, or, where its ids cannot be read, at least as
 * many generations of its span of time have come since as it had.
 */
export async function cameAgain(info: SegmentInfo, rest: Rest): Promise<boolean> {
  const stored = await countBetween(rest.segments, info, (some, keys) => rest.load(some, keys));
  if (stored < info.rows) return false;
  const record = await recordOf(rest.database, info, 'generation_id');
  if (judge(info, 'generation_id', record, undefined) !== 'good' || record?.vector.kind !== 'id')
    return stored >= info.rows + (info.aside?.others ?? 0);
  return (await rest.addressesOf(record.vector)).every((address) => address >= 0);
}

/** How many rows lie in a span of time, both ends inside; what cannot be read does not count. */
async function countBetween(
  segments: readonly Segment[],
  { from, to }: TimeRange,
  load: Snapshot['load'],
): Promise<number> {
  let count = 0;
  for (const segment of segments) {
    const { info } = segment;
    if (info.to < from || info.from > to) continue;
    if (info.from >= from && info.to <= to) count += info.rows;
    else {
      await load([segment], ['created_at']).catch(() => undefined);
      const times = segment.vectors.get('created_at');
      if (times?.kind !== 'number') continue;
      for (let row = 0; row < info.rows; row++) {
        const time = numberAt(times, row);
        if (time >= from && time <= to) count++;
      }
    }
  }
  return count;
}

/** A column's record, where it can be read. */
async function recordOf(database: Database, info: SegmentInfo, key: StoredKey) {
  const [read] = await readColumns(database, [{ segment: { info, vectors: new Map() }, key }]);
  return read?.record;
}
