import { describe, expect, it } from 'vitest';
import { createDeliveries } from '../../electron/sync/deliver.ts';
import { createSyncs } from '../../electron/sync/syncs.ts';
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

  it.each([
    ['QuotaExceededError: no room', 'storage-full'],
    ['TypeError: x is undefined', 'storage-broken'],
  ])('that was not stored (%s) is %s', async (reason, code) => {
    const { to, acknowledge } = deliveries();
    const counts = to('c')(BATCH, NO_CHECKPOINT, new AbortController().signal);
    acknowledge({ delivery: 1, outcome: { stored: false, reason } });
    await expect(counts).rejects.toMatchObject({ error: { code, detail: reason } });
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
  const hanging = {
    fetchPage: () => new Promise<never>(() => {}),
    deliver: () => new Promise<never>(() => {}),
  };

  it('are one for each connection, and can be started anew as soon as they are stopped', async () => {
    const states: string[] = [];
    let fetches = 0;
    const source = {
      ...hanging,
      fetchPage: (_offset: number, signal: AbortSignal) => {
        fetches++;
        return new Promise<never>((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason)),
        );
      },
    };
    const syncs = createSyncs((state: SyncState) => states.push(`${state.connectionId} ${state.phase}`));
    await Promise.all([syncs.start('a', NO_CHECKPOINT, source), syncs.start('a', NO_CHECKPOINT, source)]);
    await syncs.start('b', NO_CHECKPOINT, source);
    expect(fetches).toBe(2);
    const stopping = syncs.stop('a');
    await Promise.all([syncs.start('a', NO_CHECKPOINT, source), syncs.start('a', NO_CHECKPOINT, source)]);
    await stopping;
    expect(fetches).toBe(3);
    await syncs.stop('nobody');
    await syncs.stop('a');
    await syncs.stop('b');
    expect(states).toEqual(['a pulling', 'b pulling', 'a stopped', 'a pulling', 'a stopped', 'b stopped']);
  });
});
