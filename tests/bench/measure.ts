/** What a benchmark finds, and how it is told: a table for people, JSON for machines. */
import { cpus, totalmem } from 'node:os';

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

export interface Bench {
  readonly name: string;
  /** @param rows overrides the benchmark's own size where it has one */
  readonly run: (rows: number | undefined) => Promise<readonly Measurement[]>;
}

/** The machine that the figures are from. */
export const machine = (): string =>
  `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;

/** The figures as a table. */
export function table(measurements: readonly Measurement[]): string {
  const rows = measurements.map(({ name, unit, ours, peers, target, met }) => [
    name,
    `${figure(ours)} ${unit}`,
    Object.entries(peers)
      .map(([peer, value]) => `${peer} ${figure(value)} (${figure(value / ours)} ×)`)
      .join(', '),
    target,
    met ? 'met' : 'MISSED',
  ]);
  const head = ['what', 'ours', 'peers', 'target', ''];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] as number))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const figure = (value: number): string =>
  value.toLocaleString('en-US', { maximumSignificantDigits: value < 100 ? 3 : 6 });
