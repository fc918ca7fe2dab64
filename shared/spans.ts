/**
 * Arithmetic of spans of time: pure. A list of spans is ascending and disjoint; `from` is inside a span, `to`
 * outside, UTC ms.
 */
import type { Span } from './sync.ts';

/** The spans and one more; those that overlap or touch become one. */
export function addSpan(spans: readonly Span[], added: Span): Span[] {
  if (added.to <= added.from) return [...spans];
  const before = spans.filter((span) => span.to < added.from);
  const after = spans.filter((span) => span.from > added.to);
  const touching = spans.filter((span) => span.to >= added.from && span.from <= added.to);
  const from = Math.min(added.from, ...touching.map((span) => span.from));
  const to = Math.max(added.to, ...touching.map((span) => span.to));
  return [...before, { from, to }, ...after];
}

/** Any spans, in any order, as a list that is ascending and disjoint. */
export function joinSpans(spans: readonly Span[]): Span[] {
  return spans.reduce<Span[]>(addSpan, []);
}

/** What is left of the spans without one. */
export function removeSpan(spans: readonly Span[], removed: Span): Span[] {
  return spans.flatMap(({ from, to }) =>
    [
      { from, to: Math.min(to, removed.from) },
      { from: Math.max(from, removed.to), to },
    ].filter((span) => span.from < span.to),
  );
}

/** The part of the spans that lies within one. */
export function clipSpans(spans: readonly Span[], { from, to }: Span): Span[] {
  return spans
    .map((span) => ({ from: Math.max(span.from, from), to: Math.min(span.to, to) }))
    .filter((span) => span.from < span.to);
}

/** How long all of them are together, ms. */
export function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { from, to }) => sum + to - from, 0);
}
