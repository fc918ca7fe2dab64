import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import { AppFailure, type Result, toAppError } from '../shared/errors.ts';
import {
  CALLS,
  type CallArguments,
  type CallName,
  type CallResults,
  type EventName,
  type Events,
} from '../shared/ipc.ts';
import { CALL_NAMES } from '../shared/ipc-names.ts';
import { log, redact } from './log.ts';

/** What the main process does for each call of the contract. */
export type Calls = {
  readonly [N in CallName]: (args: CallArguments<N>) => CallResults[N] | Promise<CallResults[N]>;
};

/** Sends an event to the page, if it is there. */
export type Emit = <N extends EventName>(name: N, payload: Events[N]) => void;

/**
 * Answers the calls of the contract, and no others.
 * @param isTrusted whether a message comes from our own page
 */
export function serveCalls(
  ipcMain: Pick<IpcMain, 'handle'>,
  calls: Calls,
  isTrusted: (event: IpcMainInvokeEvent) => boolean,
): void {
  const handle = <N extends CallName>(name: N) =>
    ipcMain.handle(name, (event, raw: unknown) =>
      isTrusted(event) ? answer(name, calls[name], raw) : refuse(`${name} from an unknown sender`),
    );
  for (const name of CALL_NAMES) handle(name);
}

/**
 * Does one call. Never rejects: arguments that break the contract and whatever is thrown become a typed error.
 * @param raw the argument as it came over the border
 */
export async function answer<N extends CallName>(
  name: N,
  call: Calls[N],
  raw: unknown,
): Promise<Result<CallResults[N]>> {
  const parsed = CALLS[name].safeParse(raw);
  if (!parsed.success) {
    // Only where and why: the values may hold a key.
    const why = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'argument'}: ${message}`);
    return refuse(`${name}: ${why.join('; ')}`);
  }
  try {
    return { ok: true, value: await call(parsed.data as CallArguments<N>) };
  } catch (thrown) {
    if (!(thrown instanceof AppFailure)) log(`${name} failed`, thrown);
    const error = toAppError(thrown);
    return { ok: false, error: error.detail ? { ...error, detail: redact(error.detail) } : error };
  }
}

function refuse(why: string): { ok: false; error: AppFailure['error'] } {
  log(`Refused: ${why}`);
  return { ok: false, error: toAppError(new Error(redact(why))) };
}

/** Whether a message comes from the top frame of our own window, showing our own page. */
export function fromPage(
  { sender, senderFrame }: IpcMainInvokeEvent,
  webContents: WebContents,
  owns: (address: string) => boolean,
): boolean {
  return (
    sender === webContents && senderFrame !== null && senderFrame.parent === null && owns(senderFrame.url)
  );
}

export function emitTo(webContents: WebContents): Emit {
  return (name, payload) => {
    if (!webContents.isDestroyed()) webContents.send(name, payload);
  };
}
