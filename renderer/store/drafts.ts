/** Wide columns (see vector.ts) that are cut and put together. */
import { type Draft, thaw, UNKNOWN_CODE, UNKNOWN_FLAG } from './vector.ts';

export type { Draft };

type Wide = Float64Array | Uint32Array | Uint8Array;

/** A column of unknowns. */
export const emptyDraft = <K extends Draft['kind']>(kind: K, rows: number): Extract<Draft, { kind: K }> =>
  thaw(null, kind, rows) as Extract<Draft, { kind: K }>;

/** The arrays of a column, in an order that is the same for all columns of its kind. */
function arraysOf(draft: Draft): readonly Wide[] {
  switch (draft.kind) {
    case 'number':
    case 'flag':
      return [draft.values];
    case 'money':
      return [draft.nanos, draft.rest];
    case 'text':
      return [draft.codes];
  }
}

/** Copies rows (all, unless told) of a column to consecutive places of another of its kind. */
export function copyDraft(target: Draft, at: number, source: Draft, rows?: Uint32Array): void {
  const into = arraysOf(target);
  arraysOf(source).forEach((from, i) => {
    const to = into[i] as Wide;
    if (!rows) to.set(from, at);
    else for (let row = 0; row < rows.length; row++) to[at + row] = from[rows[row] as number] as number;
  });
}

/** The first rows of a column, in arrays of their own. */
export function cutDraft(draft: Draft, rows: number): Draft {
  switch (draft.kind) {
    case 'number':
      return { kind: 'number', values: draft.values.slice(0, rows) };
    case 'flag':
      return { kind: 'flag', values: draft.values.slice(0, rows) };
    case 'money':
      return { kind: 'money', nanos: draft.nanos.slice(0, rows), rest: draft.rest.slice(0, rows) };
    case 'text':
      return { kind: 'text', codes: draft.codes.slice(0, rows) };
  }
}

/**
 * Of some rows of a column keeps some, moved up; what they leave is unknown.
 * @param kept places among the rows, ascending
 */
export function keepInDraft(draft: Draft, kept: readonly number[], first: number, rows: number): void {
  const unknown = UNKNOWNS[draft.kind];
  arraysOf(draft).forEach((array, i) => {
    kept.forEach((row, at) => {
      array[first + at] = array[first + row] as number;
    });
    array.fill(unknown[i] as number, first + kept.length, first + rows);
  });
}

/** What stands for unknown in the arrays of a column. */
const UNKNOWNS = {
  number: [Number.NaN],
  flag: [UNKNOWN_FLAG],
  money: [Number.NaN, 0],
  text: [UNKNOWN_CODE],
} as const;
