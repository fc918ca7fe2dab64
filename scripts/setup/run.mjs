// @ts-check
/** Child processes: run to the end, pass signals on, never leave one behind. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { ROOT } from './paths.mjs';

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd] the checkout unless told otherwise
 * @property {NodeJS.ProcessEnv} [env] added to this process's environment; an undefined value removes
 * @property {boolean} [quiet] keep its output unless it fails
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
export function run(file, args, { cwd = ROOT, env = {}, quiet = false, shell = false } = {}) {
  passSignalsOn();
  return new Promise((done, fail) => {
    const child = spawn(file, args, {
      cwd,
      shell,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    });
    running.add(child);
    /** @type {Buffer[]} */
    const kept = [];
    child.stdout?.on('data', (chunk) => kept.push(chunk));
    child.stderr?.on('data', (chunk) => kept.push(chunk));
    child.on('error', fail);
    child.on('close', (code, signal) => {
      running.delete(child);
      const result = code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 0);
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

let passing = false;

/** Ctrl-C reaches the children by the terminal; a signal to us alone has to be handed on, and then awaited. */
function passSignalsOn() {
  if (passing) return;
  passing = true;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      if (running.size === 0) process.exit(128 + constants.signals[signal]);
      // Ctrl-C is already with the whole process group: sent twice, it would read as "now, at once".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) for (const child of running) child.kill(signal);
    });
  }
}
