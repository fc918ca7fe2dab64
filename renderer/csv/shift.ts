/** Whether the times of a file are a zone's and not UTC's: the times inside the ids tell. */
import type { EncodedBatch } from '../store/encode.ts';
import { numberAt } from '../store/vector.ts';
import { QUARTER, shiftOf } from './times.ts';

export interface ShiftFinding {
  /** What the times are ahead of UTC, ms, the most frequent first; two where the clocks were changed. */
  readonly shifts: readonly number[];
  /** Rows that agree, of those whose ids hold a time. */
  readonly agree: number;
  readonly of: number;
}

/** Most rows have to agree. */
const MOST = 0.9;
/** Clocks are changed by an hour; on Lord Howe Island by half of one. */
const CLOCK_CHANGE = 4 * QUARTER;

/** Counts how far times are ahead of the times in their ids. */
export class ShiftCounter {
  readonly #rows = new Map<number, number>();
  #of = 0;

  add({ rows, ids, columns, timeFromId }: EncodedBatch): void {
    const times = columns.created_at;
    if (times?.kind !== 'number') return;
    for (let row = 0; row < rows; row++) {
      if (timeFromId?.[row] === 1) continue;
      const seconds = idSeconds(ids.bytes, ids.offsets[row] as number, ids.offsets[row + 1] as number);
      if (seconds === 0) continue;
      this.#of++;
      const shift = shiftOf(numberAt(times, row), seconds * 1000);
      if (shift !== undefined) this.#rows.set(shift, (this.#rows.get(shift) ?? 0) + 1);
    }
  }

  /** What is found so far; null where the times are UTC's, or nothing speaks for a zone. */
  get finding(): ShiftFinding | null {
    const byRows = [...this.#rows].sort((a, b) => b[1] - a[1]);
    const [first, second] = byRows;
    if (!first) return null;
    const isClockChange = second !== undefined && Math.abs(second[0] - first[0]) <= CLOCK_CHANGE;
    const found = isClockChange ? [first, second] : [first];
    const agree = found.reduce((sum, [, rows]) => sum + rows, 0);
    const shifts = found.map(([shift]) => shift);
    if (agree < this.#of * MOST || shifts.every((shift) => shift === 0)) return null;
    // A few rows beside the rest are late answers, not a zone.
    if (first[0] === 0 && (second?.[1] ?? 0) < this.#of * (1 - MOST)) return null;
    return { shifts, agree, of: this.#of };
  }
}

const GEN = [103, 101, 110, 45];

/** The seconds in `gen-<unix seconds>-…`; 0 where an id has another form. */
function idSeconds(bytes: Uint8Array, start: number, end: number): number {
  for (let i = 0; i < 4; i++) if (bytes[start + i] !== GEN[i]) return 0;
  let seconds = 0;
  let at = start + 4;
  for (; at < end; at++) {
    const digit = (bytes[at] as number) - 48;
    if (digit < 0 || digit > 9) break;
    seconds = seconds * 10 + digit;
  }
  const digits = at - start - 4;
  return digits >= 9 && digits <= 11 && bytes[at] === 45 ? seconds : 0;
}
