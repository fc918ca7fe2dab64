/** Finds out which generations of a batch are stored, and where. */
import type { AddressIndex } from './address-index.ts';
import { type Hashes, hashIds, isSameId } from './hashes.ts';
import { rowOf, segmentOf } from './id-index.ts';
import type { IdVector } from './vector.ts';

/** Which rows of a batch are known and where, which are new, and which have the id of an earlier row of it. */
export interface IngestPlan {
  /** Rows that are stored, in the order of their addresses. */
  readonly matched: Uint32Array;
  readonly addresses: Uint32Array;
  /** Ascending. */
  readonly fresh: Uint32Array;
  /** Ascending. */
  readonly again: Uint32Array;
  readonly hashes: Hashes;
}

const FRESH = 0;
const MATCHED = 1;
const AGAIN = 2;

/** More than the rows of a batch. */
const ROWS = 2 ** 17;

/** Where the rows of a batch may stand, by the hashes of their ids. */
export interface Candidates {
  readonly hashes: Hashes;
  /** Address × `ROWS` + row, ascending: segment by segment, each address with its rows in order. */
  readonly places: Float64Array;
  /** Positions of the segments they lie in, ascending: the ids of these are needed to be sure. */
  readonly positions: readonly number[];
}

/** The first step: looks the ids up by their hashes. */
export function findCandidates(
  ids: IdVector,
  index: AddressIndex,
  hash: (ids: IdVector) => Hashes = hashIds,
): Candidates {
  const hashes = hash(ids);
  const found: number[] = [];
  index.find(hashes, (row, address) => found.push(address * ROWS + row));
  const places = Float64Array.from(found).sort();
  const positions: number[] = [];
  for (const place of places) {
    const position = segmentOf(Math.floor(place / ROWS));
    if (position !== positions.at(-1)) positions.push(position);
  }
  return { hashes, places, positions };
}

/** The rows that may stand in one of the first segments, and the others: parts of a batch that touches very many. */
export function splitByPlace(
  { places, positions }: Candidates,
  rows: number,
  most: number,
): [number[], number[]] {
  const end = positions[most] ?? Number.POSITIVE_INFINITY;
  const isNear = new Uint8Array(rows);
  for (const place of places) if (segmentOf(Math.floor(place / ROWS)) < end) isNear[place % ROWS] = 1;
  const all = Array.from({ length: rows }, (_, row) => row);
  return [all.filter((row) => isNear[row] === 1), all.filter((row) => isNear[row] === 0)];
}

/**
 * The second step: compares ids byte for byte, and sorts the batch out. Of at most `SEGMENT_ROWS` rows.
 * @param idsOf the ids of the segment at one of the candidates' positions
 */
export function planIngest(
  ids: IdVector,
  { hashes, places }: Candidates,
  idsOf: (position: number) => IdVector,
): IngestPlan {
  const states = new Uint8Array(ids.offsets.length - 1);
  const matched: number[] = [];
  const addresses: number[] = [];
  for (const place of places) {
    const address = Math.floor(place / ROWS);
    const row = place % ROWS;
    if (states[row] !== FRESH || !isSameId(idsOf(segmentOf(address)), rowOf(address), ids, row)) continue;
    if (address === addresses.at(-1)) states[row] = AGAIN;
    else {
      states[row] = MATCHED;
      matched.push(row);
      addresses.push(address);
    }
  }
  markRepeated(ids, hashes, states);
  return {
    matched: Uint32Array.from(matched),
    addresses: Uint32Array.from(addresses),
    fresh: rowsThatAre(FRESH, states),
    again: rowsThatAre(AGAIN, states),
    hashes,
  };
}

/** For each row the address where it is stored, or −1. */
export function findAddresses(
  ids: IdVector,
  { places }: Candidates,
  idsOf: (position: number) => IdVector,
): Float64Array {
  const addresses = new Float64Array(ids.offsets.length - 1).fill(-1);
  for (const place of places) {
    const address = Math.floor(place / ROWS);
    const row = place % ROWS;
    if (isSameId(idsOf(segmentOf(address)), rowOf(address), ids, row)) addresses[row] = address;
  }
  return addresses;
}

/** Marks the rows that are new but for an earlier row with their id. */
function markRepeated(ids: IdVector, { low, high }: Hashes, states: Uint8Array): void {
  let capacity = 16;
  while (capacity < states.length * 2) capacity *= 2;
  const slots = new Int32Array(capacity).fill(-1);
  for (let row = 0; row < states.length; row++) {
    if (states[row] !== FRESH) continue;
    let at = (low[row] as number) & (capacity - 1);
    for (; slots[at] !== -1; at = (at + 1) & (capacity - 1)) {
      const other = slots[at] as number;
      if (low[other] !== low[row] || high[other] !== high[row] || !isSameId(ids, other, ids, row)) continue;
      states[row] = AGAIN;
      break;
    }
    if (states[row] === FRESH) slots[at] = row;
  }
}

function rowsThatAre(state: number, states: Uint8Array): Uint32Array {
  const rows = new Uint32Array(states.length);
  let count = 0;
  for (let row = 0; row < states.length; row++) if (states[row] === state) rows[count++] = row;
  return rows.slice(0, count);
}
