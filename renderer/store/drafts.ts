/** Wide columns (see vector.ts) that are cut and put together. */
import { type Draft, thaw } from './vector.ts';

export type { Draft };

type Wide = Float64Array | Uint32Array | Uint8Array;

/** A column of unknowns. */
export const emptyDraft = (kind: Draft['kind'], rows: number): Draft => thaw(null, kind, rows);

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
