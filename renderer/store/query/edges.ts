/** Round edges for histograms. Edges are whole multiples of a unit: a nano-dollar, a token, a fraction of a millisecond. */

const MOST_BINS = 200;

/**
 * Edges in units, ascending: the first is at most `least`, the last at least `most`, and they lie a round number of
 * units apart (1, 2 or 5 times a power of ten).
 * @param least in units; any of the three may be a fraction
 * @returns at least two, at most `MOST_BINS` + 1
 */
export function linearEdges(least: number, most: number, bins: number): number[] {
  const wanted = Math.min(Math.max(1, Math.floor(bins)), MOST_BINS);
  // Above nine million dollars doubles do not tell one nano-dollar from the next.
  const finest = Math.max(Math.abs(least), Math.abs(most)) * 2 ** -51;
  for (let step = roundStep(Math.max((most - least) / wanted, finest)); ; step = nextStep(step)) {
    const first = Math.floor(least / step);
    const last = Math.max(first + 1, Math.ceil(most / step));
    if (last - first > MOST_BINS) continue;
    return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  }
}

/** The least of 1, 2, 5, 10 … that is not below a width. */
function roundStep(width: number): number {
  let step = 1;
  while (step < width) step = nextStep(step);
  return step;
}

function nextStep(step: number): number {
  return String(step).startsWith('2') || /^2e/.test(String(step)) ? step * 2.5 : step * 2;
}

/** Numbers in equal ratios from one power of ten to the next, rounded (Renard's series, and 1-2-5). */
const SERIES: readonly (readonly number[])[] = [
  [1],
  [1, 3],
  [1, 2, 5],
  [1, 1.6, 2.5, 4, 6.3],
  [1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8],
  [1, 1.12, 1.25, 1.4, 1.6, 1.8, 2, 2.24, 2.5, 2.8, 3.15, 3.55, 4, 4.5, 5, 5.6, 6.3, 7.1, 8, 9],
];

/**
 * Edges in whole units, ascending and in about equal ratios: the first is at most `least`, the last at least `most`.
 * @param least in units, above 0
 */
export function logEdges(least: number, most: number, bins: number): number[] {
  const wanted = Math.min(Math.max(1, Math.floor(bins)), MOST_BINS - 1);
  const decades = Math.max(Math.log10(most) - Math.log10(least), 0.05);
  const each = wanted / decades;
  // As many a decade as are wanted at most, or one for several decades.
  const series = SERIES.findLast(({ length }) => length <= each) ?? [1];
  const stride = each >= 1 ? 1 : Math.ceil(1 / each);
  const edges: number[] = [];
  const first = Math.floor(Math.log10(least)) - 1;
  for (let decade = first; ; decade += stride) {
    for (const factor of series) {
      const edge = decade < 0 ? (factor >= 1 ? 1 : 0) : Math.round(factor * 10 ** decade);
      if (edge <= (edges.at(-1) ?? 0)) continue;
      // Those that lie below the least but one are not needed.
      if (edge <= least) edges.length = 0;
      edges.push(edge);
      if (edge >= most && edges.length > 1) return edges;
    }
  }
}
