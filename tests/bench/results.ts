/** `results.json`: every figure with the machine and the versions it is from; and the table in the docs. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, release, tmpdir, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { inRoot } from '../../scripts/setup/paths.mjs';
import { Lab } from '../lab/lab.ts';
import { type Measurement, markdown } from './measure.ts';
import { peerVersions } from './peers.ts';

export interface Head {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly os: string;
  readonly node: string;
  readonly electron: string;
  readonly chromium: string;
  /** Name → version. */
  readonly peers: Readonly<Record<string, string>>;
}

export interface Results extends Head {
  readonly measurements: readonly (Measurement & { readonly group: string })[];
}

const RESULTS = join(import.meta.dirname, 'results.json');
const DOCS = inRoot('docs', 'benchmarks.md');
const [BEGIN, END] = ['<!-- figures -->', '<!-- /figures -->'];

/** What the figures are from. */
export async function readHead(): Promise<Head> {
  const folder = await mkdtemp(join(tmpdir(), 'whospent-bench-'));
  try {
    const lab = await Lab.launch({ profile: folder });
    const { electron = '', chrome = '' } = await lab.electron.evaluate(() => process.versions);
    await lab.close();
    return {
      processor: cpus()[0]?.model ?? 'unknown processor',
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      os: `${type()} ${release()}`,
      node: process.versions.node,
      electron,
      chromium: chrome,
      peers: peerVersions(),
    };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The head in one line. */
export const headLine = ({
  processor,
  cores,
  memoryGiB,
  os,
  node,
  electron,
  chromium,
  peers,
}: Head): string =>
  [
    processor,
    `${cores} cores`,
    `${memoryGiB} GiB`,
    os,
    `Node ${node}`,
    `Electron ${electron} (Chromium ${chromium})`,
    ...Object.entries(peers).map(([name, version]) => `${name} ${version}`),
  ].join(', ');

/**
 * Writes the figures of some groups; those of others stay, if they are from the same machine and versions.
 * @returns the groups whose figures were dropped because they are not
 */
export function writeResults(
  head: Head,
  groups: ReadonlyMap<string, readonly Measurement[]>,
  order: readonly string[],
): readonly string[] {
  const before = existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, 'utf8')) as Results) : undefined;
  const others = before?.measurements.filter(({ group }) => !groups.has(group)) ?? [];
  const kept = before && isSame(head, before) ? others : [];
  const fresh = [...groups].flatMap(([group, list]) => list.map((one) => ({ group, ...one })));
  const measurements = [...kept, ...fresh].sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group));
  writeFileSync(RESULTS, `${JSON.stringify({ ...head, measurements } satisfies Results, null, 2)}\n`);
  return kept === others ? [] : [...new Set(others.map(({ group }) => group))];
}

function isSame(head: Head, { measurements: _, ...before }: Results): boolean {
  const plain = ({ peers: __, ...rest }: Head) => JSON.stringify(rest);
  // Peers that a group does not need may not have been installed.
  const changed = Object.entries(before.peers).some(
    ([name, version]) => (head.peers[name] ?? version) !== version,
  );
  return plain(head) === plain(before) && !changed;
}

/** Puts the table of `results.json` into docs/benchmarks.md. */
export function writeDocs(): void {
  const results = JSON.parse(readFileSync(RESULTS, 'utf8')) as Results;
  const text = readFileSync(DOCS, 'utf8');
  const [start, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`${DOCS} has lost its marks ${BEGIN} and ${END}.`);
  const figures = `${BEGIN}\n${headLine(results)}\n\n${markdown(results.measurements)}\n`;
  writeFileSync(DOCS, text.slice(0, start) + figures + text.slice(end));
}
