/** Sorts rows by the bytes of their ids. */
import { rowOf, segmentOf } from '../id-index.ts';
import { compareIds, type IdVector } from '../vector.ts';
import { ascending, eachRun, type Order, sortByKeys } from './order.ts';
import type { Pace } from './pace.ts';

/** So few are sorted by comparing. */
const FEW = 24;
/** Bytes that make one key; a byte may also be missing, and 257⁶ is below 2⁵³. */
const CHUNK = 6;

/**
 * Sorts places by the ids of their rows, ascending.
 * @param ids by position of the segment
 * @param addresses by place
 * @returns nothing to wait for where they are few
 */
export function sortIds(
  order: Order,
  ids: readonly IdVector[],
  addresses: Uint32Array,
  pace: Pace,
): Promise<void> | undefined {
  if (order.length > FEW) return sortMany(order, ids, addresses, 0, pace);
  sortFew(order, (a, b) => {
    const [first, second] = [addresses[a] as number, addresses[b] as number];
    return compareIds(
      ids[segmentOf(first)] as IdVector,
      rowOf(first),
      ids[segmentOf(second)] as IdVector,
      rowOf(second),
    );
  });
  return undefined;
}

function sortFew(order: Order, compare: (a: number, b: number) => number): void {
  for (let i = 1; i < order.length; i++) {
    const place = order[i] as number;
    let at = i;
    for (; at > 0 && compare(order[at - 1] as number, place) > 0; at--) order[at] = order[at - 1] as number;
    order[at] = place;
  }
}

/** Sorts by a chunk of bytes, then each run of equal chunks by what follows. @param depth bytes that are known to be equal */
async function sortMany(
  order: Order,
  ids: readonly IdVector[],
  addresses: Uint32Array,
  depth: number,
  pace: Pace,
): Promise<void> {
  const from = commonPrefix(order, ids, addresses, depth);
  const before = order.slice();
  const keys = new Float64Array(before.length);
  for (let i = 0; i < before.length; i++) {
    const address = addresses[before[i] as number] as number;
    const { offsets, bytes } = ids[segmentOf(address)] as IdVector;
    const row = rowOf(address);
    const end = offsets[row + 1] as number;
    const start = (offsets[row] as number) + from;
    let key = 0;
    for (let at = start; at < start + CHUNK; at++)
      key = key * 257 + (at < end ? (bytes[at] as number) + 1 : 0);
    keys[i] = key;
  }
  const sorted = await sortByKeys(ascending(before.length), keys, false, pace);
  for (let i = 0; i < before.length; i++) order[i] = before[sorted[i] as number] as number;
  const runs: number[] = [];
  eachRun(
    sorted,
    (i) => keys[i] as number,
    (start, end) => {
      runs.push(start, end);
    },
  );
  for (let i = 0; i < runs.length; i += 2) {
    const run = order.subarray(runs[i], runs[i + 1]);
    const pause =
      run.length > FEW
        ? sortMany(run, ids, addresses, from + CHUNK, pace)
        : sortIds(run, ids, addresses, pace);
    if (pause) await pause;
  }
}

/** How many bytes all ids begin with alike, at least `depth`. */
function commonPrefix(order: Order, ids: readonly IdVector[], addresses: Uint32Array, depth: number): number {
  const at = (i: number) => {
    const address = addresses[order[i] as number] as number;
    const { offsets, bytes } = ids[segmentOf(address)] as IdVector;
    return bytes.subarray(offsets[rowOf(address)], offsets[rowOf(address) + 1]);
  };
  const first = at(0);
  let common = first.length;
  for (let i = 1; i < order.length && common > depth; i++) {
    const other = at(i);
    let length = depth;
    while (length < common && length < other.length && other[length] === first[length]) length++;
    common = length;
  }
  return common;
}
