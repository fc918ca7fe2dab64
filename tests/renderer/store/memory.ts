/** The engine without its database: what the store does between two transactions, for tests of figures. */

import { AddressIndex } from '../../../renderer/store/address-index.ts';
import { Dictionary } from '../../../renderer/store/dictionary.ts';
import { type EncodedBatch, encodeBatch, pickRows } from '../../../renderer/store/encode.ts';
import { hashIds } from '../../../renderer/store/hashes.ts';
import { addressOf } from '../../../renderer/store/id-index.ts';
import { applyIngest } from '../../../renderer/store/ingest.ts';
import { joinSegments, runsToJoin } from '../../../renderer/store/join.ts';
import { findAddresses, findCandidates, planIngest } from '../../../renderer/store/plan.ts';
import type { QueryApi } from '../../../renderer/store/query/api.ts';
import { Questions } from '../../../renderer/store/query/questions.ts';
import type { Snapshot } from '../../../renderer/store/query/snapshot.ts';
import { affectedBy, removeSource } from '../../../renderer/store/remove.ts';
import { type Segment, type StoredKey, vectorAs } from '../../../renderer/store/segment.ts';
import { type SourceRecord, SourceSets } from '../../../renderer/store/sources.ts';
import type { IdVector } from '../../../renderer/store/vector.ts';
import type { GenerationBatch } from '../../../shared/batch.ts';
import { COLUMN_KEYS, type TextKey } from '../../../shared/columns.ts';

export class MemoryEngine implements QueryApi {
  segments: Segment[] = [];
  sources: SourceRecord[] = [];
  readonly sets = new SourceSets(new Dictionary());
  edition = 0;
  hash = hashIds;
  readonly #dictionaries = new Map<TextKey, Dictionary>();

  readonly dictionary = (key: TextKey): Dictionary => {
    const dictionary = this.#dictionaries.get(key) ?? new Dictionary();
    this.#dictionaries.set(key, dictionary);
    return dictionary;
  };

  ingest(
    batch: GenerationBatch,
    source = 1,
  ): {
    new: number;
    known: number;
    merged: number;
    rejected: readonly string[];
  } {
    const encoded = encodeBatch(batch);
    return {
      ...this.ingestEncoded(encoded, source),
      rejected: encoded.rejections.map((rejection) => rejection.reason),
    };
  }

  ingestEncoded(batch: EncodedBatch, source = 1): { new: number; known: number; merged: number } {
    fill(this.segments);
    const { index, idsOf } = this.#index();
    const plan = planIngest(batch.ids, findCandidates(batch.ids, index, this.hash), idsOf);
    const target = {
      segments: this.segments,
      dictionary: this.dictionary,
      sources: this.sets,
      edition: ++this.edition,
      nextId: Math.max(-1, ...this.segments.map(({ info }) => info.id)) + 1,
    };
    const steps = applyIngest(target, batch, plan, source);
    let step = steps.next();
    while (!step.done) step = steps.next();
    const change = step.value;
    for (const [position, { segment }] of change.segments) this.segments[position] = segment;
    const counts = {
      new: plan.fresh.length,
      known: plan.matched.length - change.merged,
      merged: change.merged,
    };
    if (plan.again.length === 0) return counts;
    const again = this.ingestEncoded(pickRows(batch, Array.from(plan.again)), source);
    return {
      new: counts.new + again.new,
      known: counts.known + again.known,
      merged: counts.merged + again.merged,
    };
  }

  /** For each of some ids the address of its generation, or −1. */
  async addressesOf(ids: IdVector): Promise<Float64Array> {
    fill(this.segments);
    const { index, idsOf } = this.#index();
    return findAddresses(ids, findCandidates(ids, index, this.hash), idsOf);
  }

  #index() {
    const index = new AddressIndex(1);
    const idsOf = (position: number) =>
      vectorAs(this.segments[position] as Segment, 'generation_id', 'id') as IdVector;
    for (const position of this.segments.keys())
      index.add(this.hash(idsOf(position)), addressOf(position, 0));
    return { index, idsOf };
  }

  /** As if it had never come. Returns how many generations went. */
  removeSource(source: number): number {
    const { segments, sets } = this;
    let rows = 0;
    const affected = new Set(affectedBy(segments, sets, source));
    this.segments = segments.flatMap((segment, position) => {
      if (!affected.has(position)) return [segment];
      const removal = removeSource(segment, sets, source, ++this.edition);
      rows += removal.rows;
      return removal.changed ? [removal.changed.segment] : [];
    });
    return rows;
  }

  /** Puts all segments together that fit in one. */
  join(): void {
    for (const { from, to } of runsToJoin(this.segments).reverse()) {
      const { segment } = joinSegments(this.segments.slice(from, to), this.sets, ++this.edition);
      this.segments.splice(from, to - from, segment);
    }
  }

  get snapshot(): Snapshot {
    return {
      version: 1,
      segments: this.segments,
      dictionary: this.dictionary,
      sources: this.sources,
      sourceSets: this.sets,
      load: async (segments) => fill(segments),
    };
  }

  /** Nothing is kept from one question to the next, so that each sees what is there. */
  get #questions(): Questions {
    return new Questions(() => this.snapshot);
  }

  readonly group: QueryApi['group'] = (query) => this.#questions.group(query);
  readonly compare: QueryApi['compare'] = (query) => this.#questions.compare(query);
  readonly rows: QueryApi['rows'] = (query) => this.#questions.rows(query);
  readonly facet: QueryApi['facet'] = (query) => this.#questions.facet(query);
  readonly histogram: QueryApi['histogram'] = (query) => this.#questions.histogram(query);
}

/** Everything is in memory: what a segment does not have is unknown. */
function fill(segments: readonly Segment[]): void {
  for (const segment of segments) {
    for (const key of [...COLUMN_KEYS, 'sources'] as StoredKey[]) {
      if (!segment.vectors.has(key)) segment.vectors.set(key, null);
    }
  }
}
