import { useEffect, useState, useSyncExternalStore } from 'react';
import { store } from '../client.ts';
import { attempt } from './notices.ts';
import { onScreen } from './on-screen.ts';
import { type RowsView, RowWindows, type WindowAnswer } from './row-windows.ts';

/**
 * Follows a query through windows of rows, which `fetch` asks the store for under the names of `views`. `query` must
 * keep its identity while nothing changes; a new `version` of the data asks it again. Nothing is asked while `active`
 * is false.
 */
export function useRowWindows<Query, Row, Head>(
  fetch: (query: Query, offset: number, limit: number) => Promise<WindowAnswer<Row, Head>>,
  query: Query,
  version: number,
  active: boolean,
  views: readonly string[],
): { rows: RowsView<Row, Head>; show: (first: number, last: number) => void } {
  const [windows] = useState(() => {
    const cancel = () => attempt(Promise.all(views.map((view) => store.cancel(view))));
    return new RowWindows<Query, Row, Head>((...window) => onScreen(fetch(...window)), cancel);
  });
  const [show] = useState(() => (first: number, last: number) => windows.show(first, last));
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is a reason to ask again
  useEffect(() => {
    if (active) windows.ask(query);
  }, [windows, query, version, active]);
  return { rows: useSyncExternalStore(windows.subscribe, windows.view), show };
}
