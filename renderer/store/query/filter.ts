import type { TextKey } from '../../../shared/columns.ts';
import type { Condition, Filter } from '../../../shared/query.ts';
import { encodeIds } from '../encode.ts';
import { IdIndex } from '../id-index.ts';
import { type Segment, type StoredKey, vectorAs } from '../segment.ts';
import { isMeant } from '../sources.ts';
import type { IdVector } from '../vector.ts';
import type { Snapshot } from './snapshot.ts';

/** A filter made ready for one snapshot. */
export interface CompiledFilter {
  /** Segments that can hold rows of the answer, judged by their span of time. */
  readonly segments: readonly Segment[];
  /** Columns that `select` reads. */
  readonly columns: ReadonlySet<StoredKey>;
  /** 1 for each row that the filter lets through; null when it lets all of them through. */
  readonly select: (segment: Segment) => Uint8Array | null;
}

/** Columns of codes. */
type MaskedKey = TextKey | 'sources';
type TimeCondition = Extract<Condition, { on: 'created_at' }>;
type IdCondition = Extract<Condition, { on: 'generation_id' }>;
type MaskCondition = Exclude<Condition, TimeCondition | IdCondition>;
const isTime = (condition: Condition): condition is TimeCondition => condition.on === 'created_at';

/** Makes a filter ready: one span of time, and for each text condition a mask over the column's dictionary. */
export function compileFilter(filter: Filter, snapshot: Snapshot): CompiledFilter {
  let [from, to] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const wanted: WantedIds[] = [];
  const masks: { key: MaskedKey; mask: Uint8Array }[] = [];
  for (const condition of filter) {
    if (isTime(condition)) {
      from = Math.max(from, condition.from ?? from);
      to = Math.min(to, condition.to ?? to);
    } else if (condition.on === 'generation_id') wanted.push(new WantedIds(condition.in));
    else
      masks.push({
        key: condition.on === 'source' ? 'sources' : condition.on,
        mask: maskOf(condition, snapshot),
      });
  }

  const columns = new Set<StoredKey>(masks.map(({ key }) => key));
  const bounded = from > Number.NEGATIVE_INFINITY || to < Number.POSITIVE_INFINITY;
  if (bounded) columns.add('created_at');
  if (wanted.length > 0) columns.add('generation_id');
  return {
    segments: snapshot.segments.filter(({ info }) => info.rows > 0 && info.to >= from && info.from < to),
    columns,
    select: (segment) => {
      const inside = segment.info.from >= from && segment.info.to < to;
      if (inside && masks.length === 0 && wanted.length === 0) return null;
      const selected = new Uint8Array(segment.info.rows).fill(1);
      if (!inside) selectTime(selected, segment, from, to);
      for (const { key, mask } of masks) selectText(selected, segment, key, mask);
      for (const ids of wanted) ids.select(selected, segment);
      return selected;
    },
  };
}

function maskOf(condition: MaskCondition, snapshot: Snapshot): Uint8Array {
  if (condition.on === 'source') {
    const meant = condition.in.flatMap((ref) => snapshot.sources.filter((source) => isMeant(source, ref)));
    return snapshot.sourceSets.mask(new Set(meant.map(({ id }) => id)));
  }
  const dictionary = snapshot.dictionary(condition.on);
  if ('contains' in condition) {
    const wanted = condition.contains.toLowerCase();
    return dictionary.mask((word) => word.toLowerCase().includes(wanted));
  }
  const mask = new Uint8Array(dictionary.size + 1);
  for (const value of condition.in) {
    const code = value === null ? 0 : dictionary.code(value);
    if (code !== undefined) mask[code] = 1;
  }
  return mask;
}

function selectTime(selected: Uint8Array, segment: Segment, from: number, to: number): void {
  const times = vectorAs(segment, 'created_at', 'number')?.values;
  if (!times) return;
  for (let row = 0; row < selected.length; row++) {
    const time = times[row] as number;
    if (time < from || time >= to) selected[row] = 0;
  }
}

function selectText(selected: Uint8Array, segment: Segment, key: MaskedKey, mask: Uint8Array): void {
  const codes = vectorAs(segment, key, 'text')?.codes;
  if (!codes) {
    if (mask[0] === 0) selected.fill(0);
    return;
  }
  for (let row = 0; row < selected.length; row++) {
    if (mask[codes[row] as number] === 0) selected[row] = 0;
  }
}

/** A list of ids, found in a segment without making texts of all of its own. */
class WantedIds {
  readonly #ids: IdVector;
  readonly #index: IdIndex;

  constructor(ids: readonly string[]) {
    this.#ids = encodeIds(ids);
    this.#index = new IdIndex(() => this.#ids, ids.length);
    for (let row = 0; row < ids.length; row++) {
      if (this.#index.find(this.#ids, row) < 0) this.#index.add(this.#ids, row, row);
    }
  }

  select(selected: Uint8Array, segment: Segment): void {
    const ids = vectorAs(segment, 'generation_id', 'id');
    for (let row = 0; row < selected.length; row++) {
      if (!ids || this.#index.find(ids, row) < 0) selected[row] = 0;
    }
  }
}
