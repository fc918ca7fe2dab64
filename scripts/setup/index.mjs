// @ts-check
/**
 * Everything a command needs before its own job: node modules, system packages, an Electron, a display.
 * What is there already is left alone, so that a second run starts at once.
 */
import { electronCommand, handOn } from './app.mjs';
import { openDisplay, whyVirtual } from './display.mjs';
import { findElectron } from './electron.mjs';
import { checkNode, installNodeModules } from './node-modules.mjs';
import { say } from './say.mjs';
import { ensureSystemPackages } from './system.mjs';

export { electronCommand, sandboxArgs } from './app.mjs';
export { build, ensureBuilt } from './build.mjs';
export { command } from './command.mjs';
export { installOracle } from './oracle.mjs';
export { SetUpError, say } from './say.mjs';

/** Node and its modules: enough for what needs no Electron. */
export async function setUpNode() {
  checkNode();
  await installNodeModules();
}

/**
 * Everything that it takes to run the app. Afterwards the environment of this process is the one that its
 * children need (display, Electron). `virtual` says that the display is one that nobody sees.
 * @param {object} [options]
 * @param {boolean} [options.display] false: the app itself will not be run
 * @param {boolean} [options.headless] nothing is to appear on the reader's screen, even if there is one
 * @param {boolean} [options.keyring] tests will start a keychain of their own
 */
export async function setUp({
  display = true,
  headless = Boolean(process.env.WHOSPENT_HEADLESS),
  keyring = false,
} = {}) {
  await setUpNode();
  const virtual = display ? await whyVirtual({ headless }) : undefined;
  if (display) await ensureSystemPackages({ xvfb: virtual !== undefined, keyring });

  const electron = await findElectron();
  say(electron.why);
  const screen = await openDisplay(virtual);
  if (screen.why) say(screen.why);
  // Set by editors that are Electron apps themselves, ELECTRON_RUN_AS_NODE would make a plain Node of ours.
  setEnvironment({ ...screen.env, ELECTRON_RUN_AS_NODE: undefined });

  const runtime = await electronCommand(electron);
  setEnvironment(handOn(runtime));
  return { ...runtime, virtual: virtual !== undefined };
}

/** @param {Record<string, string | undefined>} values */
function setEnvironment(values) {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
