import { column, type NumberKey, type TextKey } from '../../../shared/columns.ts';
import { divide, type Money, ratio } from '../../../shared/money.ts';
import type { Aggregate, AggregateValue, MoneyMeasure } from '../../../shared/query.ts';
import { UNKNOWN_CODE } from '../vector.ts';
import {
  type Accumulator,
  CountAccumulator,
  MoneyAccumulator,
  SpanAccumulator,
  SumAccumulator,
  ValuesAccumulator,
} from './accumulate.ts';
import type { Snapshot } from './snapshot.ts';

/** Reads an aggregate for some groups taken together. */
export type Reader = (slots: readonly number[]) => AggregateValue;

const isMoney = (measure: MoneyMeasure | NumberKey): measure is MoneyMeasure =>
  measure === 'spend' || column(measure).kind === 'money';

/** The accumulators of a query, each made once however many aggregates read it. */
export class Aggregates {
  readonly counts: CountAccumulator;
  readonly span: SpanAccumulator;
  readonly #snapshot: Snapshot;
  readonly #groups: number;
  readonly #by: TextKey | null;
  readonly #made = new Map<string, Accumulator>();
  #present: readonly number[] = [];

  /** @param by the text column that is grouped by, where slots are its codes */
  constructor(snapshot: Snapshot, groups: number, by: TextKey | null) {
    this.#snapshot = snapshot;
    this.#by = by;
    this.#groups = groups;
    this.counts = this.#once('count', () => new CountAccumulator(groups));
    this.span = this.#once('span', () => new SpanAccumulator(groups));
  }

  get accumulators(): readonly Accumulator[] {
    return [...this.#made.values()];
  }

  /** The groups that have rows, in the order of their slots; known once all rows were added. */
  finish(): readonly number[] {
    const present: number[] = [];
    for (let slot = 0; slot < this.#groups; slot++) if (this.counts.counts[slot] !== 0) present.push(slot);
    this.#present = present;
    return present;
  }

  /** How to read an aggregate after `finish`. */
  reader(aggregate: Aggregate): Reader {
    switch (aggregate.fn) {
      case 'count':
        return (slots) => {
          const value = total(this.counts.counts, slots);
          return { value, known: value };
        };
      case 'sum':
        return isMoney(aggregate.of) ? this.#moneySum(aggregate.of) : this.#numberSum(aggregate.of);
      case 'mean':
        return meanOf(isMoney(aggregate.of) ? this.#moneySum(aggregate.of) : this.#numberSum(aggregate.of));
      case 'share':
        return this.#share(this.#moneySum(aggregate.of));
      case 'min':
      case 'max':
        return this.#bound(aggregate.fn);
      case 'distinct': {
        if (aggregate.of === this.#by) return this.#ofKeys((keys) => keys.length);
        const values = this.#values(aggregate.of);
        return (slots) => {
          const known = total(values.known, slots);
          return { value: known === 0 ? null : values.distinct(slots), known };
        };
      }
      case 'values': {
        if (aggregate.of === this.#by) return this.#ofKeys((keys) => keys.sort());
        const values = this.#values(aggregate.of);
        return (slots) => {
          const known = total(values.known, slots);
          return { value: known === 0 ? null : values.values(slots), known };
        };
      }
    }
  }

  #once<T extends Accumulator>(name: string, make: () => T): T {
    let accumulator = this.#made.get(name);
    if (!accumulator) {
      accumulator = make();
      this.#made.set(name, accumulator);
    }
    return accumulator as T;
  }

  #moneySum(measure: MoneyMeasure): Reader {
    const money = this.#once(`money ${measure}`, () => new MoneyAccumulator(measure, this.#groups));
    return (slots) => {
      const known = total(money.known, slots);
      return { value: known === 0 ? null : slots.reduce((sum, slot) => sum + money.sum(slot), 0n), known };
    };
  }

  #numberSum(key: NumberKey): Reader {
    const number = this.#once(`sum ${key}`, () => new SumAccumulator(key, this.#groups));
    return (slots) => {
      const known = total(number.known, slots);
      return { value: known === 0 ? null : total(number.sums, slots), known };
    };
  }

  #values(key: TextKey): ValuesAccumulator {
    return this.#once(
      `values ${key}`,
      () => new ValuesAccumulator(key, this.#snapshot.dictionary(key), this.#groups),
    );
  }

  /** The values of the very column that is grouped by: a group is a value, and needs no set of them. */
  #ofKeys(read: (keys: string[]) => AggregateValue['value']): Reader {
    const dictionary = this.#by && this.#snapshot.dictionary(this.#by);
    return (slots) => {
      const known = slots.filter((slot) => slot !== UNKNOWN_CODE);
      const keys = known.map((slot) => dictionary?.word(slot) ?? '');
      return { value: known.length === 0 ? null : read(keys), known: total(this.counts.counts, known) };
    };
  }

  #share(sum: Reader): Reader {
    let whole: AggregateValue['value'] | undefined;
    return (slots) => {
      whole ??= sum(this.#present).value;
      const part = sum(slots);
      const known = typeof part.value === 'bigint' && typeof whole === 'bigint';
      return { value: known ? ratio(part.value as Money, whole as Money) : null, known: part.known };
    };
  }

  #bound(fn: 'min' | 'max'): Reader {
    const pick = fn === 'min' ? Math.min : Math.max;
    const bounds = fn === 'min' ? this.span.from : this.span.to;
    return (slots) => {
      const known = total(this.counts.counts, slots);
      const value = slots.reduce(
        (bound, slot) => pick(bound, bounds[slot] as number),
        bounds[slots[0] ?? 0] as number,
      );
      return { value: known === 0 ? null : value, known };
    };
  }
}

function meanOf(sum: Reader): Reader {
  return (slots) => {
    const { value, known } = sum(slots);
    if (typeof value === 'bigint') return { value: divide(value, known), known };
    return { value: typeof value === 'number' ? value / known : null, known };
  };
}

function total(values: Float64Array, slots: readonly number[]): number {
  let sum = 0;
  for (const slot of slots) sum += values[slot] as number;
  return sum;
}
