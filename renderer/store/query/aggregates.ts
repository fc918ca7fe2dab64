/** Which figures a query needs, and how they are read from what was accumulated. */
import type { TextKey } from '../../../shared/columns.ts';
import { DECIMALS, divide, type Money, ratio } from '../../../shared/money.ts';
import type { Aggregate, AggregateValue, KeyColumn, Measure } from '../../../shared/query.ts';
import { UNKNOWN_CODE } from '../vector.ts';
import {
  type Accumulator,
  BoundsAccumulator,
  CountAccumulator,
  MissingAccumulator,
  MoneyAccumulator,
  SumAccumulator,
  ValuesAccumulator,
} from './accumulate.ts';
import { isMoney } from './measure.ts';
import type { Pace } from './pace.ts';
import { QuantileAccumulator } from './quantile.ts';
import type { Snapshot } from './snapshot.ts';

/** Some groups, by their slots. */
export type Groups = ArrayLike<number>;

/** Reads an aggregate once all rows were added. */
export interface Reader {
  /** Of one group. */
  readonly one: (slot: number) => AggregateValue;
  /** Of some groups taken together. */
  readonly all: (slots: Groups, pace: Pace) => AggregateValue | Promise<AggregateValue>;
  /** A number by which a group sorts, NaN where it is unknown. */
  readonly key: (slot: number) => number;
  /** Whether groups of one key may differ, so that their values have to be compared. */
  readonly rough: () => boolean;
}

/** Of each group the rows that do not know something. */
interface Missing {
  readonly missing: Uint32Array;
}

/** Sums that other figures are made of. */
interface Sum {
  readonly known: (slots: Groups) => number;
  readonly value: (slots: Groups) => number | Money;
  readonly key: (slot: number) => number;
  readonly rough: () => boolean;
}

const UNKNOWN: AggregateValue = { value: null, known: 0 };
const DOLLAR = 10 ** DECIMALS;

/** The accumulators of a query, each made once however many aggregates read it. */
export class Aggregates {
  readonly counts: CountAccumulator;
  readonly #snapshot: Snapshot;
  readonly #by: TextKey | null;
  readonly #made = new Map<string, Accumulator>();
  #present: Groups = [];

  /** @param by the text column that is grouped by, where slots are its codes */
  constructor(snapshot: Snapshot, by: TextKey | null) {
    this.#snapshot = snapshot;
    this.#by = by;
    this.counts = this.#once('count', () => new CountAccumulator());
  }

  get accumulators(): readonly Accumulator[] {
    return [...this.#made.values()];
  }

  /** To be called when all rows were added. @returns the groups that have rows, in the order of their slots */
  async finish(groups: number, pace: Pace): Promise<Uint32Array<ArrayBuffer>> {
    for (const accumulator of this.accumulators) {
      accumulator.resize(groups);
      if (accumulator instanceof QuantileAccumulator) await accumulator.finish(pace);
    }
    const { counts } = this.counts;
    const present = new Uint32Array(groups);
    let count = 0;
    for (let slot = 0; slot < groups; slot++) if (counts[slot] !== 0) present[count++] = slot;
    this.#present = present.slice(0, count);
    return present.slice(0, count);
  }

  /** How to read an aggregate after `finish`. */
  reader(aggregate: Aggregate): Reader {
    switch (aggregate.fn) {
      case 'count':
        return reader(
          (slots) => {
            const value = total(this.counts.counts, slots);
            return { value, known: value };
          },
          (slot) => this.counts.counts[slot] as number,
        );
      case 'known':
        return this.#known(aggregate.of);
      case 'sum':
        return this.#sumReader(aggregate.of);
      case 'mean':
        return this.#mean(aggregate.of);
      case 'share':
        return this.#share(aggregate.of);
      case 'rate':
        return this.#rate(aggregate.of, aggregate.per, aggregate.times ?? 1);
      case 'min':
      case 'max': {
        const { fn, of } = aggregate;
        const bounds = this.#once(`bounds ${of}`, () => new BoundsAccumulator(of));
        return reader(
          knowing(
            (slots) => this.#knownOf(bounds, slots),
            (slots) => bounds.bound(slots, fn),
          ),
          undefined,
          () => isMoney(of),
        );
      }
      case 'quantile':
        return this.#quantile(aggregate);
      case 'distinct': {
        if (aggregate.of === this.#by) return this.#ofKeys((keys) => keys.length);
        return this.#ofValues(aggregate.of, (values, slots) => values.distinct(slots));
      }
      case 'values': {
        if (aggregate.of === this.#by) {
          const dictionary = this.#snapshot.dictionary(aggregate.of);
          return this.#ofKeys((keys) => keys.map((code) => dictionary.word(code) as string).sort());
        }
        return this.#ofValues(aggregate.of, (values, slots) => values.values(slots));
      }
    }
  }

  /** How many rows of some groups know what was accumulated. */
  #knownOf({ missing }: Missing, slots: Groups): number {
    return total(this.counts.counts, slots) - total(missing, slots);
  }

  #isUnknown({ missing }: Missing, slot: number): boolean {
    return missing[slot] === this.counts.counts[slot];
  }

  #once<T extends Accumulator>(name: string, make: () => T): T {
    let accumulator = this.#made.get(name);
    if (!accumulator) {
      accumulator = make();
      this.#made.set(name, accumulator);
    }
    return accumulator as T;
  }

  /** @param where only over rows that know this too */
  #sum(of: Measure, where: Measure | null = null): Sum {
    const name = `sum ${of} where ${where}`;
    if (isMoney(of)) {
      const money = this.#once(name, () => new MoneyAccumulator(of, where));
      return {
        known: (slots) => this.#knownOf(money, slots),
        value: (slots) => money.total(slots),
        key: (slot) => (this.#isUnknown(money, slot) ? Number.NaN : money.approximate(slot)),
        rough: () => !money.isWhole,
      };
    }
    const number = this.#once(name, () => new SumAccumulator(of, where));
    return {
      known: (slots) => this.#knownOf(number, slots),
      value: (slots) => total(number.sums, slots),
      key: (slot) => (this.#isUnknown(number, slot) ? Number.NaN : (number.sums[slot] as number)),
      rough: () => false,
    };
  }

  #sumReader(of: Measure): Reader {
    const sum = this.#sum(of);
    return reader(knowing(sum.known, sum.value), sum.key, sum.rough);
  }

  #mean(of: Measure): Reader {
    const sum = this.#sum(of);
    return reader(
      knowing(sum.known, (slots, known) => {
        const value = sum.value(slots);
        return typeof value === 'bigint' ? divide(value, known) : value / known;
      }),
      undefined,
      () => isMoney(of),
    );
  }

  #share(of: Measure): Reader {
    const sum = this.#sum(of);
    let whole: number | Money | undefined;
    return reader(
      knowing(sum.known, (slots) => {
        whole ??= sum.value(this.#present);
        return fraction(sum.value(slots), whole);
      }),
    );
  }

  #rate(of: Measure, per: Measure, times: number): Reader {
    const [above, below] = [this.#sum(of, per), this.#sum(per, of)];
    return reader(
      knowing(above.known, (slots) => {
        const value = fraction(above.value(slots), below.value(slots));
        return value === null ? null : value * times;
      }),
    );
  }

  #quantile({ of, percent }: Extract<Aggregate, { fn: 'quantile' }>): Reader {
    const values = this.#once(`quantile ${of}`, () => new QuantileAccumulator(of));
    const one = (slot: number): AggregateValue => {
      const known = values.known[slot] as number;
      return known === 0 ? UNKNOWN : { value: values.ofGroup(slot, percent), known };
    };
    return {
      one,
      all: async (slots, pace) => {
        const known = total(values.known, slots);
        return known === 0 ? UNKNOWN : { value: await values.ofAll(slots, percent, pace), known };
      },
      key: (slot) => keyOf(one(slot).value),
      rough: () => isMoney(of),
    };
  }

  #known(of: KeyColumn): Reader {
    const counted = this.#once(`missing ${of}`, () => new MissingAccumulator(of));
    return reader((slots) => ({
      value: this.#knownOf(counted, slots),
      known: total(this.counts.counts, slots),
    }));
  }

  #ofValues(
    key: TextKey,
    read: (values: ValuesAccumulator, slots: Groups) => AggregateValue['value'],
  ): Reader {
    const values = this.#once(
      `values ${key}`,
      () => new ValuesAccumulator(key, this.#snapshot.dictionary(key)),
    );
    return reader(
      knowing(
        (slots) => this.#knownOf(values, slots),
        (slots) => read(values, slots),
      ),
    );
  }

  /** The values of the very column that is grouped by: a group is a value, and needs no set of them. */
  #ofKeys(read: (codes: number[]) => AggregateValue['value']): Reader {
    return reader((slots) => {
      const codes: number[] = [];
      for (let i = 0; i < slots.length; i++) if (slots[i] !== UNKNOWN_CODE) codes.push(slots[i] as number);
      return codes.length === 0 ? UNKNOWN : { value: read(codes), known: total(this.counts.counts, codes) };
    });
  }
}

/** Reads a value, unknown where it would rest on no row. */
const knowing =
  (
    count: (slots: Groups) => number,
    value: (slots: Groups, known: number) => AggregateValue['value'],
  ): ((slots: Groups) => AggregateValue) =>
  (slots) => {
    const known = count(slots);
    return known === 0 ? UNKNOWN : { value: value(slots, known), known };
  };

/** @param key by default made from the value */
function reader(
  all: (slots: Groups) => AggregateValue,
  key?: (slot: number) => number,
  rough: () => boolean = () => false,
): Reader {
  const one = (slot: number) => all([slot]);
  return { one, all, key: key ?? ((slot) => keyOf(one(slot).value)), rough };
}

/** Lists order by their length. */
function keyOf(value: AggregateValue['value']): number {
  if (value === null) return Number.NaN;
  return typeof value === 'object' ? value.length : Number(value);
}

/** One sum ÷ another; money without money beside it is in dollars. null when the other is 0. */
function fraction(part: number | Money, whole: number | Money): number | null {
  if (typeof part === 'bigint' && typeof whole === 'bigint') return ratio(part, whole);
  const below = typeof whole === 'bigint' ? Number(whole) / DOLLAR : whole;
  return below === 0 ? null : (typeof part === 'bigint' ? Number(part) / DOLLAR : part) / below;
}

function total(values: Float64Array | Uint32Array, slots: Groups): number {
  let sum = 0;
  for (let i = 0; i < slots.length; i++) sum += values[slots[i] as number] as number;
  return sum;
}
