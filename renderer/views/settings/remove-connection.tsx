import { useState } from 'react';
import type { Connection } from '../../../shared/ipc.ts';
import type { Filter, SourceRef } from '../../../shared/query.ts';
import { Button } from '../../components/button.tsx';
import { Confirm } from '../../components/confirm.tsx';
import { countOf } from '../../components/format.ts';
import { Tick } from '../../components/tick.tsx';
import { askCount } from '../../hooks/ask.ts';
import { removeConnection } from '../../hooks/connections.ts';
import { useStatus } from '../../hooks/dataset.ts';
import { currentFilters, isSameSource, setSource } from '../../hooks/filters.ts';
import { stopLookUps } from '../../hooks/look-ups.ts';
import { attempt, notifyDone } from '../../hooks/notices.ts';
import { forgetSync, stopSync } from '../../hooks/sync.ts';
import { useSources } from '../../hooks/use-sources.ts';

/** Forgets a connection and its key, and its data if that is wanted. */
export function RemoveConnection({ connection }: { readonly connection: Connection }) {
  const { id, label } = connection;
  const { dataset } = useStatus();
  const others = useSources().filter(({ ref }) => !isSameSource(ref, { connectionId: id }));
  const [asking, setAsking] = useState(false);
  const [withData, setWithData] = useState(false);
  /** Generations that nobody else brought; null while they are counted. */
  const [only, setOnly] = useState<number | null>(null);

  const ask = () => {
    setWithData(false);
    setOnly(null);
    setAsking(true);
    attempt(
      countOnly(
        id,
        others.map(({ ref }) => ref),
      ).then(setOnly),
    );
  };
  const remove = async () => {
    await Promise.all([stopSync(), stopLookUps()]);
    const removed = await removeConnection(id, withData);
    forgetSync();
    if (isSameSource(currentFilters().source, { connectionId: id })) setSource(null);
    notifyDone(
      `${label} removed`,
      withData ? `${countOf(removed, 'generation')} deleted with it.` : 'What it brought stays.',
    );
  };

  return (
    <>
      <Button look="danger" onPress={ask}>
        Remove
      </Button>
      <Confirm
        title="Remove this connection?"
        isOpen={asking}
        onClose={() => setAsking(false)}
        confirm={withData ? 'Remove connection and data' : 'Remove connection'}
        onConfirm={remove}
      >
        <p>
          The key <code>{label}</code> is deleted from where it is kept.{' '}
          {withData
            ? 'What files or other connections brought too stays. This cannot be undone, but what OpenRouter still gives can be pulled again.'
            : 'The generations pulled with it stay.'}
        </p>
        {dataset === 'account' && (
          <Tick value={withData} onChange={setWithData} isDisabled={!only}>
            {only === null
              ? 'Counting what only this connection brought…'
              : only === 0
                ? 'No generation was brought by this connection alone'
                : `Also delete the ${countOf(only, 'generation')} only this connection brought`}
          </Tick>
        )}
      </Confirm>
    </>
  );
}

/** Generations of a connection without those that came from elsewhere too. */
async function countOnly(connectionId: string, others: readonly SourceRef[]): Promise<number> {
  const mine: Filter = [{ on: 'source', in: [{ connectionId }] }];
  const shared: Filter = [...mine, { on: 'source', in: others }];
  const [all, both] = await Promise.all([askCount(mine), others.length > 0 ? askCount(shared) : 0]);
  return all - both;
}
