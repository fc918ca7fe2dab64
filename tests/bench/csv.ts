/** An activity CSV into the app: from the drop to the table, beside PapaParse on the same rows. */
import { stat } from 'node:fs/promises';
import { App } from '../e2e/app.ts';
import { Lab } from '../lab/lab.ts';
import { type Bench, count, median, RUNS } from './measure.ts';
import { MEMORY_KIND, peakDuring } from './process-memory.ts';
import { PAGE } from './stores.ts';

/** Records that are stored before any are measured, so that what stores them is warm. */
const WARM_UP = 20_000;
/** Longer than this, ms, and a person feels it; the browser tells no shorter ones. */
const MOST_BLOCKED = 50;
const GB = 1e9;

interface Imported {
  readonly seconds: number;
  /** The longest task of the page meanwhile, ms; 0 when none was told. */
  readonly blocked: number;
}

/**
 * From the moment the file is given to the app to the users table with it; whoever sits before it presses each button
 * as soon as it is there. The page watches itself: asking it from outside every half second would be far too coarse,
 * and asking it with every frame would take a good part of a core from what is measured.
 */
export async function importInto(app: App, file: string): Promise<Imported> {
  await app.page.evaluate(() => {
    const seen = globalThis as unknown as { longest: number; table: Promise<number> };
    seen.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
    }).observe({ type: 'longtask' });
    const reader = {
      /** What a look at the page finds, as soon as it does. */
      found<T>(look: () => T | undefined): Promise<T> {
        return new Promise((given) => {
          const observer = new MutationObserver(() => this.tell(look, given, observer));
          observer.observe(document, { subtree: true, childList: true, attributes: true });
          this.tell(look, given, observer);
        });
      },
      tell<T>(look: () => T | undefined, given: (thing: T) => void, observer: MutationObserver): void {
        const thing = look();
        if (thing === undefined) return;
        observer.disconnect();
        given(thing);
      },
      async press(words: string): Promise<void> {
        const button = await this.found(() => {
          if (document.querySelector('[role=dialog] [role=progressbar]')) return undefined;
          const buttons = [...document.querySelectorAll<HTMLButtonElement>('[role=dialog] button')];
          return buttons.find(({ textContent, disabled }) => textContent === words && !disabled);
        });
        button.click();
      },
      async table(): Promise<number> {
        await new Promise((given) => addEventListener('change', given, { once: true, capture: true }));
        const begun = performance.now();
        await this.press('Import');
        await this.press('Done');
        await this.found(() => document.querySelector('[role=grid] [data-user]') ?? undefined);
        return performance.now() - begun;
      },
    };
    seen.table = reader.table();
  });
  await app.page.getByTestId('files').setInputFiles(file);
  return app.page.evaluate(async () => {
    const seen = globalThis as unknown as { longest: number; table: Promise<number> };
    const seconds = (await seen.table) / 1000;
    return { seconds, blocked: seen.longest };
  });
}

export const csvImport: Bench = {
  name: 'csv-import',
  async run({ rows = 1_000_000, say, stores }) {
    const file = await stores.csv({ rows });
    const [ours, blocked, bare, records]: [number[], number[], number[], number[]] = [[], [], [], []];
    const lab = await Lab.launch({ profile: await stores.empty(), jobs: PAGE });
    try {
      const papa = lab.jobs<typeof import('./page/papa.ts')>('papa');
      await papa.bare({ rows });
      for (let run = 0; run < RUNS; run++) bare.push((await papa.bare({ rows })) / 1000);
      say('  importing into records …');
      await papa.intoDexie({ rows: Math.min(rows, WARM_UP) });
      for (let run = 0; run < RUNS; run++) records.push((await papa.intoDexie({ rows })) / 1000);
    } finally {
      await lab.close();
    }
    say('  importing …');
    for (let run = -1; run < RUNS; run++) {
      const app = await App.launch({ profile: await stores.empty() });
      try {
        const imported = await importInto(app, file);
        if (run < 0) continue;
        ours.push(imported.seconds);
        blocked.push(imported.blocked);
      } finally {
        await app.close();
      }
    }
    const [our, papa, slow] = [median(ours), median(bare), median(records)];
    return [
      {
        name: `CSV of ${count(rows)} generations: from drop to table`,
        unit: 's',
        ours: our,
        peers: { 'bare PapaParse': papa },
        target: 'at most 3 × bare PapaParse',
        met: our <= 3 * papa,
      },
      {
        name: `CSV of ${count(rows)} generations: the same beside records in Dexie`,
        unit: 's',
        ours: our,
        peers: { 'PapaParse + Dexie': slow },
        target: '20 × faster',
        met: slow >= 20 * our,
      },
      {
        name: 'longest that the page stood still meanwhile',
        unit: 'ms',
        ours: median(blocked),
        peers: {},
        target: `never above ${MOST_BLOCKED} ms (shorter ones are not told)`,
        met: Math.max(...blocked) <= MOST_BLOCKED,
      },
    ];
  },
};

export const csvMemory: Bench = {
  name: 'csv-memory',
  async run({ rows = 4_400_000, stores }) {
    const file = await stores.csv({ rows });
    const { size } = await stat(file);
    const app = await App.launch({ profile: await stores.empty() });
    const { peak } = await peakDuring(app.electron, () => importInto(app, file)).finally(() => app.close());
    return [
      {
        name: `most memory while a CSV of ${(size / GB).toFixed(2)} GB is imported (one run; ${MEMORY_KIND})`,
        unit: 'GB',
        ours: peak / GB,
        peers: {},
        target: 'below 1 GB for 1 GB',
        met: peak < GB,
      },
    ];
  },
};
