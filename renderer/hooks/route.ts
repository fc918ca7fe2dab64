import { createSignal, useSignal } from './signal.ts';

/** The screens. `user` null is the row of requests without a user id. */
export type Route =
  | { readonly view: 'users' }
  | { readonly view: 'user'; readonly user: string | null }
  | { readonly view: 'coverage' }
  | { readonly view: 'reconcile' }
  | { readonly view: 'imports' }
  | { readonly view: 'settings' };

const route = createSignal<Route>({ view: 'users' });

export const useRoute = (): Route => useSignal(route);
export const go = (next: Route): void => route.set(next);
