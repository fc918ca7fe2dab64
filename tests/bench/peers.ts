/** What Whospent is compared with: packages of their own, installed when a benchmark needs them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from '../../scripts/setup/paths.mjs';
import { npm } from '../../scripts/setup/run.mjs';
import { SetUpError, say } from '../../scripts/setup/say.mjs';

/** The jobs that need the peers. */
export const PEERS = join(import.meta.dirname, 'peers');

/** By the names that the tables give them. */
const PACKAGES = {
  Dexie: inRoot('node_modules/dexie'),
  PapaParse: inRoot('node_modules/papaparse'),
  'DuckDB-Wasm': join(import.meta.dirname, 'node_modules/@duckdb/duckdb-wasm'),
  'SQLite Wasm': join(import.meta.dirname, 'node_modules/@sqlite.org/sqlite-wasm'),
} as const;

const manifest = (folder: string): { version: string } =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** Those that are installed, with their versions. */
export const peerVersions = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(PACKAGES)
      .filter(([, folder]) => existsSync(folder))
      .map(([name, folder]) => [name, manifest(folder).version]),
  );

export async function installPeers(): Promise<void> {
  const wanted: Record<string, string> = JSON.parse(
    readFileSync(join(import.meta.dirname, 'package.json'), 'utf8'),
  ).dependencies;
  const isThere = ([name, version]: [string, string]) => {
    const folder = join(import.meta.dirname, 'node_modules', name);
    return existsSync(folder) && manifest(folder).version === version;
  };
  if (Object.entries(wanted).every(isThere)) return;
  say('Peers: installing them into tests/bench/node_modules');
  // Their build scripts are not needed: what is compared is WebAssembly that comes ready.
  const code = await npm(
    ['ci', '--prefix', import.meta.dirname, '--ignore-scripts', '--no-audit', '--no-fund'],
    {
      quiet: true,
    },
  );
  if (code !== 0) throw new SetUpError('The peers could not be installed; npm’s messages are above.');
}
