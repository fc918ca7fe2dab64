import type { GridSort } from '../../components/data-grid/column.ts';
import { createSignal, useSignal } from '../../hooks/signal.ts';
import { DEFAULT_USERS_SORT } from './users-query.ts';

/** How the users table is sorted. */
const sort = createSignal<GridSort>(DEFAULT_USERS_SORT);

export const useUsersSort = (): GridSort => useSignal(sort);
export const setUsersSort = (next: GridSort): void => sort.set(next);
