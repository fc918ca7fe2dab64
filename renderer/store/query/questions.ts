/** Answers questions: keeps what the next window or order needs again, and gives up what nobody waits for. */
import type { CompareQuery, Filter, GroupQuery, HistogramAnswer, TimeRange } from '../../../shared/query.ts';
import { createTurns } from '../../../shared/turns.ts';
import { Recent } from '../recent.ts';
import type { QueryApi } from './api.ts';
import { Comparison } from './compare.ts';
import { FacetTable } from './facet.ts';
import { type GroupBasis, GroupTable } from './group.ts';
import { histogram } from './histogram.ts';
import { nameOf } from './name.ts';
import { Pace, stopped } from './pace.ts';
import { RowTable } from './rows.ts';
import type { Snapshot } from './snapshot.ts';

/** Prepared answers of each kind that are kept. */
const KEPT = 6;

/** What is prepared for one version of the store. */
class Prepared {
  readonly groups = new Recent<GroupTable<string>>(KEPT);
  readonly comparisons = new Recent<Comparison<string>>(KEPT);
  readonly rows = new Recent<RowTable>(KEPT);
  readonly facets = new Recent<FacetTable>(KEPT);
  readonly histograms = new Recent<HistogramAnswer>(KEPT);
}

/** The name of a view, or a place that it holds (see `inPlace`). */
type View = string | AbortSignal;

export class Questions implements QueryApi<View> {
  readonly #snapshot: () => Snapshot;
  readonly #views = new Map<string, AbortController>();
  #version: number | null = null;
  #prepared = new Prepared();
  /** Runs over the data, one after the other: side by side each would only make the others later. */
  readonly #turns = createTurns();

  /** @param snapshot the store as it is now */
  constructor(snapshot: () => Snapshot) {
    this.#snapshot = snapshot;
  }

  /** Resolves when the runs over the data are over that were asked for up to now. */
  get settled(): Promise<void> {
    return this.#turns(async () => undefined);
  }

  /** Gives up what a view asked. */
  cancel(view: string): void {
    this.#views.get(view)?.abort(stopped());
    this.#views.delete(view);
  }

  /**
   * Holds the place of a view while something is asked, however often: what the view asked before is given up. Fails
   * at once when it is given up itself.
   * @param ask gets what stands for the place in the questions
   */
  async inPlace<T>(view: string | undefined, ask: (place: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    if (view !== undefined) {
      this.cancel(view);
      this.#views.set(view, controller);
    }
    try {
      return await unlessAborted(ask(controller.signal), controller.signal);
    } finally {
      if (view !== undefined && this.#views.get(view) === controller) this.#views.delete(view);
    }
  }

  readonly group: QueryApi<View>['group'] = (query, view) =>
    this.#ask(view, async (snapshot, prepared, signal) => {
      const table = await this.#table(query, snapshot, prepared, signal);
      return table.answer(query, new Pace(signal));
    });

  readonly compare: QueryApi<View>['compare'] = <A extends string>(query: CompareQuery<A>, view?: View) =>
    this.#ask(view, async (snapshot, prepared, signal) => {
      const { filter, now, before, by, aggregates, sort, offset, limit } = query;
      const comparison = await prepared.comparisons.get(
        nameOf([filter, now, before, by, aggregates]),
        async (making) => {
          const within = (range: TimeRange): Promise<GroupTable<A>> => {
            const inside: Filter = [...filter, { on: 'created_at', ...range }];
            return this.#table({ filter: inside, by, aggregates }, snapshot, prepared, making);
          };
          return new Comparison(query, await within(now), await within(before));
        },
        signal,
      );
      return (comparison as Comparison<A>).answer(sort, offset, limit);
    });

  readonly rows: QueryApi<View>['rows'] = (query, view) =>
    this.#ask(view, async (snapshot, prepared, signal) => {
      const { filter, sort, columns, offset, limit } = query;
      const table = await prepared.rows.get(
        nameOf([filter, sort]),
        (making) => this.#inTurn(making, () => RowTable.build({ filter, sort }, snapshot, new Pace(making))),
        signal,
      );
      return table.answer(columns, offset, limit);
    });

  readonly facet: QueryApi<View>['facet'] = (query, view) =>
    this.#ask(view, async (snapshot, prepared, signal) => {
      const { filter, of } = query;
      const table = await prepared.facets.get(
        nameOf([filter, of]),
        (making) => this.#inTurn(making, () => FacetTable.build({ filter, of }, snapshot, new Pace(making))),
        signal,
      );
      return table.answer(query);
    });

  readonly histogram: QueryApi<View>['histogram'] = (query, view) =>
    this.#ask(view, (snapshot, prepared, signal) =>
      prepared.histograms.get(
        nameOf(query),
        (making) => this.#inTurn(making, () => histogram(query, snapshot, new Pace(making))),
        signal,
      ),
    );

  async #table<A extends string>(
    { filter, by, aggregates, sort }: GroupBasis<A> & Partial<Pick<GroupQuery<A>, 'sort'>>,
    snapshot: Snapshot,
    prepared: Prepared,
    signal: AbortSignal,
  ): Promise<GroupTable<A>> {
    const table = await prepared.groups.get(
      nameOf([filter, by, aggregates]),
      (making) =>
        this.#inTurn(making, async () => {
          const made = await GroupTable.build<string>({ filter, by, aggregates }, snapshot, new Pace(making));
          // Within the same turn, or the next run over the data would take half of the time until the answer.
          if (sort) await made.sort(sort, new Pace(making));
          return made;
        }),
      signal,
    );
    return table as GroupTable<A>;
  }

  /** Runs over the data when the turn has come: what is asked first is first on screen. */
  #inTurn<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> {
    return this.#turns(async () => {
      signal.throwIfAborted();
      return run();
    });
  }

  /** Asks for a view, in a new place of it unless it holds one. */
  async #ask<T>(
    view: View | undefined,
    answer: (snapshot: Snapshot, prepared: Prepared, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (!(view instanceof AbortSignal)) return this.inPlace(view, (place) => this.#ask(place, answer));
    view.throwIfAborted();
    const snapshot = this.#snapshot();
    if (snapshot.version !== this.#version) {
      this.#version = snapshot.version;
      this.#prepared = new Prepared();
    }
    return answer(snapshot, this.#prepared, view);
  }
}

/** What a promise gives, or at once what a signal is aborted for. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
