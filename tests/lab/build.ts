/** Builds the lab's page, once for each state of the sources. */
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'vite';
import { inRoot, ROOT } from '../../scripts/setup/paths.mjs';
import { hashOf } from '../../scripts/setup/stamp.mjs';

const SOURCES = ['renderer', 'shared', 'tests', 'package-lock.json'];

/** Builds under way or done in this process, by the folder of jobs. */
const built = new Map<string, Promise<string>>();

/**
 * The folder of the built page. What has been built from the same sources, by whomever, is taken as it is.
 * @param jobs the folder whose files the page can run
 */
export function buildPage(jobs: string): Promise<string> {
  const folder = resolve(jobs);
  const known = built.get(folder) ?? make(folder);
  built.set(folder, known);
  return known;
}

async function make(jobs: string): Promise<string> {
  const base = inRoot('out', 'lab');
  const page = join(
    base,
    hashOf(ROOT, SOURCES).slice(0, 16) + jobs.slice(ROOT.length).replaceAll(/\W+/g, '-'),
  );
  if (existsSync(page)) return page;
  await mkdir(base, { recursive: true });
  removeOld(base);
  // Several test processes may build at once: each for itself, and the first to be done is taken.
  const work = mkdtempSync(join(base, 'making-'));
  await build({
    root: join(import.meta.dirname, 'page'),
    configFile: false,
    logLevel: 'error',
    plugins: [listJobs(jobs)],
    worker: { format: 'es' },
    build: { target: 'chrome130', outDir: work, emptyOutDir: true, assetsInlineLimit: 0, minify: true },
  });
  try {
    renameSync(work, page);
  } catch (error) {
    rmSync(work, { recursive: true, force: true });
    if (!existsSync(page)) throw error;
  }
  return page;
}

const HOUR_MS = 3_600_000;

/** Removes what was built from other sources, unless somebody may still be at work with it. */
function removeOld(base: string): void {
  for (const name of readdirSync(base)) {
    const folder = join(base, name);
    if (Date.now() - statSync(folder).mtimeMs > HOUR_MS) rmSync(folder, { recursive: true, force: true });
  }
}

/** `lab:jobs`: the files of the folder, each loaded when it is first asked for. */
function listJobs(folder: string): Plugin {
  return {
    name: 'lab-jobs',
    resolveId: (id) => (id === 'lab:jobs' ? '\0lab:jobs' : null),
    load(id) {
      if (id !== '\0lab:jobs') return null;
      const files = readdirSync(folder).filter(
        (name) => name.endsWith('.ts') && !name.endsWith('.worker.ts'),
      );
      const entries = files.map(
        (name) => `${JSON.stringify(name.slice(0, -3))}: () => import(${JSON.stringify(join(folder, name))})`,
      );
      return `export const jobs = { ${entries.join(', ')} };`;
    },
  };
}
