/** Makes a filter ready for one snapshot: which segments can hold rows of the answer, and which of theirs do. */
import type { FlagKey, NumberKey, TextKey } from '../../../shared/columns.ts';
import { floorNanos, type Money, YOCTOS_PER_NANO } from '../../../shared/money.ts';
import type { Condition, Filter, MoneyMeasure, TimeRange } from '../../../shared/query.ts';
import { encodeIds } from '../id-encoder.ts';
import { IdIndex } from '../id-index.ts';
import { type Segment, type StoredKey, vectorAs } from '../segment.ts';
import { isMeant } from '../sources.ts';
import type { IdVector } from '../vector.ts';
import { isFlag, isMoney, isText, moneyParts, type PlainKey, storedKeysOf } from './measure.ts';
import { type Part, placeOf, readAmounts, readCodes, readNumbers, scratch } from './part.ts';
import type { Snapshot } from './snapshot.ts';

/** A filter made ready. */
export interface CompiledFilter {
  /** Segments that can hold rows of the answer, judged by their span of time. */
  readonly segments: readonly Segment[];
  /** Columns that `select` reads. */
  readonly columns: ReadonlySet<StoredKey>;
  /** The rows that the filter lets through; they hold until the next call. */
  readonly select: (segment: Segment) => Part;
}

/** One condition: marks with 1 the rows of a part that it lets through, with 0 the others. */
interface Test {
  readonly columns: readonly StoredKey[];
  readonly mark: (part: Part, marks: Uint8Array) => void;
}

type TimeCondition = Extract<Condition, { on: 'created_at' }>;
const isTime = (condition: Condition): condition is TimeCondition => condition.on === 'created_at';

/** The time that a filter asks for; without an end where it names none. */
export function rangeOf(filter: Filter): TimeRange {
  let [from, to] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const condition of filter.filter(isTime)) {
    from = Math.max(from, condition.from ?? from);
    to = Math.min(to, condition.to ?? to);
  }
  return { from, to };
}

export function compileFilter(filter: Filter, snapshot: Snapshot): CompiledFilter {
  const { from, to } = rangeOf(filter);
  const bounded = from > Number.NEGATIVE_INFINITY || to < Number.POSITIVE_INFINITY;
  const time = timeTest(from, to);
  const tests = filter
    .filter((condition) => !isTime(condition))
    .map((condition) => testOf(condition as Exclude<Condition, TimeCondition>, snapshot));

  const { rows, marks } = scratch;
  return {
    segments: snapshot.segments.filter(({ info }) => info.rows > 0 && info.to >= from && info.from < to),
    columns: new Set([...(bounded ? time.columns : []), ...tests.flatMap((test) => test.columns)]),
    select: (segment) => {
      const inside = segment.info.from >= from && segment.info.to < to;
      let part: Part = { segment, count: segment.info.rows, rows: null, from: 0 };
      for (const test of inside ? tests : [time, ...tests]) {
        if (part.count === 0) break;
        test.mark(part, marks);
        part = marked(part, marks, rows);
      }
      return part;
    },
  };
}

/** The marked rows of a part. Theirs may be written over those they are taken from. */
function marked(part: Part, marks: Uint8Array, target: Uint16Array): Part {
  const { segment, rows, count, from } = part;
  let kept = 0;
  if (rows === null) {
    for (let i = 0; i < count; i++) {
      target[kept] = from + i;
      kept += marks[i] as number;
    }
    return kept === count ? part : { segment, count: kept, rows: target, from: 0 };
  }
  for (let i = 0; i < count; i++) {
    target[kept] = rows[i] as number;
    kept += marks[i] as number;
  }
  return { segment, count: kept, rows: target, from: 0 };
}

function testOf(condition: Exclude<Condition, TimeCondition>, snapshot: Snapshot): Test {
  if (condition.on === 'generation_id') return idTest(condition.in);
  if (condition.on === 'source') {
    const meant = condition.in.flatMap((ref) => snapshot.sources.filter((source) => isMeant(source, ref)));
    return codeTest('sources', snapshot.sourceSets.mask(new Set(meant.map(({ id }) => id))));
  }
  if (isText(condition.on)) return codeTest(condition.on, maskOf(condition as TextCondition, snapshot));
  if (isMoney(condition.on)) return moneyTest(condition as MoneyCondition);
  if (isFlag(condition.on)) {
    const flag = condition as FlagCondition;
    const wanted: readonly (boolean | null)[] = 'in' in flag ? flag.in : flag.known ? [true, false] : [null];
    const [no, yes, unknown] = [wanted.includes(false), wanted.includes(true), wanted.includes(null)];
    return numberTest(condition.on, (value) => (value === 1 ? yes : value === 0 ? no : unknown));
  }
  const number = condition as NumberCondition;
  if ('known' in number) {
    const { known } = number;
    return numberTest(number.on, (value) => Number.isNaN(value) !== known);
  }
  const { on, atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = number;
  return rangeTest(on, atLeast, atMost);
}

type Of<C extends Condition, K> = C extends Condition
  ? Omit<C, 'on'> & { readonly on: Extract<C['on'], K> }
  : never;
type KnownCondition = Extract<Condition, { known: boolean }>;
type TextCondition = Extract<Condition, { on: TextKey }> | Of<KnownCondition, TextKey>;
type FlagCondition = Extract<Condition, { on: FlagKey }> | Of<KnownCondition, FlagKey>;
type NumberCondition = Extract<Condition, { on: NumberKey }> | Of<KnownCondition, NumberKey>;
type MoneyCondition = Extract<Condition, { on: MoneyMeasure }> | Of<KnownCondition, MoneyMeasure>;

function maskOf(condition: TextCondition, snapshot: Snapshot): Uint8Array {
  const dictionary = snapshot.dictionary(condition.on);
  if ('contains' in condition) return dictionary.holding(condition.contains);
  const mask = new Uint8Array(dictionary.size + 1);
  if ('known' in condition) {
    mask.fill(condition.known ? 1 : 0);
    mask[0] = condition.known ? 0 : 1;
    return mask;
  }
  const [values, mark] = 'in' in condition ? [condition.in, 1] : [condition.notIn, 0];
  mask.fill(1 - mark);
  for (const value of values) {
    const code = value === null ? 0 : dictionary.code(value);
    // A word that came after the mask was laid out is in no row of this snapshot.
    if (code !== undefined && code < mask.length) mask[code] = mark;
  }
  return mask;
}

function codeTest(key: TextKey | 'sources', mask: Uint8Array): Test {
  const { codes } = scratch;
  return {
    columns: [key],
    mark: (part, marks) => {
      if (!readCodes(part, key, codes)) marks.fill(mask[0] as number, 0, part.count);
      else for (let i = 0; i < part.count; i++) marks[i] = mask[codes[i] as number] as number;
    },
  };
}

function timeTest(from: number, to: number): Test {
  const times = scratch.numbers;
  return {
    columns: ['created_at'],
    mark: (part, marks) => {
      readNumbers(part, 'created_at', times);
      for (let i = 0; i < part.count; i++) {
        const time = times[i] as number;
        marks[i] = time >= from && time < to ? 1 : 0;
      }
    },
  };
}

function rangeTest(key: PlainKey, least: number, most: number): Test {
  const { numbers } = scratch;
  return {
    columns: [key],
    mark: (part, marks) => {
      readNumbers(part, key, numbers);
      for (let i = 0; i < part.count; i++) {
        const value = numbers[i] as number;
        marks[i] = value >= least && value <= most ? 1 : 0;
      }
    },
  };
}

function numberTest(key: PlainKey, holds: (value: number) => boolean): Test {
  const { numbers } = scratch;
  return {
    columns: [key],
    mark: (part, marks) => {
      readNumbers(part, key, numbers);
      for (let i = 0; i < part.count; i++) marks[i] = holds(numbers[i] as number) ? 1 : 0;
    },
  };
}

function moneyTest(condition: MoneyCondition): Test {
  const { amounts } = scratch;
  const columns = moneyParts(condition.on);
  if ('known' in condition) {
    const { known } = condition;
    return {
      columns,
      mark: (part, marks) => {
        readAmounts(part, condition.on, amounts);
        const { nanos } = amounts;
        for (let i = 0; i < part.count; i++) marks[i] = Number.isNaN(nanos[i]) === known ? 0 : 1;
      },
    };
  }
  const least = boundOf(condition.atLeast, Number.NEGATIVE_INFINITY);
  const most = boundOf(condition.atMost, Number.POSITIVE_INFINITY);
  return {
    columns: storedKeysOf(condition.on),
    mark: (part, marks) => {
      readAmounts(part, condition.on, amounts);
      const { nanos, rest, hasRest } = amounts;
      for (let i = 0; i < part.count; i++) {
        const [value, beyond] = [nanos[i] as number, hasRest ? (rest[i] as number) : 0];
        const above = value > least.nanos || (value === least.nanos && beyond >= least.rest);
        marks[i] = above && (value < most.nanos || (value === most.nanos && beyond <= most.rest)) ? 1 : 0;
      }
    },
  };
}

/** An amount as `Amounts` has it. */
function boundOf(amount: Money | undefined, open: number): { nanos: number; rest: number } {
  if (amount === undefined) return { nanos: open, rest: 0 };
  const nanos = floorNanos(amount);
  return { nanos, rest: Number(amount - BigInt(nanos) * BigInt(YOCTOS_PER_NANO)) };
}

/** A list of ids, found in a segment without making texts of all of its own. */
function idTest(ids: readonly string[]): Test {
  const wanted: IdVector = encodeIds(ids);
  const index = new IdIndex(wanted);
  for (let place = 0; place < ids.length; place++) if (index.find(wanted, place) < 0) index.add(place);
  return {
    columns: ['generation_id'],
    mark: (part, marks) => {
      const stored = vectorAs(part.segment, 'generation_id', 'id');
      for (let i = 0; i < part.count; i++)
        marks[i] = stored && index.find(stored, placeOf(part, i)) >= 0 ? 1 : 0;
    },
  };
}
