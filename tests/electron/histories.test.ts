import fc from 'fast-check';
import { expect, it } from 'vitest';
import { joinSpans } from '../../shared/spans.ts';
import { checkpointSchema } from '../../shared/sync.ts';
import { startStandIn } from '../stand-in/server.ts';
import { expectAll, Home, last, Skipping } from './home.ts';

const MINUTE = 60_000;
const sync = fc.record({
  /** Whether the list is offered to this key that day. */
  offered: fc.boolean(),
  /** Killed after so many deliveries; null: it comes to its end. */
  killedAfter: fc.option(fc.integer({ min: 1, max: 6 }), { nil: null }),
  /** Generations that arrive before it, each so many minutes late. */
  arrivals: fc.array(fc.integer({ min: 0, max: 55 }), { maxLength: 4 }),
  minutesLater: fc.integer({ min: 1, max: 3000 }),
  /** Days ago that are filled once more. */
  fill: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
});

it('whatever a history of kills and refusals: at its end everything is there, once', async () => {
  const clock = new Skipping();
  await fc.assert(
    fc.asyncProperty(fc.array(sync, { maxLength: 8 }), async (history) => {
      const standIn = await startStandIn({
        rows: 150,
        now: clock.now,
        endTime: clock.time,
        analyticsPerMinute: Number.POSITIVE_INFINITY,
      });
      try {
        const home = new Home(standIn, { clock });
        let arrived = 0;
        const settled = {
          offered: true,
          killedAfter: null,
          arrivals: [],
          minutesLater: 2000,
          fill: undefined,
        };
        for (const { offered, killedAfter, arrivals, minutesLater, fill } of [...history, settled]) {
          clock.time += minutesLater * MINUTE;
          for (const late of arrivals) {
            const ms = clock.time - late * MINUTE;
            const { api, extra } = standIn.account.generation(0);
            const id = `gen-${Math.floor(ms / 1000)}-late${++arrived}`;
            standIn.account.add({
              api: { ...api, id, created_at: new Date(ms).toISOString() },
              extra: { ...extra, created_ms: ms },
            });
          }
          standIn.offer.generations = offered ? true : 404;
          const from = clock.time - (fill ?? 0) * 24 * 60 * MINUTE;
          const { phase } = last(
            await home.sync({
              ...(killedAfter !== null && { stopAfter: killedAfter }),
              ...(fill !== undefined && { fill: [{ from, to: from + 24 * 60 * MINUTE }] }),
            }),
          );
          expect(killedAfter === null ? ['done'] : ['done', 'stopped']).toContain(phase);
          const { covered } = checkpointSchema.parse(home.checkpoint);
          expect(covered).toEqual(joinSpans(covered));
        }
        expectAll(home, standIn);
      } finally {
        await standIn.close();
      }
    }),
    { numRuns: 25 },
  );
}, 30_000);
