import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient } from '../../electron/openrouter/client.ts';
import { listGenerations } from '../../electron/openrouter/generations.ts';
import { fromGenerations } from '../../electron/sync/from-generations.ts';
import { type PullState, pull } from '../../electron/sync/pull.ts';
import { type Checkpoint, NO_CHECKPOINT, NO_COUNTS } from '../../shared/sync.ts';
import { everyGeneration } from '../stand-in/http.ts';
import { type StandIn, startStandIn } from '../stand-in/server.ts';

let standIn: StandIn;
beforeAll(async () => {
  standIn = await startStandIn({ rows: 4321 });
});
afterAll(() => standIn.close());

it('gets a whole account from a server that has troubles, and asks little the second time', async () => {
  const client = createClient({ baseUrl: standIn.baseUrl, key: standIn.managementKey, fetch });
  const stored = new Map<string, unknown>();
  let checkpoint: Checkpoint = NO_CHECKPOINT;

  async function sync(): Promise<PullState[]> {
    const states: PullState[] = [];
    await pull({
      signal: new AbortController().signal,
      from: (around) =>
        fromGenerations(
          {
            fetch: (offset, signal) => listGenerations(client, { offset }, signal),
            now: client.now,
          },
          checkpoint,
          undefined,
          around,
        ),
      deliver: async (batch, next) => {
        batch.columns.generation_id?.forEach((id, i) => {
          stored.set(String(id), batch.columns.cost_total?.[i]);
        });
        checkpoint = next;
        return { ...NO_COUNTS, rows: batch.rows };
      },
      onState: (state) => states.push(state),
      retry: { firstPauseMs: 1 },
    });
    return states;
  }

  standIn.faults.next({ path: '/generations', status: 429, headers: { 'retry-after': '0' } });
  standIn.faults.html('/generations', 502);
  const at = (offset: string) => (url: URL) => url.searchParams.get('offset') === offset;
  standIn.faults.next({ path: '/generations', when: at('2000'), drop: 'midway', status: 200 });
  standIn.faults.next({ path: '/generations', when: at('4000'), status: 524 });

  const states = await sync();
  expect(states.flatMap((state) => (state.phase === 'waiting' ? [state.error.code] : []))).toEqual([
    'rate-limited',
    'server-error',
    'offline',
    'server-error',
  ]);
  expect(states.at(-1)?.phase).toBe('done');

  const account = await everyGeneration<{ id: string; total_cost: number }>(standIn, 1000);
  expect(stored.size).toBe(4321);
  for (const { id, total_cost } of account) expect(stored.get(id)).toBe(total_cost);

  expect((await sync()).at(-1)).toMatchObject({ phase: 'done', progress: { pages: 1 } });
});
