/** Plays sequences of operations against the store and the model, and stops where they part. */
import fc from 'fast-check';
import type { Dataset, StoreApi } from '../../renderer/store/api.ts';
import type { GenerationBatch } from '../../shared/batch.ts';
import type { GroupQuery } from '../../shared/query.ts';
import type { IngestCounts } from '../../shared/sync.ts';
import { type Operation, operations, type Question } from './arbitraries.ts';
import { difference, show } from './differences.ts';
import { judge, judgeEverything, tally, withOrigins } from './judge.ts';
import { Model, type ModelSource } from './model.ts';

/** What a page begins with: the store keeps the answer with its data. */
const FIRST: GroupQuery = {
  filter: [],
  by: ['user'],
  aggregates: {
    requests: { fn: 'count' },
    spend: { fn: 'sum', of: 'spend' },
    models: { fn: 'values', of: 'model_permaslug' },
    last: { fn: 'max', of: 'created_at' },
  },
  sort: { by: 'spend', descending: true },
  offset: 0,
  limit: 5,
};

export type Subject = Omit<StoreApi, 'subscribe' | 'exportGenerations' | 'exists'>;

/** One store and one model, side by side. */
class Play {
  readonly #store: Subject;
  readonly #dataset: Dataset;
  readonly #model = new Model();
  /** The origins of the files, by their numbers. */
  readonly #files: number[] = [];
  readonly #undone = new Set<number>();
  readonly #batches: GenerationBatch[] = [];

  constructor(store: Subject, dataset: Dataset) {
    this.#store = store;
    this.#dataset = dataset;
  }

  /** @returns the first difference, or null */
  async step(operation: Operation): Promise<string | null> {
    if (operation.op === 'ask') return this.#ask(operation.question);
    if (operation.op === 'begin') return this.#ask({ ask: 'group', query: FIRST });
    const found = await this.#change(operation);
    return (
      found ?? judgeEverything(this.#model, (query) => this.#store.rows(query), await this.#store.status())
    );
  }

  async #change(operation: Exclude<Operation, { op: 'ask' | 'begin' }>): Promise<string | null> {
    const store = this.#store;
    const model = this.#model;
    switch (operation.op) {
      case 'import':
        return this.#import(operation.batch);
      case 'importAgain':
        return this.#import(this.#nth(this.#batches, operation.nth));
      case 'sync':
        return this.#sync(operation.connection, operation.batch);
      case 'syncAgain':
        return this.#sync(operation.connection, this.#nth(this.#batches, operation.nth));
      case 'details': {
        const { connection: connectionId, batch } = operation;
        await store.ingestDetails(connectionId, batch);
        model.ingestDetails({ connectionId }, batch);
        return null;
      }
      case 'undo': {
        const there = [...this.#files.keys()].filter((file) => !this.#undone.has(file));
        const file = this.#nth(there, operation.nth);
        if (file === undefined) return null;
        this.#undone.add(file);
        const removed = await store.undoOrigin(this.#files[file] as number);
        return difference(removed, model.removeSource({ origin: file }), 'generations removed');
      }
      case 'removeConnection': {
        const { connection: connectionId } = operation;
        const removed = await store.removeConnection(connectionId);
        return difference(removed, model.removeSource({ connectionId }), 'generations removed');
      }
      case 'removeGenerations': {
        const removed = await store.removeGenerations(withOrigins(operation.filter, this.#files));
        return difference(removed, model.removeGenerations(operation.filter), 'generations removed');
      }
      case 'compact':
        await store.compact();
        return null;
      case 'reopen':
        await store.open(this.#dataset);
        return null;
    }
  }

  async #import(batch: GenerationBatch | undefined): Promise<string | null> {
    if (!batch) return null;
    const file = this.#files.length;
    const origin = await this.#store.beginOrigin({ kind: 'file', name: `file ${file}` });
    this.#files.push(origin);
    const counts = await this.#store.ingest(origin, batch);
    const { counts: kept } = await this.#store.finishOrigin(origin, 'complete');
    return (
      this.#ingested(counts, { origin: file }, batch) ?? difference(kept, counts, 'counts of the origin')
    );
  }

  async #sync(connectionId: string, batch: GenerationBatch | undefined): Promise<string | null> {
    if (!batch) return null;
    const origin = await this.#store.beginOrigin({ kind: 'sync', name: connectionId, connectionId });
    const counts = await this.#store.ingest(origin, batch);
    await this.#store.finishOrigin(origin, 'complete');
    return this.#ingested(counts, { connectionId }, batch);
  }

  #ingested(counts: IngestCounts, source: ModelSource, batch: GenerationBatch): string | null {
    this.#batches.push(batch);
    return difference(counts, this.#model.ingest(source, batch), 'counts');
  }

  #ask(question: Question): Promise<string | null> {
    const filter = withOrigins(question.query.filter, this.#files);
    const asked = { ...question, query: { ...question.query, filter } } as Question;
    return judge(this.#model, this.#store as never, question, asked);
  }

  #nth<T>(list: readonly T[], nth: number): T | undefined {
    return list[nth % Math.max(1, list.length)];
  }
}

/** @returns what went wrong, or null */
async function play(
  store: Subject,
  dataset: Dataset,
  sequence: readonly Operation[],
): Promise<string | null> {
  await store.remove(dataset);
  await store.open(dataset);
  await store.prepare(FIRST);
  const playing = new Play(store, dataset);
  for (const [i, operation] of sequence.entries()) {
    const found = await playing.step(operation);
    if (found) return `operation ${i + 1}, ${operation.op}: ${found}`;
  }
  return null;
}

export interface Outcome {
  /** Which sequence parted, shrunk, and where; null when none did. */
  readonly failure: string | null;
  readonly questions: typeof tally;
}

/** An operation as one reads it: rows instead of columns, without what is not told. */
function tell(operation: Operation): string {
  if (!('batch' in operation)) return show(operation);
  const { batch, ...rest } = operation;
  const rows = Array.from({ length: batch.rows }, (_, row) =>
    Object.fromEntries(
      Object.entries(batch.columns).flatMap(([key, values]) =>
        values[row] === null || values[row] === undefined ? [] : [[key, values[row]]],
      ),
    ),
  );
  return show({ ...rest, rows });
}

/** Plays random sequences. */
export async function playRandomly(
  store: Subject,
  dataset: Dataset,
  { seed, runs }: { readonly seed: number; readonly runs: number },
): Promise<Outcome> {
  const property = fc.asyncProperty(
    fc.array(operations, { minLength: 1, maxLength: 14 }),
    async (sequence) => {
      const found = await play(store, dataset, sequence);
      if (found) throw new Error(found);
    },
  );
  const { failed, counterexample, counterexamplePath, errorInstance } = await fc.check(property, {
    seed,
    numRuns: runs,
  });
  if (!failed) return { failure: null, questions: tally };
  const lines = (counterexample?.[0] ?? []).map((operation, i) => `  ${i + 1}. ${tell(operation)}`);
  const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return {
    failure: `seed ${seed}, path ${counterexamplePath}\n${lines.join('\n')}\n${why}`,
    questions: tally,
  };
}
