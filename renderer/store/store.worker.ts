import * as Comlink from '../comlink.ts';
import { Store } from './store.ts';

// The name of a built worker is of what is in it. That of a sources' server is not: nothing is kept there.
const store = new Store(import.meta.env.DEV ? {} : { code: location.href });
Comlink.expose(store);

/** Other workers reach the store through a port that the page hands over. */
self.addEventListener('message', (event: MessageEvent<{ port?: MessagePort } | undefined>) => {
  if (event.data?.port instanceof MessagePort) Comlink.expose(store, event.data.port);
});
