// @ts-check
/** Child processes: run to the end, pass signals on, never leave one behind. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { ROOT } from './paths.mjs';

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd] the checkout unless told otherwise
 * @property {NodeJS.ProcessEnv} [env] added to this process's environment; an undefined value removes
 * @property {boolean} [quiet] show its output only when it fails
 * @property {boolean} [silent] show nothing in any case
 * @property {boolean} [shell]
 */

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/**
 * Runs a program to its end with our terminal and gives its exit code (128 + n for a signal).
 * @param {string} file
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<number>}
 */
export function run(file, args, { cwd = ROOT, env = {}, quiet = false, silent = false, shell = false } = {}) {
  passSignalsOn();
  if (interrupted) return Promise.reject(interrupted);
  return new Promise((done, fail) => {
    const child = spawn(file, args, {
      cwd,
      shell,
      env: { ...process.env, ...env },
      stdio: silent ? 'ignore' : quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    });
    running.add(child);
    /** @type {Buffer[]} */
    const kept = [];
    child.stdout?.on('data', (chunk) => kept.push(chunk));
    child.stderr?.on('data', (chunk) => kept.push(chunk));
    child.on('error', (error) => {
      running.delete(child);
      fail(error);
    });
    child.on('close', (code, signal) => {
      running.delete(child);
      if (interrupted) return fail(interrupted);
      const result = code ?? 128 + constants.signals[signal ?? 'SIGTERM'];
      if (result !== 0) process.stderr.write(Buffer.concat(kept));
      done(result);
    });
  });
}

/**
 * Runs npm, by the very npm that started us when there is one (on Windows `npm` is a batch file that only
 * a shell can start).
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 */
export function npm(args, options) {
  const cli = process.env.npm_execpath;
  return cli?.endsWith('.js')
    ? run(process.execPath, [cli, ...args], options)
    : run('npm', args, { ...options, shell: process.platform === 'win32' });
}

/** A signal told this process to end. It ends when what it runs has ended, and runs nothing further. */
export class Interrupted extends Error {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(signal);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** @type {Interrupted | undefined} */
let interrupted;
/** @type {AbortController | undefined} */
let unwinding;
let listening = false;

/**
 * For a command that has to put things away before it ends: a signal aborts this instead of ending the process, with
 * an {@link Interrupted} to throw when all is put away.
 * @returns {AbortSignal}
 */
export function interruption() {
  passSignalsOn();
  unwinding ??= new AbortController();
  return unwinding.signal;
}

/**
 * Passes signals on to the children, so that none is left behind; without children they end this process in
 * the ordinary way, exit handlers included, unless it has asked for an {@link interruption}.
 */
export function passSignalsOn() {
  if (listening) return;
  listening = true;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      interrupted = new Interrupted(signal);
      if (unwinding) {
        // What is cut short may fail anywhere, in libraries too: no news to somebody who wants it to end.
        process.on('unhandledRejection', () => undefined);
        unwinding.abort(interrupted);
      }
      if (running.size === 0 && !unwinding) process.exit(interrupted.exitCode);
      // Ctrl-C is with the whole process group already: sent twice, it would read as "now, at once".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) for (const child of running) child.kill(signal);
    });
  }
}
