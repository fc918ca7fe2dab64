/** A real keychain of a test's own: a D-Bus session and GNOME Keyring in it, unlocked, with an empty data folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Keyring {
  /** What the app has to be started with. */
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  stop(): Promise<void>;
}

/** Starts one; its secrets stand below the folder. */
export async function startKeyring(folder: string): Promise<Keyring> {
  const data = join(folder, 'keyring');
  const runtime = join(folder, 'run');
  await mkdir(data, { recursive: true });
  await mkdir(runtime, { recursive: true, mode: 0o700 });
  const bus = spawn('dbus-daemon', ['--session', '--print-address', '--nofork'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, XDG_RUNTIME_DIR: runtime },
  });
  const [address] = (await once(createInterface(bus.stdout), 'line')) as [string];
  const env = { DBUS_SESSION_BUS_ADDRESS: address, XDG_DATA_HOME: data, XDG_RUNTIME_DIR: runtime };
  // It goes into the background as soon as it is unlocked, and ends with its bus.
  const daemon = spawn('gnome-keyring-daemon', ['--daemonize', '--unlock', '--components=secrets'], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...process.env, ...env },
  });
  daemon.stdin.end('a password of this test');
  await once(daemon, 'exit');
  return {
    env,
    args: ['--password-store=gnome-libsecret'],
    stop: () => end(bus),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
