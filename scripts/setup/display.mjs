// @ts-check
/** A screen for the app: the reader's, or an X server without a screen (Xvfb). */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { passSignalsOn } from './run.mjs';
import { SetUpError } from './say.mjs';

const SCREEN = '1920x1200x24';

/**
 * @typedef {object} Display
 * @property {string} [why] one line for the reader
 * @property {Record<string, string | undefined>} env what processes on this display need; undefined removes
 * @property {() => void} close
 */

/**
 * Why a virtual display is needed, or undefined when the reader's own will do.
 * @param {{ headless?: boolean }} [options]
 * @param {NodeJS.Platform} [platform]
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<string | undefined>}
 */
export async function whyVirtual({ headless = false } = {}, platform = process.platform, env = process.env) {
  if (platform !== 'linux') return undefined;
  if (headless) return 'nothing is to be shown';
  if (env.WAYLAND_DISPLAY) return undefined;
  if (!env.DISPLAY) return 'DISPLAY is not set';
  return (await somebodyAnswers(env.DISPLAY)) ? undefined : `nothing answers at DISPLAY=${env.DISPLAY}`;
}

/**
 * Opens a display; one that was started here ends with this process.
 * @param {string | undefined} why from {@link whyVirtual}
 * @returns {Promise<Display>}
 */
export async function openDisplay(why) {
  if (!why) return { env: {}, close() {} };
  const { number, cookieFile, close } = await startXvfb();
  return {
    why: `Display: Xvfb :${number} because ${why}`,
    // Newer Electrons prefer Wayland when they see one.
    env: {
      DISPLAY: `:${number}`,
      XAUTHORITY: cookieFile,
      WAYLAND_DISPLAY: undefined,
      XDG_SESSION_TYPE: 'x11',
    },
    close,
  };
}

/** @returns {Promise<{ number: number, cookieFile: string, close: () => void }>} */
function startXvfb() {
  const folder = mkdtempSync(join(tmpdir(), 'whospent-display-'));
  const cookieFile = join(folder, 'Xauthority');
  writeFileSync(cookieFile, authority(randomBytes(16)), { mode: 0o600 });

  return new Promise((done, fail) => {
    // Xvfb itself looks for a free number and writes it to descriptor 3 once it listens. Its own process
    // group keeps Ctrl-C from it: the app is to end first.
    const server = spawn(
      'Xvfb',
      // Without -noreset it begins anew whenever its last window closes, and sends away whoever comes just then.
      ['-displayfd', '3', '-screen', '0', SCREEN, '-auth', cookieFile, '-nolisten', 'tcp', '-noreset'],
      {
        stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
        detached: true,
      },
    );
    const close = () => {
      process.off('exit', close);
      server.kill();
      rmSync(folder, { recursive: true, force: true });
    };
    process.on('exit', close);
    passSignalsOn();

    let said = '';
    server.stderr?.on('data', (chunk) => {
      said += chunk;
    });
    server.stdio[3]?.once('data', (chunk) => {
      // Nothing of it may keep this process from ending.
      server.unref();
      for (const stream of server.stdio) /** @type {import('node:net').Socket | null} */ (stream)?.unref?.();
      done({ number: Number(String(chunk).trim()), cookieFile, close });
    });
    server.once('error', (error) => fail(new SetUpError(`Xvfb could not be started: ${error.message}`)));
    server.once('exit', () => fail(new SetUpError(`Xvfb ended at once: ${said.trim() || 'without a word'}`)));
  });
}

/**
 * An .Xauthority file with one cookie, good for every display: without one, every user of the machine could
 * read the screen.
 * @param {Buffer} cookie
 */
export function authority(cookie) {
  const anyFamily = Buffer.from([0xff, 0xff]);
  const fields = ['', '', 'MIT-MAGIC-COOKIE-1', cookie].map((field) => {
    const bytes = Buffer.from(field);
    return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
  });
  return Buffer.concat([anyFamily, ...fields]);
}

/**
 * Whether a local X server listens there; a display on another host is believed in.
 * @param {string} display
 */
async function somebodyAnswers(display) {
  const number = /^(?:unix)?:(\d+)/.exec(display)?.[1];
  if (number === undefined) return true;
  const socket = `/tmp/.X11-unix/X${number}`;
  // The second is the abstract socket of the same name.
  return (await connects(socket)) || (await connects(`\0${socket}`));
}

/** @param {string} path @returns {Promise<boolean>} */
const connects = (path) =>
  new Promise((done) => {
    const socket = connect(path, () => {
      socket.destroy();
      done(true);
    });
    socket.on('error', () => done(false));
  });
