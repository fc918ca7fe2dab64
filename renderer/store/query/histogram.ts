/** Answers a `HistogramQuery`: looks for the span of the values first, then counts them between round edges. */
import { column } from '../../../shared/columns.ts';
import { floorNanos, fromLanes, type Money } from '../../../shared/money.ts';
import type { Coverage, HistogramAnswer, HistogramQuery, Quantity } from '../../../shared/query.ts';
import { UNKNOWN_CODE } from '../vector.ts';
import { linearEdges, logEdges } from './edges.ts';
import { GroupTable } from './group.ts';
import { isMoney, storedKeysOf } from './measure.ts';
import { Pace } from './pace.ts';
import { type Part, readAmounts, readNumbers, scratch } from './part.ts';
import { scan } from './scan.ts';
import type { Snapshot } from './snapshot.ts';

/** Parts of a millisecond that edges are multiples of; tokens and nano-dollars are whole. */
const PARTS_OF_MS = 1000;

/**
 * A value in whole units, rounded down: nano-dollars, tokens, thousandths of a millisecond. Edges are whole units, so
 * that tells its bin.
 */
type Units = number;

/** @throws what `pace` is stopped with */
export async function histogram(
  query: HistogramQuery,
  snapshot: Snapshot,
  pace = new Pace(),
): Promise<HistogramAnswer> {
  return query.per === 'request'
    ? ofRequests(query, snapshot, pace)
    : ofSums(query, query.per, snapshot, pace);
}

async function ofRequests(
  { filter, of, scale, bins }: HistogramQuery,
  snapshot: Snapshot,
  pace: Pace,
): Promise<HistogramAnswer> {
  const table = await GroupTable.build(
    { filter, by: [], aggregates: { least: { fn: 'min', of }, most: { fn: 'max', of } } },
    snapshot,
    pace,
  );
  const { least, most } = table.totals;
  const [min, max] = [least.value as number | Money | null, most.value as number | Money | null];
  const { coverage } = table;
  const unknown = coverage.rows - least.known;
  if (min === null || max === null) return { bins: [], known: 0, unknown, min: null, max: null, coverage };

  const reader = new UnitReader(of);
  let smallest = unitsOf(of, min);
  if (scale === 'log' && smallest < 1) {
    smallest = Number.POSITIVE_INFINITY;
    await scan(snapshot, filter, reader.columns, pace, (part) => {
      const units = reader.read(part);
      for (let i = 0; i < part.count; i++) {
        const value = units[i] as number;
        if (value >= 1 && value < smallest) smallest = value;
      }
    });
  }
  const counter = new BinCounter(of, scale, bins, min, max, smallest);
  await scan(snapshot, filter, reader.columns, pace, (part) => {
    const units = reader.read(part);
    for (let i = 0; i < part.count; i++) {
      const value = units[i] as number;
      if (!Number.isNaN(value)) counter.add(value);
    }
  });
  return { bins: counter.bins, known: least.known, unknown, min, max, coverage };
}

async function ofSums(
  { filter, of, scale, bins }: HistogramQuery,
  per: Exclude<HistogramQuery['per'], 'request'>,
  snapshot: Snapshot,
  pace: Pace,
): Promise<HistogramAnswer> {
  const table = await GroupTable.build(
    { filter, by: [per], aggregates: { sum: { fn: 'sum', of } } },
    snapshot,
    pace,
  );
  const { one } = table.reader('sum');
  const values: (number | Money)[] = [];
  let unknown = 0;
  for (let i = 0; i < table.slots.length; i++) {
    const slot = table.slots[i] as number;
    // Rows without a value of the column are nobody's.
    if (slot === UNKNOWN_CODE) continue;
    const { value } = one(slot);
    if (value === null) unknown++;
    else values.push(value as number | Money);
  }
  return histogramOf(of, values, unknown, scale, bins, table.coverage);
}

function histogramOf(
  of: Quantity,
  values: readonly (number | Money)[],
  unknown: number,
  scale: HistogramQuery['scale'],
  bins: number,
  coverage: Coverage,
): HistogramAnswer {
  const known = values.length;
  if (known === 0) return { bins: [], known, unknown, min: null, max: null, coverage };
  const pick = (better: (a: number | Money, b: number | Money) => boolean) =>
    values.reduce((best, value) => (better(value, best) ? value : best));
  const [min, max] = [pick((a, b) => a < b), pick((a, b) => a > b)];
  const units = values.map((value) => unitsOf(of, value));
  const from = scale === 'log' ? 1 : Number.NEGATIVE_INFINITY;
  const smallest = units.reduce((a, b) => (b >= from && b < a ? b : a), Number.POSITIVE_INFINITY);
  const counter = new BinCounter(of, scale, bins, min, max, smallest);
  for (const value of units) counter.add(value);
  return { bins: counter.bins, known, unknown, min, max, coverage };
}

const partsOf = (of: Quantity): number => (!isMoney(of) && column(of).kind === 'duration' ? PARTS_OF_MS : 1);

function unitsOf(of: Quantity, value: number | Money): Units {
  return typeof value === 'number' ? Math.floor(value * partsOf(of)) : floorNanos(value);
}

/** The values of requests in units. */
class UnitReader {
  readonly columns;
  readonly #of: Quantity;

  constructor(of: Quantity) {
    this.#of = of;
    this.columns = storedKeysOf(of);
  }

  /** NaN for unknown. */
  read(part: Part): Float64Array {
    const { numbers, moreNumbers, amounts } = scratch;
    if (isMoney(this.#of)) {
      readAmounts(part, this.#of, amounts);
      return amounts.nanos;
    }
    readNumbers(part, this.#of, numbers);
    const parts = partsOf(this.#of);
    for (let i = 0; i < part.count; i++) moreNumbers[i] = Math.floor((numbers[i] as number) * parts);
    return moreNumbers;
  }
}

/**
 * Counts values between edges. On a logarithmic scale what is less than a unit has a bin of its own: 0, what is below,
 * and what is too little to be told from it.
 */
class BinCounter {
  readonly #of: Quantity;
  /** In units. */
  readonly #edges: readonly number[];
  readonly #counts: Float64Array;
  /** Where the bin of its own begins, if there is one; it ends at the first edge. */
  readonly #floor: number | Money | null;
  #below = 0;

  /** @param smallest of the values on the scale, in units; infinite where there are none */
  constructor(
    of: Quantity,
    scale: HistogramQuery['scale'],
    bins: number,
    min: number | Money,
    max: number | Money,
    smallest: Units,
  ) {
    this.#of = of;
    const most = upperUnits(of, max);
    if (scale === 'linear') this.#edges = linearEdges(smallest, most, bins);
    else if (smallest === Number.POSITIVE_INFINITY) this.#edges = [max < 0 ? 0 : 1];
    else this.#edges = logEdges(smallest, most, bins);
    const hasFloor = scale === 'log' && unitsOf(of, min) < 1;
    this.#floor = !hasFloor ? null : min > 0 ? this.#valueOf(0) : min;
    this.#counts = new Float64Array(this.#edges.length - 1);
  }

  add(units: Units): void {
    if (this.#floor !== null && units < 1) {
      this.#below++;
      return;
    }
    const edges = this.#edges;
    let [low, high] = [0, edges.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (units >= (edges[middle] as number)) low = middle;
      else high = middle;
    }
    (this.#counts[low] as number)++;
  }

  get bins(): HistogramAnswer['bins'] {
    const values = this.#edges.map((edge) => this.#valueOf(edge));
    const [first] = values as [number | Money];
    const bins = Array.from(this.#counts, (count, i) => ({
      from: values[i] as number | Money,
      to: values[i + 1] as number | Money,
      count,
    }));
    return this.#floor === null ? bins : [{ from: this.#floor, to: first, count: this.#below }, ...bins];
  }

  #valueOf(units: Units): number | Money {
    return isMoney(this.#of) ? fromLanes(units, 0) : units / partsOf(this.#of);
  }
}

/** The least number of whole units that is not below a value. */
function upperUnits(of: Quantity, value: number | Money): Units {
  const units = unitsOf(of, value);
  const exact = typeof value === 'bigint' ? fromLanes(units, 0) === value : units / partsOf(of) === value;
  return exact ? units : units + 1;
}
