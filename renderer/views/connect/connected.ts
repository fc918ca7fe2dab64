import type { Connection, KeychainState } from '../../../shared/ipc.ts';
import type { Source } from '../../../shared/sync.ts';
import { call, main } from '../../client.ts';
import { lists } from '../../hooks/lists.ts';
import { attempt, notifyDone } from '../../hooks/notices.ts';
import { go } from '../../hooks/route.ts';
import { syncOne } from '../../hooks/sync.ts';
import { openLookUps } from '../look-ups/look-ups-dialog.tsx';

/** What each kind of key can do, in words. */
export const KIND_WORDS: Readonly<Record<Connection['kind'], string>> = {
  inference: 'An inference key: it makes requests, and sees the generations of its account.',
  management: 'A management key: it makes no requests, and sees the whole account.',
};

/** What each source of generations is used for, and what it does not know. */
export const SOURCE_WORDS: Readonly<
  Record<Source, { readonly name: string; readonly use: string; readonly lacks: string }>
> = {
  generations: {
    name: 'List of generations',
    use: 'Syncs read it page by page, from the newest back.',
    lacks:
      'It does not know the time to first token, what web search and files cost, the API key or the app.',
  },
  analytics: {
    name: 'Analytics',
    use: 'Syncs ask for it in windows of time, 64 requests a minute at most.',
    lacks:
      'It does not know latency, streaming, cancelling, the raw finish reason or native tokens. Opening a request fetches them.',
  },
  ids: {
    name: 'Look-ups by id',
    use: 'A request that is opened is fetched whole, and lists of ids can be looked up.',
    lacks: 'Only what was asked for is known: whether there is more, nobody can say.',
  },
};

/** What a key can do that OpenRouter does not let list what was. */
const LOOKS_UP =
  'This key cannot list past generations: it looks up those whose ids you have. For the whole history, add a management key or drop the activity CSV.';

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
        `${lists(connection) ? KIND_WORDS[connection.kind] : LOOKS_UP} ${keyKeptWords(connection.keyKept, keychain)}`,
      ),
    ),
  );
  // A key that lists nothing needs to be told what to look up.
  if (lists(connection)) attempt(syncOne(connection));
  else openLookUps(connection.id);
}
