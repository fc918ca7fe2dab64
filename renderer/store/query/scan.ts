import type { Coverage, Filter } from '../../../shared/query.ts';
import type { Segment, StoredKey } from '../segment.ts';
import { compileFilter } from './filter.ts';
import type { Pace } from './pace.ts';
import { type Part, readNumbers, scratch } from './part.ts';
import type { Snapshot } from './snapshot.ts';

/** So many segments are read from disk in one go. */
const READ_AHEAD = 4;

/**
 * Goes through the rows of a filter, segment by segment.
 * @param columns what `visit` reads
 * @param visit works on a part at once: after it, its columns may leave memory. It gets the segment's position
 * among those that can hold rows of the filter
 * @returns what the rows cover, and those segments
 */
export async function scan(
  snapshot: Snapshot,
  filter: Filter,
  columns: Iterable<StoredKey>,
  pace: Pace,
  visit: (part: Part, position: number) => void,
): Promise<{ readonly coverage: Coverage; readonly segments: readonly Segment[] }> {
  const { segments, columns: filtered, select } = compileFilter(filter, snapshot);
  // The span of time of some rows of a segment has to be looked up.
  const times: readonly StoredKey[] = filter.length > 0 ? ['created_at'] : [];
  const all = [...new Set([...columns, ...filtered, ...times])];
  const met = new CoverageMeter(snapshot.version);
  const read = (from: number): Promise<void> => {
    const reading = snapshot.load(segments.slice(from, from + READ_AHEAD), all);
    // Told where it is waited for, if the query comes that far.
    reading.catch(() => undefined);
    return reading;
  };
  let coming = read(0);
  for (const [position, segment] of segments.entries()) {
    if (position % READ_AHEAD === 0) {
      await coming;
      // The disk reads while these are looked at.
      coming = read(position + READ_AHEAD);
    }
    const pause = pace.step();
    if (pause) await pause;
    await snapshot.load([segment], all);
    const part = select(segment);
    if (part.count === 0) continue;
    met.add(part);
    visit(part, position);
  }
  return { coverage: met.coverage, segments };
}

class CoverageMeter {
  readonly #version: number;
  #rows = 0;
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;

  constructor(version: number) {
    this.#version = version;
  }

  add(part: Part): void {
    this.#rows += part.count;
    const { info } = part.segment;
    const [from, to] = part.rows === null ? [info.from, info.to] : spanOf(part, scratch.numbers);
    this.#from = Math.min(this.#from, from);
    this.#to = Math.max(this.#to, to);
  }

  get coverage(): Coverage {
    const some = this.#rows > 0;
    return {
      rows: this.#rows,
      from: some ? this.#from : null,
      to: some ? this.#to : null,
      version: this.#version,
    };
  }
}

function spanOf(part: Part, times: Float64Array): [from: number, to: number] {
  readNumbers(part, 'created_at', times);
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < part.count; i++) {
    const time = times[i] as number;
    if (time < from) from = time;
    if (time > to) to = time;
  }
  return [from, to];
}
