/** Memory of all processes of an app together. */
import { readdir, readFile } from 'node:fs/promises';
import { setInterval as every } from 'node:timers/promises';
import type { ElectronApplication } from 'playwright';

/** How it is measured here, for the reader. */
export const MEMORY_KIND =
  process.platform === 'linux'
    ? 'PSS of all processes'
    : 'working sets of all processes, shared pages in each';

/** Bytes. On Linux the proportional set size: pages that processes share are counted once. */
export async function memoryOf(electron: ElectronApplication): Promise<number> {
  if (process.platform !== 'linux') {
    return electron.evaluate(({ app }) =>
      app.getAppMetrics().reduce((sum, { memory }) => sum + memory.workingSetSize * 1024, 0),
    );
  }
  const pids = await descendants(electron.process().pid as number);
  const sizes = await Promise.all(pids.map(pssOf));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The largest memory while something goes on. */
export async function peakDuring<T>(
  electron: ElectronApplication,
  work: () => Promise<T>,
): Promise<{ value: T; peak: number }> {
  let peak = 0;
  const abort = new AbortController();
  const watching = (async () => {
    for await (const _ of every(500, undefined, { signal: abort.signal })) {
      peak = Math.max(peak, await memoryOf(electron));
    }
  })().catch(() => undefined);
  try {
    return { value: await work(), peak: Math.max(peak, await memoryOf(electron)) };
  } finally {
    abort.abort();
    await watching;
  }
}

async function descendants(root: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => undefined);
    // The name, in brackets, may hold anything; behind it come the state and the parent.
    const parent = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const isOne = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === root || isOne(parents.get(pid)));
  return [...parents.keys()].filter(isOne);
}

async function pssOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
}
