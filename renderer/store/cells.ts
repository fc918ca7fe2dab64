/** A column in wide arrays, to be compared and changed cell by cell. */
import { YOCTOS_PER_NANO } from '../../shared/money.ts';
import { type Draft, UNKNOWN_CODE, UNKNOWN_FLAG } from './vector.ts';

type Wide = Float64Array | Uint32Array | Uint8Array;

/** In the lane of a time: the one inside the id stands in for it. */
const GUESSED = 1;

export class Cells {
  readonly draft: Draft;
  readonly #values: Wide;
  /** What belongs to the value: of money the rest, of a time whether it is a guess. */
  readonly #lane: Float64Array | Uint8Array | null;
  readonly #unknown: number;

  /** @param guesses for times: `GUESSED` or unknown, for each row */
  constructor(draft: Draft, guesses: Uint8Array | null = null) {
    this.draft = draft;
    this.#lane = guesses;
    this.#unknown = Number.NaN;
    switch (draft.kind) {
      case 'number':
        this.#values = draft.values;
        break;
      case 'money':
        this.#values = draft.nanos;
        this.#lane = draft.rest;
        break;
      case 'text':
        this.#values = draft.codes;
        this.#unknown = UNKNOWN_CODE;
        break;
      case 'flag':
        this.#values = draft.values;
        this.#unknown = UNKNOWN_FLAG;
    }
  }

  isKnown(at: number): boolean {
    const value = this.#values[at] as number;
    return value !== this.#unknown && !Number.isNaN(value);
  }

  /** Whether two cells of a column show the same. */
  showsSame(at: number, other: Cells, otherAt: number): boolean {
    const [value, theirs] = [this.#values[at] as number, other.#values[otherAt] as number];
    if (value !== theirs) return Number.isNaN(value) && Number.isNaN(theirs);
    return this.draft.kind !== 'money' || this.#laneAt(at) === other.#laneAt(otherAt);
  }

  /** Whether they are the same, also in what is not shown of them. */
  isSame(at: number, other: Cells, otherAt: number): boolean {
    return this.showsSame(at, other, otherAt) && this.#laneAt(at) === other.#laneAt(otherAt);
  }

  set(at: number, other: Cells, otherAt: number): void {
    this.#values[at] = other.#values[otherAt] as number;
    if (this.#lane) this.#lane[at] = other.#laneAt(otherAt);
  }

  clear(at: number): void {
    this.#values[at] = this.#unknown;
    if (this.#lane) this.#lane[at] = this.draft.kind === 'money' ? 0 : UNKNOWN_FLAG;
  }

  /** Copies a run of rows. */
  setRun(at: number, other: Cells, from: number, to: number): void {
    this.#values.set(other.#values.subarray(from, to), at);
    if (this.#lane && other.#lane) this.#lane.set(other.#lane.subarray(from, to), at);
  }

  /**
   * Whether another cell says something that this one does not: a value where there is none, or another value. An
   * unknown value never takes a known one away. Where two give one figure in different precision (CSV costs have
   * six decimals, the API's more), the finer one holds, whichever came first; and a guessed time takes no place.
   */
  yieldsTo(at: number, other: Cells, otherAt: number): boolean {
    if (!other.isKnown(otherAt)) return false;
    if (!this.isKnown(at)) return true;
    const [known, value] = [this.#values[at] as number, other.#values[otherAt] as number];
    switch (this.draft.kind) {
      case 'money': {
        const [knownRest, rest] = [this.#laneAt(at), other.#laneAt(otherAt)];
        if (value === known && rest === knownRest) return false;
        const near = Math.abs(value - known + (rest - knownRest) / YOCTOS_PER_NANO) < NANOS_PER_MICRO;
        return !(near && isMicros(value, rest) && !isMicros(known, knownRest));
      }
      case 'number': {
        if (value === known) return false;
        if (!other.#lane) return !isCoarser(value, known, 1);
        const isGuess = other.#lane[otherAt] === GUESSED;
        return !isGuess && Math.abs(value - known) > 1 && !isCoarser(value, known, 1000);
      }
      default:
        return value !== known;
    }
  }

  /** The guesses of times. */
  get guesses(): Uint8Array | null {
    return this.#lane instanceof Uint8Array ? this.#lane : null;
  }

  #laneAt(at: number): number {
    return this.#lane ? (this.#lane[at] as number) : 0;
  }
}

const NANOS_PER_MICRO = 1000;

/** Whether an amount has no more than the six decimals of the CSV. */
const isMicros = (nanos: number, rest: number): boolean => rest === 0 && nanos % NANOS_PER_MICRO === 0;

/** Whether `value` is `known` in fewer digits: a multiple of the unit within one unit of a value that is none. */
function isCoarser(value: number, known: number, unit: number): boolean {
  return value % unit === 0 && known % unit !== 0 && Math.abs(value - known) < unit;
}
