/** Run by `secrets.test.ts`, in a process of its own: does what goes wrong, prints all of it, and crashes. */
import { log } from '../../electron/log.ts';
import { createClient } from '../../electron/openrouter/client.ts';
import { readDetails } from '../../electron/openrouter/generation.ts';
import { listGenerations } from '../../electron/openrouter/generations.ts';
import { readKey } from '../../electron/openrouter/key.ts';
import { readTotals } from '../../electron/openrouter/totals.ts';

const [baseUrl = '', key = ''] = process.argv.slice(2);
const client = createClient({ baseUrl, key, fetch });
const calls = [
  () => listGenerations(client, { offset: 0 }),
  () => readKey(client),
  () => readDetails(client, 'gen-1'),
  () => readTotals(client),
  () => client.post('/analytics/query', {}, { schema: undefined as never }),
];
for (const call of calls) {
  const thrown = await call().then(
    () => {
      throw new Error('it went well');
    },
    (reason: unknown) => reason,
  );
  log('It failed', thrown);
  console.log(thrown, JSON.stringify(thrown));
}
await readDetails(client, 'gen-1');
