import { AppFailure } from '../../shared/errors.ts';
import type { CallArguments, Events } from '../../shared/ipc.ts';
import type { IngestCounts } from '../../shared/sync.ts';
import { stopped } from '../openrouter/failures.ts';
import type { Deliver } from './pull.ts';

export interface Deliveries {
  /** Delivers the batches of one connection. */
  to(connectionId: string): Deliver;
  /** The store's word. Words on a delivery nobody waits for any more are ignored. */
  acknowledge(word: CallArguments<'batchStored'>): void;
}

/**
 * Sends batches to the page and waits for the store's word on each.
 * @param send the `syncBatch` event
 */
export function createDeliveries(send: (payload: Events['syncBatch']) => void): Deliveries {
  type Outcome = CallArguments<'batchStored'>['outcome'];
  const waiting = new Map<number, (outcome: Outcome) => void>();
  let last = 0;

  const deliver =
    (connectionId: string): Deliver =>
    async (batch, checkpoint, signal): Promise<IngestCounts> => {
      if (signal.aborted) throw stopped();
      const delivery = ++last;
      const { promise, resolve, reject } = withResolvers<Outcome>();
      const stop = () => reject(stopped());
      signal.addEventListener('abort', stop, { once: true });
      waiting.set(delivery, resolve);
      try {
        send({ connectionId, delivery, batch, checkpoint });
        const outcome = await promise;
        if (!outcome.stored) throw new AppFailure(outcome.error);
        return outcome.counts;
      } finally {
        signal.removeEventListener('abort', stop);
        waiting.delete(delivery);
      }
    };

  return {
    to: deliver,
    acknowledge: ({ delivery, outcome }) => waiting.get(delivery)?.(outcome),
  };
}

/** `Promise.withResolvers`, which the oldest runtime does not have. */
function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
