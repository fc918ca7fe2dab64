import type { Connection, KeychainState } from '../../../shared/ipc.ts';
import { call, main } from '../../client.ts';
import { attempt, notifyDone } from '../../hooks/notices.ts';
import { go } from '../../hooks/route.ts';
import { syncAll } from '../../hooks/sync.ts';

/** What each kind of key can do, in words. */
export const KIND_WORDS: Readonly<Record<Connection['kind'], string>> = {
  inference: 'An inference key: it makes requests, and lists the generations of its own account.',
  management: 'A management key: it makes no requests, and sees the whole account.',
};

/** Where a key is kept, in words. */
export function keyKeptWords(kept: Connection['keyKept'], keychain?: KeychainState): string {
  if (kept === 'keychain') return 'The key is kept in the system keychain.';
  const why = keychain && !keychain.usable ? ` ${keychain.reason}` : '';
  return `The key is kept for this session only; paste it again after a restart.${why}`;
}

/** Says what was connected and where the key is, and starts the first sync straight away. */
export function welcome(connection: Connection): void {
  go({ view: 'users' });
  attempt(
    call(main.appInfo({})).then(({ keychain }) =>
      notifyDone(
        `Connected: ${connection.label}`,
        `${KIND_WORDS[connection.kind]} ${keyKeptWords(connection.keyKept, keychain)}`,
      ),
    ),
  );
  attempt(syncAll());
}
