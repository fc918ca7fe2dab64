/** What a benchmark finds, and how it is told: a table for people, JSON for machines. */
import type { Stores } from './stores.ts';

export interface Measurement {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  /** The same done by others in the same run: name → figure. */
  readonly peers: Readonly<Record<string, number>>;
  /** What must be reached, in words. */
  readonly target: string;
  /** Whether it was. */
  readonly met: boolean;
}

export interface BenchContext {
  /** Overrides the benchmark's own size where it has one. */
  readonly rows: number | undefined;
  readonly say: (line: string) => void;
  /** Data that several benchmarks share. */
  readonly stores: Stores;
}

export interface Bench {
  readonly name: string;
  readonly run: (context: BenchContext) => Promise<readonly Measurement[]>;
}

/** Every figure is the median of this many runs unless it says otherwise; the warm-up is not one of them. */
export const RUNS = 5;

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** Nearest rank. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(1, Math.ceil((percent * sorted.length) / 100)) - 1];
  if (value === undefined) throw new Error('nothing was measured');
  return value;
}

/** Whole numbers as people write them. */
export const count = (value: number): string => value.toLocaleString('en-US');

const HEAD = ['what', 'ours', 'peers', 'target', ''];

const cells = ({ name, unit, ours, peers, target, met }: Measurement): string[] => [
  name,
  `${figure(ours)} ${unit}`,
  Object.entries(peers)
    .map(([peer, value]) => `${peer} ${figure(value)} (${figure(value / ours)} ×)`)
    .join(', '),
  target,
  met ? 'met' : 'MISSED',
];

/** The figures as a table; behind each peer's figure, how many times ours it is. */
export function table(measurements: readonly Measurement[]): string {
  const rows = measurements.map(cells);
  const widths = HEAD.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  return [HEAD, ...rows]
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] as number))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The same in Markdown. */
export function markdown(measurements: readonly Measurement[]): string {
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`;
  return [line(HEAD), `|${'---|'.repeat(HEAD.length)}`, ...measurements.map((one) => line(cells(one)))].join(
    '\n',
  );
}

const figure = (value: number): string =>
  value.toLocaleString(
    'en-US',
    Math.abs(value) < 100 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 },
  );
