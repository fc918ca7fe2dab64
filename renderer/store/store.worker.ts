import * as Comlink from '../comlink.ts';
import { Store } from './store.ts';

const store = new Store();
Comlink.expose(store);

/** Other workers reach the store through a port that the page hands over. */
self.addEventListener('message', (event: MessageEvent<{ port?: MessagePort } | undefined>) => {
  if (event.data?.port instanceof MessagePort) Comlink.expose(store, event.data.port);
});
