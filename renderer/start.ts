/**
 * The first script, and a small one: while the rest of the page is being read, the store opens in its worker and
 * prepares what the first screen is going to ask.
 */
import { store } from './client.ts';
import { WINDOW_ROWS } from './hooks/row-windows.ts';
import { DEFAULT_USERS_SORT, SCREEN_AGGREGATES, storeSort, usersQuery } from './views/users/users-query.ts';

// What goes wrong is told to the screen when it asks.
store
  .prepare(usersQuery([], SCREEN_AGGREGATES, storeSort(DEFAULT_USERS_SORT), 0, WINDOW_ROWS))
  .catch(() => undefined);

void import('./main.tsx');
