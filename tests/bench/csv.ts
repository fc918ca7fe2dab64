/** Reading an activity CSV: text to encoded batches, beside bare PapaParse of the same text. */
import Papa from 'papaparse';
import { Reading } from '../../renderer/csv/reading.ts';
import { HEADERS, line } from '../fixtures/activity.ts';
import type { Bench, Measurement } from './measure.ts';

const ROWS = 1_000_000;
const MODELS = ['openai/gpt-4o-mini-2024-07-18', 'anthropic/claude-sonnet-4', 'google/gemini-2.5-flash'];
const ROUNDS = 3;

function activity(rows: number, app: string): string {
  const lines: string[] = [HEADERS['Sep 2026']];
  for (let n = 0; n < rows; n++) {
    lines.push(
      line('Sep 2026', {
        n,
        user: `user-${(n * 7919) % 5_000}`,
        cost_total: (((n * 104_729) % 20_000) / 1e6).toFixed(6),
        tokens_prompt: (n * 613) % 9_000,
        tokens_completion: (n * 271) % 2_000,
        generation_time_ms: (n * 31) % 20_000,
        model_permaslug: MODELS[n % MODELS.length] ?? '',
        app_name: app,
      }),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** What some work takes of the processors, seconds: a machine that does other things too only takes longer by the clock. */
async function processorTime(work: () => Promise<unknown> | unknown): Promise<number> {
  const begun = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6;
}

async function measure(name: string, text: string): Promise<Measurement> {
  const blob = new Blob([text]);
  let [ours, papa] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < ROUNDS; round++) {
    const read = await processorTime(async () => {
      const reading = await Reading.open({ name: 'activity.csv', blob }, {});
      for await (const piece of reading.pieces()) if (piece.batches.length === 0) continue;
    });
    ours = Math.min(ours, read);
    papa = Math.min(papa, await processorTime(() => Papa.parse(text).data.length));
  }
  return {
    name,
    unit: 's of processor time',
    ours,
    peers: { 'bare PapaParse': papa },
    target: 'at most 1.3 × bare PapaParse',
    met: ours <= 1.3 * papa,
  };
}

export const csvRead: Bench = {
  name: 'csv-read',
  run: async (rows = ROWS) => [
    await measure(`read ${rows} rows without quotes`, activity(rows, 'Demo app')),
    await measure(`read ${rows} rows with quotes in each`, activity(rows, 'Demo, the app')),
  ],
};
