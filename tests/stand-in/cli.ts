import { parseArgs } from 'node:util';
import { startStandIn } from './server.ts';

const USAGE = `Usage: npm run stand-in -- [--port N] [--rows N] [--users N] [--seed N] [--without-generations]

A local server that speaks OpenRouter's API, with invented data. Loopback only.

  --port N                 port on 127.0.0.1 (default 8787; 0 for any free one)
  --rows N                 generations in the account (default 20000)
  --users N                end users (default 300)
  --seed N                 another seed is another account (default 1)
  --without-generations    GET /generations answers 404, as for accounts that are not offered it
`;

class UsageError extends Error {}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  if (!/^\d+$/.test(text) || Number(text) < min || Number(text) > max)
    throw new UsageError(`--${name} must be a whole number from ${min} to ${max}, not "${text}"`);
  return Number(text);
}

function readArguments(args: string[]) {
  const text = (value: string) => ({ type: 'string', default: value }) as const;
  const flag = { type: 'boolean', default: false } as const;
  const options = {
    port: text('8787'),
    rows: text('20000'),
    users: text('300'),
    seed: text('1'),
    'without-generations': flag,
    help: { ...flag, short: 'h' },
  } as const;
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];
  try {
    values = parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  return {
    help: values.help,
    port: wholeNumber('port', values.port, 0, 65_535),
    rows: wholeNumber('rows', values.rows, 0, 20_000_000),
    users: wholeNumber('users', values.users, 1, 1_000_000),
    seed: wholeNumber('seed', values.seed, 0, Number.MAX_SAFE_INTEGER),
    offer: { generations: !values['without-generations'] },
  };
}

async function main(): Promise<void> {
  const { help, ...options } = readArguments(process.argv.slice(2));
  if (help) {
    process.stdout.write(USAGE);
    return;
  }
  const standIn = await startStandIn(options);
  standIn.warm();
  process.stdout.write(`Stand-in for OpenRouter: ${options.rows} generations, up to ${options.users} end users, seed ${options.seed}

  Base URL        ${standIn.baseUrl}
  Inference key   ${standIn.inferenceKey}
  Management key  ${standIn.managementKey}

Stop it with Ctrl+C.
`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void standIn.close().then(() => process.exit(0)));
}

main().catch((error: NodeJS.ErrnoException) => {
  const taken = error.code === 'EADDRINUSE';
  const message = taken
    ? 'The port is taken: choose another with --port, or 0 for any free one'
    : error.message;
  process.stderr.write(error instanceof UsageError ? `${message}\n\n${USAGE}` : `${message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
