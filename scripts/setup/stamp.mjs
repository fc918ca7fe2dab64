// @ts-check
/** Has anything changed since? One hash over names and contents answers, whatever git or touch did to times. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param {string} root
 * @param {readonly string[]} paths files and folders in it; what is not there counts as not there
 */
export function hashOf(root, paths) {
  const hash = createHash('sha256');
  for (const path of paths) addTo(hash, root, path);
  return hash.digest('hex');
}

/** @param {import('node:crypto').Hash} hash @param {string} root @param {string} path */
function addTo(hash, root, path) {
  const full = join(root, path);
  const stat = statSync(full, { throwIfNoEntry: false });
  if (stat?.isDirectory()) {
    for (const name of readdirSync(full).sort()) {
      // Its lock file speaks for it.
      if (name !== 'node_modules') addTo(hash, root, `${path}/${name}`);
    }
  } else if (stat) {
    // The length keeps one file's end apart from the next one's beginning.
    hash.update(`${path}\n${stat.size}\n`).update(readFileSync(full));
  }
}

/** @param {string} file @returns {string | undefined} */
export function readStamp(file) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** @param {string} file @param {string} stamp */
export const writeStamp = (file, stamp) => writeFileSync(file, `${stamp}\n`);
