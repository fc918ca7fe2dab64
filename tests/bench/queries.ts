/** How fast questions are answered, by us and by others, over the same data; and that all say the same. */
import { Lab } from '../lab/lab.ts';
import type { Asked, Engine } from './engine.ts';
import { type Bench, type BenchContext, count, type Measurement, median, RUNS } from './measure.ts';
import { installPeers, PEERS } from './peers.ts';
import { type Answer, difference, type Question } from './questions.ts';
import { PAGE } from './stores.ts';

/** More records than this Dexie is not given; its time, which grows with them, is scaled. */
const MOST_IN_DEXIE = 100_000;

interface Target {
  readonly name: string;
  /** Milliseconds. */
  readonly atMost: number;
  /** Whether the other engines must be slower too. */
  readonly ahead?: boolean;
}
type Targets = { readonly [Q in Question]?: Target };

type Answers = ReadonlyMap<Question, Asked>;

/** Asks one engine all questions, in a window of its own. */
async function askAll(
  options: { profile: string; jobs: string; engine: string; rows: number },
  questions: readonly Question[],
): Promise<Answers> {
  const data = { rows: options.rows };
  const lab = await Lab.launch(options);
  const answers = new Map<Question, Asked>();
  try {
    const engine = lab.jobs<Engine>(options.engine);
    await engine.load(data);
    for (const question of questions) answers.set(question, await engine.ask({ question, data, runs: RUNS }));
  } finally {
    await lab.close();
  }
  return answers;
}

function check(peer: string, ours: Answers, theirs: Answers): void {
  for (const [question, { answer }] of ours) {
    const its: Answer | undefined = theirs.get(question)?.answer;
    const what = its && difference(question, answer, its);
    if (what !== undefined) throw new Error(`${peer} answers “${question}” otherwise than we do: ${what}`);
  }
}

async function compare(
  { rows = 1_000_000, say, stores }: BenchContext,
  targets: Targets,
): Promise<Measurement[]> {
  await installPeers();
  const questions = Object.keys(targets) as Question[];
  const us = async (size: number) =>
    askAll({ profile: await stores.filled(size), jobs: PAGE, engine: 'ours', rows: size }, questions);
  say('  Whospent …');
  const ours = await us(rows);
  const peers = new Map<string, { answers: Answers; scale: number }>();
  for (const [name, engine] of Object.entries({ 'DuckDB-Wasm': 'duckdb', 'SQLite Wasm': 'sqlite' })) {
    say(`  ${name} …`);
    const answers = await askAll({ profile: await stores.empty(), jobs: PEERS, engine, rows }, questions);
    check(name, ours, answers);
    peers.set(name, { answers, scale: 1 });
  }
  say('  Dexie …');
  const few = Math.min(rows, MOST_IN_DEXIE);
  const dexie = await askAll(
    { profile: await stores.empty(), jobs: PAGE, engine: 'dexie', rows: few },
    questions,
  );
  check('Dexie', few === rows ? ours : await us(few), dexie);
  peers.set(few === rows ? 'Dexie' : `Dexie, scaled from ${count(few)}`, {
    answers: dexie,
    scale: rows / few,
  });

  return questions.map((question): Measurement => {
    const { name, atMost, ahead } = targets[question] as Target;
    const figure = median(ours.get(question)?.ms ?? []);
    const figures = Object.fromEntries(
      [...peers].map(([peer, { answers, scale }]) => [peer, median(answers.get(question)?.ms ?? []) * scale]),
    );
    const isAhead = Object.values(figures).every((their) => figure < their);
    return {
      name: `${count(rows)} generations: ${name}`,
      unit: 'ms',
      ours: figure,
      peers: figures,
      target: `at most ${atMost} ms${ahead ? ', and ahead of the others' : ''}`,
      met: figure <= atMost && (!ahead || isAhead),
    };
  });
}

export const queries: Bench = {
  name: 'queries',
  run: (context) =>
    compare(context, {
      users: { name: 'users table', atMost: 60, ahead: true },
      filtered: { name: 'users table, 30 days, 5 models, text in user', atMost: 60 },
      latency: { name: 'p50 and p95 of latency by user', atMost: 400 },
      days: { name: 'user × day, 30 days', atMost: 150 },
    }),
};

export const rows: Bench = {
  name: 'rows',
  run: (context) =>
    compare(context, {
      rows: { name: 'requests by spend, first window', atMost: 500 },
      window: { name: 'requests by spend, any other window', atMost: 20 },
    }),
};
