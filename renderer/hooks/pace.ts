/** How fast something goes, and how long it still takes, from where it stood at some moments. */
export interface PacePoint {
  /** UTC ms. */
  readonly at: number;
  /** Things done so far. */
  readonly count: number;
  /** How much of the whole is done, 0 to 1; null where nobody knows. */
  readonly done: number | null;
}

export interface Pace {
  /** null until two moments tell. */
  readonly perSecond: number | null;
  readonly leftMs: number | null;
}

export const NO_PACE: Pace = { perSecond: null, leftMs: null };

/** What lies further back says little about now. */
const WINDOW_MS = 60_000;
/** Moments nearer to each other than this tell nothing. */
const LEAST_MS = 1_000;

/** The moments that still count, with one more. */
export function addPoint(points: readonly PacePoint[], point: PacePoint): readonly PacePoint[] {
  const kept = points.filter(({ at }) => at >= point.at - WINDOW_MS);
  // Something that reports rarely is measured from its last word, however old.
  return [...(kept.length === 0 ? points.slice(-1) : kept), point];
}

export function paceOf(points: readonly PacePoint[]): Pace {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || last.at - first.at < LEAST_MS) return NO_PACE;
  const elapsed = last.at - first.at;
  const perSecond = ((last.count - first.count) * 1000) / elapsed;
  if (first.done === null || last.done === null) return { perSecond, leftMs: null };
  const gained = last.done - first.done;
  return { perSecond, leftMs: gained > 0 ? (Math.max(0, 1 - last.done) * elapsed) / gained : null };
}

const SECONDS = [1, 's'] as const;
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `850/s`, `12/min`: never a rate of nothing. */
export function paceText({ perSecond }: Pace): string | null {
  if (perSecond === null || perSecond <= 0) return null;
  const [factor, unit] = perSecond >= 1 ? SECONDS : ([60, 'min'] as const);
  return `${whole.format(Math.max(1, perSecond * factor))}/${unit}`;
}

/** `about 2 minutes left`, `less than a minute left`. */
export function leftText(leftMs: number): string {
  const minutes = Math.round(leftMs / 60_000);
  if (leftMs < 55_000) return 'less than a minute left';
  if (minutes < 90) return minutes === 1 ? 'about a minute left' : `about ${minutes} minutes left`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `about ${hours} hours left` : `about ${Math.round(hours / 24)} days left`;
}
