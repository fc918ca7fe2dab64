/** comlink, taught to carry an `AppError` along with what was thrown. Import comlink from here. */
import * as Comlink from 'comlink';
import { toAppError } from '../shared/errors.ts';

interface Thrown {
  readonly value: unknown;
}
interface Serialized {
  readonly isError: boolean;
  readonly value: object;
}

const handler = Comlink.transferHandlers.get('throw') as Comlink.TransferHandler<Thrown, Serialized>;

// What comlink writes of an error is assigned to a new Error on the other side; `toAppError` finds it there.
Comlink.transferHandlers.set('throw', {
  ...handler,
  serialize: (thrown: Thrown) => {
    const [serialized, transferables] = handler.serialize(thrown);
    // Also what has come over another port before, as a plain Error.
    if (thrown.value instanceof Error) Object.assign(serialized.value, { error: toAppError(thrown.value) });
    return [serialized, transferables];
  },
});

export * from 'comlink';
