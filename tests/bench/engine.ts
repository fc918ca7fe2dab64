/** What every engine under comparison can do; each is a file of jobs that runs inside the lab's page. */
import type { World } from '../lab/page/world.ts';
import type { DataOptions } from './data.ts';
import type { Answer, Question } from './questions.ts';

export interface Engine {
  /** Takes the data in, in whatever form serves it best. Not measured. */
  load(world: World, data: DataOptions): Promise<void>;
  /** Asks a question `runs` times over, after two times that do not count. */
  ask(world: World, asked: { question: Question; data: DataOptions; runs: number }): Promise<Asked>;
}

export interface Asked {
  /** Milliseconds, each from the question to the answer as plain objects in the page. */
  readonly ms: readonly number[];
  readonly answer: Answer;
}

const WARM_UPS = 2;

/** Measures; the runs are numbered, so that each can ask for something that nobody has ready. */
export async function measured<T>(
  runs: number,
  once: (run: number) => Promise<T>,
  answer: (last: T) => Answer,
): Promise<Asked> {
  const ms: number[] = [];
  let last: T | undefined;
  for (let run = 0; run < runs + WARM_UPS; run++) {
    const begun = performance.now();
    last = await once(run);
    if (run >= WARM_UPS) ms.push(performance.now() - begun);
  }
  return { ms, answer: answer(last as T) };
}
