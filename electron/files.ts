import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { AppFailure } from '../shared/errors.ts';
import type { CallArguments } from '../shared/ipc.ts';

export type SaveKind = CallArguments<'saveBegin'>['kind'];

/** Asks the reader where to save; null when they cancel. */
export type AskWhere = (suggestedName: string, kind: SaveKind) => Promise<string | null>;

export interface Files {
  begin(suggestedName: string, kind: SaveKind): Promise<{ readonly file: number } | null>;
  /** Appends text (as UTF-8) or bytes. */
  write(file: number, data: string | Uint8Array): Promise<void>;
  /** Empties an unfinished file. */
  rewind(file: number): Promise<void>;
  end(file: number): Promise<{ readonly path: string }>;
  abort(file: number): Promise<void>;
  /** Throws all unfinished files away, now. */
  abortAll(): void;
}

interface Unfinished {
  readonly target: string;
  readonly temporary: string;
  readonly handle: FileHandle;
  /** The writes so far, one behind the other. */
  written: Promise<void>;
}

/** Files on their way to the disk: each grows beside its target and takes its name only when it is whole. */
export function createFiles(askWhere: AskWhere): Files {
  const unfinished = new Map<number, Unfinished>();
  let last = 0;

  async function begin(suggestedName: string, kind: SaveKind): Promise<{ file: number } | null> {
    const chosen = await askWhere(safeName(suggestedName), kind);
    if (chosen === null) return null;
    // The file behind a link is replaced, not the link.
    const target = await realpath(chosen).catch(() => chosen);
    const temporary = `${target}.${randomBytes(3).toString('hex')}.part`;
    const handle = await open(temporary, 'ax').catch((thrown: unknown) => {
      throw notWritten(target, thrown);
    });
    await keepPermissions(target, handle);
    const file = ++last;
    unfinished.set(file, { target, temporary, handle, written: Promise.resolve() });
    return { file };
  }

  async function write(file: number, data: string | Uint8Array): Promise<void> {
    await then(file, ({ handle }) => handle.appendFile(data, 'utf8'));
  }

  async function rewind(file: number): Promise<void> {
    // Opened for appending, so that the next write goes to the new end.
    await then(file, ({ handle }) => handle.truncate(0));
  }

  /** Does a step behind those before it. */
  async function then(file: number, step: (it: Unfinished) => Promise<void>): Promise<void> {
    const it = take(file);
    it.written = it.written.then(() => step(it));
    await attempt(file, it, () => it.written);
  }

  async function end(file: number): Promise<{ path: string }> {
    const it = take(file);
    await attempt(file, it, async () => {
      await it.written;
      await it.handle.sync();
      await it.handle.close();
      await rename(it.temporary, it.target);
    });
    unfinished.delete(file);
    return { path: it.target };
  }

  async function abort(file: number): Promise<void> {
    const it = unfinished.get(file);
    if (it) await discard(file, it);
  }

  /** Does a step; if it fails, nothing is left behind that can be removed. */
  async function attempt(file: number, it: Unfinished, step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (thrown) {
      // Should even this fail, what went wrong first is what the reader has to know.
      const left = await discard(file, it).then(
        () => null,
        () => it.temporary,
      );
      throw notWritten(it.target, thrown, left);
    }
  }

  async function discard(file: number, it: Unfinished): Promise<void> {
    unfinished.delete(file);
    await it.written.catch(() => {});
    await it.handle.close().catch(() => {});
    await rm(it.temporary, { force: true });
  }

  function take(file: number): Unfinished {
    const it = unfinished.get(file);
    if (!it) throw notWritten('The file', new Error('It was given up before.'));
    return it;
  }

  return {
    begin,
    write,
    rewind,
    end,
    abort,
    abortAll: () => {
      for (const { handle, temporary } of unfinished.values()) {
        handle.close().catch(() => {});
        try {
          rmSync(temporary, { force: true });
        } catch {
          // The app ends: nobody is left to tell, and the others are to go all the same.
        }
      }
      unfinished.clear();
    },
  };
}

/**
 * A file that replaces another may be read by whom that one may be, from its first byte on. Where the disk knows no
 * permissions, it is saved without; on Windows they are not to be had this way.
 */
async function keepPermissions(target: string, handle: FileHandle): Promise<void> {
  if (process.platform === 'win32') return;
  const before = await stat(target).catch(() => null);
  if (before?.isFile()) await handle.chmod(before.mode & 0o777).catch(() => {});
}

/** A name that every system takes, and that stays in the folder it is put into. */
export function safeName(name: string): string {
  const safe = [...name]
    .map((character) => (character < ' ' || '<>:"/\\|?*\x7f'.includes(character) ? '-' : character))
    .join('')
    .replace(/^[. ]+|[. ]+$/g, '');
  return safe || 'whospent';
}

const REASONS: Readonly<Record<string, readonly [what: string, action: string]>> = {
  ENOSPC: ['the disk is full', 'Free some space or choose another disk, then export again.'],
  EDQUOT: ['your share of the disk is used up', 'Free some space or choose another disk, then export again.'],
  EACCES: ['you may not write there', 'Choose another folder, then export again.'],
  EPERM: [
    'you may not write there, or another program has the file open',
    'Close the file or choose another folder.',
  ],
  EBUSY: ['another program has the file open', 'Close it there, then export again.'],
  EROFS: ['the disk is read-only', 'Choose another folder, then export again.'],
  ENOENT: ['its folder is gone', 'Choose another folder, then export again.'],
  EISDIR: ['a folder has that name', 'Choose another name, then export again.'],
  EIO: ['the disk reports a fault', 'Choose another disk, then export again.'],
};

/** @param left an unfinished file that could not be removed */
function notWritten(target: string, thrown: unknown, left: string | null = null): AppFailure {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const [what, action] = REASONS[code] ?? [
    'the system refused it',
    'Choose another folder, then export again.',
  ];
  return new AppFailure({
    code: 'file-not-written',
    title: `${basename(target)} was not saved: ${what}.`,
    meaning: `${left === null ? 'Nothing unfinished was left behind' : `The unfinished ${basename(left)} could not be removed`}, and a file that stood there before is as it was.`,
    action,
    detail: `${dirname(target)}: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
  });
}
