import { describe, expect, it } from 'vitest';
import { createDeliveries } from '../../electron/sync/deliver.ts';
import { createSyncs, type PullFor } from '../../electron/sync/syncs.ts';
import { batchFromApi } from '../../shared/batch.ts';
import type { Events, SyncState } from '../../shared/ipc.ts';
import { NO_CHECKPOINT, NO_COUNTS } from '../../shared/sync.ts';

const BATCH = batchFromApi([{ id: 'gen-1' }]);
const stored = (delivery: number) => ({
  delivery,
  outcome: { stored: true as const, counts: { ...NO_COUNTS, rows: 1, new: 1 } },
});

function deliveries() {
  const sent: Events['syncBatch'][] = [];
  return { sent, ...createDeliveries((payload) => sent.push(payload)) };
}

describe('a delivery', () => {
  it('waits for the store’s word on it', async () => {
    const { sent, to, acknowledge } = deliveries();
    const counts = to('c')(BATCH, NO_CHECKPOINT, new AbortController().signal);
    expect(sent).toEqual([{ connectionId: 'c', delivery: 1, batch: BATCH, checkpoint: NO_CHECKPOINT }]);
    acknowledge(stored(99));
    acknowledge(stored(1));
    expect(await counts).toMatchObject({ rows: 1, new: 1 });
    acknowledge(stored(1));
  });

  it('that was not stored fails with the store’s own error', async () => {
    const { to, acknowledge } = deliveries();
    const counts = to('c')(BATCH, NO_CHECKPOINT, new AbortController().signal);
    const error = {
      code: 'storage-full',
      title: 'Full.',
      meaning: 'As it was.',
      action: 'Make room.',
    } as const;
    acknowledge({ delivery: 1, outcome: { stored: false, error } });
    await expect(counts).rejects.toMatchObject({ error });
  });

  it('is not waited for any longer than wanted', async () => {
    const { sent, to } = deliveries();
    const abort = new AbortController();
    const counts = to('c')(BATCH, NO_CHECKPOINT, abort.signal);
    abort.abort();
    await expect(counts).rejects.toMatchObject({ error: { code: 'stopped' } });
    await expect(to('c')(BATCH, NO_CHECKPOINT, abort.signal)).rejects.toMatchObject({
      error: { code: 'stopped' },
    });
    expect(sent).toHaveLength(1);
  });
});

describe('the syncs', () => {
  it('are one for each connection, and can be started anew as soon as they are stopped', async () => {
    const states: string[] = [];
    let fetches = 0;
    const source: PullFor = {
      deliver: () => new Promise<never>(() => {}),
      from: async function* ({ signal }) {
        fetches++;
        await new Promise<never>((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason)),
        );
      },
    };
    const syncs = createSyncs((state: SyncState) => states.push(`${state.connectionId} ${state.phase}`));
    await Promise.all([syncs.start('a', source), syncs.start('a', source)]);
    await syncs.start('b', source);
    expect(fetches).toBe(2);
    const stopping = syncs.stop('a');
    await Promise.all([syncs.start('a', source), syncs.start('a', source)]);
    await stopping;
    expect(fetches).toBe(3);
    await syncs.stop('nobody');
    await syncs.stop('a');
    await syncs.stop('b');
    expect(states).toEqual(['a pulling', 'b pulling', 'a stopped', 'a pulling', 'a stopped', 'b stopped']);
  });

  it('stop with what else is done for the connection', async () => {
    const syncs = createSyncs(() => {});
    const hang = (signal: AbortSignal) =>
      new Promise<never>((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new Error('stopped'))),
      );
    const attended = syncs.attend('a', hang);
    const other = syncs.attend('b', async () => 'done');
    await syncs.stop('a');
    await expect(attended).rejects.toThrow('stopped');
    expect(await other).toBe('done');
  });
});
