/** What is on screen comes first: what nobody waits for yet is asked behind it. */

/** The page may be busy for so long at most, ms. */
const PATIENCE_MS = 500;

/** What screens wait for. */
const awaited = new Set<Promise<unknown>>();

/** Says that a screen waits for this. */
export function onScreen<T>(answer: Promise<T>): Promise<T> {
  awaited.add(answer);
  const done = () => void awaited.delete(answer);
  answer.then(done, done);
  return answer;
}

/** Resolves when no screen waits any more, and what came has been drawn. */
export async function behindScreens(): Promise<void> {
  while (awaited.size > 0) await Promise.allSettled(awaited);
  await new Promise<void>((resolve) => {
    requestIdleCallback(() => resolve(), { timeout: PATIENCE_MS });
  });
}
