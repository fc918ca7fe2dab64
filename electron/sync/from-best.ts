import { AppFailure } from '../../shared/errors.ts';
import type { Connection } from '../../shared/ipc.ts';
import type { Checkpoint, Source, Span } from '../../shared/sync.ts';
import { DAY_MS } from '../../shared/time.ts';
import { listGenerations } from '../openrouter/generations.ts';
import { type Api, findOffer, isRefusal, withGenerations } from '../openrouter/sources.ts';
import { fromAnalytics } from './from-analytics.ts';
import { fromGenerations } from './from-generations.ts';
import { type Around, type Deliveries, NO_GENERATIONS } from './pull.ts';

export interface Asked {
  readonly checkpoint: Checkpoint;
  readonly fill?: readonly Span[] | undefined;
  /** Told what the key turned out to be good for. */
  readonly onSources: (sources: readonly Source[]) => void;
}

/**
 * Pulls from the best source that the key is offered today: the list of generations; where that is refused, the
 * analytics, with a management key.
 * @throws {AppFailure} `generations-not-offered` where there is nothing to pull from
 */
export async function* fromBest(api: Api, asked: Asked, around: Around): Deliveries {
  const { client, kind } = api;
  const { fill, onSources } = asked;
  let { checkpoint } = asked;

  if (isDue(checkpoint.refusedAt, client.now())) {
    const pages = {
      fetch: (offset: number, signal: AbortSignal) => listGenerations(client, { offset }, signal),
      now: client.now,
    };
    try {
      for await (const delivery of fromGenerations(pages, checkpoint, fill, around)) {
        if (checkpoint === asked.checkpoint) onSources(withGenerations(kind));
        // Offered again: the refusal is forgotten.
        checkpoint = { ...delivery.checkpoint, refusedAt: null };
        yield { ...delivery, checkpoint };
      }
      return;
    } catch (thrown) {
      if (!(await isRefusal(thrown, client))) throw thrown;
    }
    // What was left of that run is missing, and the next source sees so.
    const run = checkpoint.run?.source === 'generations' ? null : checkpoint.run;
    checkpoint = { ...checkpoint, refusedAt: client.now(), run };
    yield { batch: NO_GENERATIONS, checkpoint, source: 'generations', span: null, done: null };
  }

  const offer = kind === 'management' ? await around.attempt(() => findOffer(api, around)) : null;
  if (!offer) {
    onSources(['ids']);
    throw nothingToPullFrom(kind);
  }
  onSources(['analytics', 'ids']);
  yield* fromAnalytics({ ...api, offer }, checkpoint, fill, around);
}

/**
 * What was not offered is asked for again another day. Either clock may have been wrong: a refusal from the future
 * counts for nothing.
 */
const isDue = (refusedAt: number | null, now: number): boolean =>
  refusedAt === null || Math.abs(now - refusedAt) >= DAY_MS;

function nothingToPullFrom(kind: Connection['kind']): AppFailure {
  return new AppFailure({
    code: 'generations-not-offered',
    title:
      kind === 'management'
        ? 'OpenRouter gives this key neither the list of generations nor its analytics.'
        : 'OpenRouter does not give the list of generations to this inference key.',
    meaning: 'Nothing can be pulled by itself; the data stored here is unchanged.',
    action:
      'Paste generation ids, or a file that holds them: the key can look each of them up. Or drop the activity CSV from openrouter.ai → Activity here.',
  });
}
