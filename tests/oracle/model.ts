/**
 * The store as a child would build it: a list of objects, looked through from end to end. Its only virtue is that
 * one can see that it is right.
 */
import type { GenerationBatch } from '../../shared/batch.ts';
import { COLUMN_KEYS, type ColumnKey } from '../../shared/columns.ts';
import type {
  CellValue,
  CompareQuery,
  FacetQuery,
  Filter,
  GroupQuery,
  HistogramQuery,
  RowsQuery,
} from '../../shared/query.ts';
import type { IngestCounts } from '../../shared/sync.ts';
import { compareGroups, facet, group, histogramFacts, rowsOf } from './model/answers.ts';
import { readRow, type ToldRow } from './model/cells.ts';
import { type Claim, type Claims, lay } from './model/claims.ts';
import { matches } from './model/filter.ts';

/** A connection by its id, or a file by its number. */
export type ModelSource = { readonly connectionId: string } | { readonly origin: number };

/** A generation as it is seen. */
export interface ModelRow {
  readonly cells: Readonly<Record<ColumnKey | 'spend', CellValue>>;
  readonly sources: readonly ModelSource[];
}

interface SourceState {
  readonly source: ModelSource;
  /** What it says, by the generation's id. */
  readonly claims: Map<string, Claims>;
}

const isSame = (a: ModelSource, b: ModelSource): boolean => JSON.stringify(a) === JSON.stringify(b);

export class Model {
  /** In the order in which they were first seen. */
  #sources: SourceState[] = [];

  ingest(source: ModelSource, batch: GenerationBatch): IngestCounts {
    const state = this.#meet(source);
    const counts = { rows: batch.rows, new: 0, known: 0, merged: 0, rejected: 0 };
    for (let row = 0; row < batch.rows; row++) {
      const told = readRow(batch, row);
      if (!told) counts.rejected++;
      else counts[this.#take(state, told)]++;
    }
    return counts;
  }

  /** The same of a few generations, as far as they are there. */
  ingestDetails(source: ModelSource, batch: GenerationBatch): void {
    const there = new Set(this.rows.map(({ cells }) => cells.generation_id));
    for (let row = 0; row < batch.rows; row++) {
      const told = readRow(batch, row);
      if (told && there.has(String(told.cells.get('generation_id')))) this.#take(this.#meet(source), told);
    }
  }

  /** As if it had never come. @returns how many generations are gone */
  removeSource(source: ModelSource): number {
    const before = this.rows.length;
    this.#sources = this.#sources.filter((state) => !isSame(state.source, source));
    return before - this.rows.length;
  }

  removeGenerations(filter: Filter): number {
    const gone = this.rows.filter((row) => matches(row, filter));
    for (const { claims } of this.#sources) {
      for (const { cells } of gone) claims.delete(String(cells.generation_id));
    }
    return gone.length;
  }

  get rows(): readonly ModelRow[] {
    const ids = new Set(this.#sources.flatMap(({ claims }) => [...claims.keys()]));
    return [...ids].flatMap((id) => this.#see(id) ?? []);
  }

  group(query: GroupQuery) {
    return group(this.#matching(query.filter), query);
  }

  compare(query: CompareQuery) {
    return compareGroups(this.#matching(query.filter), query);
  }

  facet(query: FacetQuery) {
    return facet(this.#matching(query.filter), query);
  }

  histogram(query: HistogramQuery) {
    return histogramFacts(this.#matching(query.filter), query);
  }

  page(query: RowsQuery) {
    return rowsOf(this.#matching(query.filter), query);
  }

  #matching(filter: Filter): readonly ModelRow[] {
    return this.rows.filter((row) => matches(row, filter));
  }

  #meet(source: ModelSource): SourceState {
    const known = this.#sources.find((state) => isSame(state.source, source));
    if (known) return known;
    const state = { source, claims: new Map<string, Claims>() };
    this.#sources.push(state);
    return state;
  }

  #take({ claims }: SourceState, { cells, guessedTime }: ToldRow): 'new' | 'known' | 'merged' {
    const id = String(cells.get('generation_id'));
    const before = this.#see(id);
    const told = new Map<ColumnKey, Claim>();
    for (const [key, value] of cells) told.set(key, { value, isGuess: key === 'created_at' && guessedTime });
    const own = claims.get(id) ?? new Map();
    lay(own, told);
    claims.set(id, own);
    const after = this.#see(id);
    if (!before || !after) return 'new';
    return COLUMN_KEYS.some((key) => before.cells[key] !== after.cells[key]) ? 'merged' : 'known';
  }

  /** A generation as all its sources together tell it; null where none does. */
  #see(id: string): ModelRow | null {
    const telling = this.#sources.filter(({ claims }) => claims.has(id));
    if (telling.length === 0) return null;
    const folded: Claims = new Map();
    for (const { claims } of telling) lay(folded, claims.get(id) ?? new Map());
    const cells = {} as Record<ColumnKey | 'spend', CellValue>;
    for (const key of COLUMN_KEYS) cells[key] = folded.get(key)?.value ?? null;
    cells.spend = add(cells.cost_total, cells.byok_usage_inference);
    return { cells, sources: telling.map(({ source }) => source) };
  }
}

/** Unknown only where both are. */
function add(a: CellValue, b: CellValue): bigint | null {
  const known = [a, b].filter((amount) => typeof amount === 'bigint');
  return known.length === 0 ? null : known.reduce((sum, amount) => sum + amount, 0n);
}
