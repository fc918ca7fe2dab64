import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { log } from './log.ts';

/**
 * Reads a small JSON file of our own.
 * @returns undefined when there is none, or one that makes no sense: that is put aside under
 *   `<name>.unreadable`, not overwritten
 * @throws when there is one that cannot be read now: whoever took that for none would write over it
 */
export function readJson<T>(path: string, schema: z.ZodType<T>): T | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
    throw thrown;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (thrown) {
    log(`${path} cannot be read and is put aside`, thrown);
    renameSync(path, `${path}.unreadable`);
    return undefined;
  }
}

/** Writes a small JSON file for this user's eyes only; a crash leaves the old one or the new one. */
export function writeJson(path: string, value: unknown): void {
  const temporary = `${path}.${process.pid}.part`;
  mkdirSync(dirname(path), { recursive: true });
  try {
    const file = openSync(temporary, 'w', 0o600);
    try {
      writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (thrown) {
    rmSync(temporary, { force: true });
    throw thrown;
  }
}
