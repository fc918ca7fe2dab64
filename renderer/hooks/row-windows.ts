import { type AppError, toAppError } from '../../shared/errors.ts';

/** Rows asked for at once. Windows lie at multiples of it. */
export const WINDOW_ROWS = 128;
/** Windows kept: enough to scroll back a while, little enough to hold no table whole. */
const MOST_WINDOWS = 48;

/** One window's answer. `head` is what is said about all rows: totals, coverage. */
export interface WindowAnswer<Row, Head> {
  readonly rows: readonly Row[];
  readonly count: number;
  readonly head: Head;
}

/** What a view can draw now. A new object after each change. */
export interface RowsView<Row, Head> {
  readonly count: number;
  /** null before the first answer. */
  readonly head: Head | null;
  /** The row at an index, or undefined while it is on its way. */
  readonly row: (index: number) => Row | undefined;
  /** A newer answer than the one shown is on its way. */
  readonly stale: boolean;
  readonly error: AppError | null;
}

interface Shown<Row, Head> {
  readonly query: number;
  readonly count: number;
  readonly head: Head;
  readonly windows: Map<number, readonly Row[]>;
}

/**
 * A long list of which only windows around the visible rows are held. The rows of the last query stay until the
 * first window of the next one is there; one request is under way at a time, and what is asked next is always
 * what is visible now.
 */
export class RowWindows<Query, Row, Head> {
  readonly #fetch: (query: Query, offset: number, limit: number) => Promise<WindowAnswer<Row, Head>>;
  readonly #cancel: () => void;
  readonly #listeners = new Set<() => void>();
  #query: { readonly serial: number; readonly value: Query } | null = null;
  #shown: Shown<Row, Head> | null = null;
  #visible = { first: 0, last: 0 };
  #busy = false;
  #error: { readonly serial: number; readonly error: AppError } | null = null;
  #view: RowsView<Row, Head> = this.#draw();

  /** @param cancel cancels what is being fetched, which then fails: a newer query wants the answer's place */
  constructor(
    fetch: (query: Query, offset: number, limit: number) => Promise<WindowAnswer<Row, Head>>,
    cancel: () => void = () => undefined,
  ) {
    this.#fetch = fetch;
    this.#cancel = cancel;
  }

  /**
   * Asks something else, or the same again because the data changed. Something else cancels what is under way; the
   * same does not, or data that change all the time would never be seen.
   */
  ask(value: Query): void {
    const other = this.#query !== null && this.#query.value !== value;
    this.#query = { serial: (this.#query?.serial ?? 0) + 1, value };
    this.#changed();
    if (other && this.#busy) this.#cancel();
    void this.#pump();
  }

  /** Says which rows are on screen. */
  show(first: number, last: number): void {
    if (first === this.#visible.first && last === this.#visible.last) return;
    this.#visible = { first: Math.max(0, first), last: Math.max(0, last) };
    void this.#pump();
  }

  readonly view = (): RowsView<Row, Head> => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  async #pump(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#missing(); next !== undefined; next = this.#missing()) {
        const { serial, value } = this.#query!;
        try {
          const answer = await this.#fetch(value, next * WINDOW_ROWS, WINDOW_ROWS);
          if (value === this.#query!.value) this.#take(serial, next, answer);
        } catch (thrown) {
          if (serial === this.#query!.serial) {
            this.#error = { serial, error: toAppError(thrown) };
            this.#changed();
          }
        }
      }
    } finally {
      this.#busy = false;
    }
  }

  /** The number of the next window to ask for; undefined when all that is visible is there. */
  #missing(): number | undefined {
    const query = this.#query;
    if (!query || this.#error?.serial === query.serial) return undefined;
    const first = Math.floor(this.#visible.first / WINDOW_ROWS);
    const shown = this.#shown;
    if (shown?.query !== query.serial) return first;
    if (shown.count === 0) return undefined;
    const most = Math.floor((shown.count - 1) / WINDOW_ROWS);
    const last = Math.min(most, Math.floor(this.#visible.last / WINDOW_ROWS));
    for (let window = Math.min(first, most); window <= last; window++) {
      if (!shown.windows.has(window)) return window;
    }
    return undefined;
  }

  #take(serial: number, window: number, answer: WindowAnswer<Row, Head>): void {
    const windows = this.#shown?.query === serial ? this.#shown.windows : new Map();
    windows.set(window, answer.rows);
    if (windows.size > MOST_WINDOWS) {
      const farthest = [...windows.keys()].reduce((a, b) =>
        Math.abs(a - window) > Math.abs(b - window) ? a : b,
      );
      windows.delete(farthest);
    }
    this.#shown = { query: serial, count: answer.count, head: answer.head, windows };
    this.#changed();
  }

  #changed(): void {
    this.#view = this.#draw();
    for (const listener of [...this.#listeners]) listener();
  }

  #draw(): RowsView<Row, Head> {
    const shown = this.#shown;
    const failed = this.#error !== null && this.#error.serial === this.#query?.serial;
    return {
      count: shown?.count ?? 0,
      head: shown?.head ?? null,
      row: (index) => shown?.windows.get(Math.floor(index / WINDOW_ROWS))?.[index % WINDOW_ROWS],
      stale: !failed && this.#query !== null && shown?.query !== this.#query.serial,
      error: failed ? this.#error!.error : null,
    };
  }
}
