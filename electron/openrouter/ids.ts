import { batchFromApi } from '../../shared/batch.ts';
import type { LookUp } from '../../shared/ipc.ts';
import { timeFromGenerationId } from '../../shared/time.ts';
import type { Client } from './client.ts';
import { ApiFailure } from './failures.ts';
import { findGeneration } from './generation.ts';
import { type RetryOptions, withRetry } from './retry.ts';

/** So many are asked for at a time. */
const AT_A_TIME = 4;
/** A generation can be looked up some seconds after it was made. */
const YOUNG_MS = 60_000;
const YOUNG_TRIES = 4;

/**
 * Looks generations up by their ids (`GET /generation?id=`), a few at a time. Whatever fails for good fails all
 * of it; whoever asks again gets the same answer.
 * @throws {AppFailure} `stopped` as soon as the signal is aborted
 */
export async function lookUp(client: Client, ids: readonly string[], retry: RetryOptions): Promise<LookUp> {
  const wanted = [...new Set(ids)];
  const failed = new AbortController();
  const options = { ...retry, signal: AbortSignal.any([retry.signal, failed.signal]) };
  const found = new Map<string, unknown>();
  let next = 0;

  async function work(): Promise<void> {
    for (let id = wanted[next++]; id !== undefined; id = wanted[next++]) {
      found.set(id, await findPatiently(client, id, options));
    }
  }

  try {
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
  } finally {
    failed.abort();
  }
  return {
    batch: batchFromApi(wanted.map((id) => found.get(id)).filter((generation) => generation !== null)),
    missing: wanted.filter((id) => found.get(id) === null),
  };
}

/** Tries again whatever may be there later; null for what is not. */
async function findPatiently(client: Client, id: string, retry: RetryOptions): Promise<unknown> {
  const find = () => withRetry(() => findGeneration(client, id, retry.signal), retry);
  const made = timeFromGenerationId(id);
  const found = await find();
  const isYoung = made !== undefined && Math.abs(client.now() - made) < YOUNG_MS;
  if (found !== null || !isYoung) return found;
  return withRetry(
    async () => {
      const again = await find();
      if (again === null) throw new ApiFailure(TOO_NEW, { afterMs: null });
      return again;
    },
    { ...retry, tries: YOUNG_TRIES },
  ).catch((thrown) => {
    if (thrown instanceof ApiFailure && thrown.error === TOO_NEW) return null;
    throw thrown;
  });
}

const TOO_NEW = {
  code: 'bad-answer',
  title: 'OpenRouter does not know a generation that was made just now.',
  meaning: 'It can be looked up a few seconds after the request.',
  action: 'Nothing to do: it is asked for again.',
} as const;
