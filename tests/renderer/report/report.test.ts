import Decimal from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barChart, barsOf, roundStep } from '../../../renderer/report/chart.ts';
import { reportHtml } from '../../../renderer/report/document.ts';
import { gatherFacts, type ReportAbout, type ReportFacts } from '../../../renderer/report/facts.ts';
import { html } from '../../../renderer/report/markup.ts';
import type { Filter } from '../../../shared/query.ts';
import { DAY_MS, formatDay, formatDays } from '../../../shared/time.ts';
import { MemoryEngine } from '../store/memory.ts';

const Exact = Decimal.clone({ precision: 100, toExpNeg: -100, toExpPos: 100 });
const DAY = Date.UTC(2026, 10, 1);

const ABOUT: ReportAbout = {
  user: null,
  period: 'All time',
  range: null,
  zone: 'UTC',
  filters: [],
  partial: [],
  gaps: '',
  gapDays: [],
  madeAt: DAY + 40 * DAY_MS,
  appVersion: '1.2.3',
  sample: false,
};

interface Row {
  readonly user: string | null;
  readonly model: string | null;
  readonly cost: string | null;
  readonly day: number;
}

function engineOf(rows: readonly Row[]): MemoryEngine {
  const engine = new MemoryEngine();
  engine.ingest({
    rows: rows.length,
    columns: {
      generation_id: rows.map((_, i) => `gen-${i}`),
      created_at: rows.map(({ day }, i) => new Date(DAY + day * DAY_MS + i).toISOString()),
      user: rows.map(({ user }) => user),
      model_permaslug: rows.map(({ model }) => model),
      cost_total: rows.map(({ cost }) => cost),
      tokens_prompt: rows.map((_, i) => (i % 5 === 0 ? null : i)),
    },
  });
  return engine;
}

const factsOf = (rows: readonly Row[], about: Partial<ReportAbout> = {}, filter: Filter = []) =>
  gatherFacts((query) => engineOf(rows).group(query), filter, { ...ABOUT, ...about });

const document = (facts: ReportFacts) => reportHtml(facts, { css: 'body { color: #000 }' });

/** The exact amounts of a table's lines and of its total, from the tooltips. */
function amounts(text: string, title: string): { lines: string[]; total: string } {
  const table = text.slice(text.indexOf(`<h2>${title}</h2>`)).split('</table>')[0]!;
  const all = [...table.matchAll(/class="amount"><span class="money" title="\$([\d.]+)"/g)].map(
    ([, amount]) => amount!,
  );
  return { lines: all.slice(0, -1), total: all.at(-1)! };
}

const many = (users: number, models = 3): Row[] =>
  Array.from({ length: users * 4 }, (_, i) => ({
    user: i % 9 === 0 ? null : `user-${i % users}`,
    model: `m/${i % models}`,
    cost: `0.000370350000000000${String(i % 90).padStart(2, '0')}`,
    day: i % 20,
  }));

describe('a report', () => {
  it('has lines that add up to their total, with all others as one', async () => {
    const text = document(await factsOf(many(200, 40)));
    for (const title of ['Spend by user', 'Spend by model']) {
      const { lines, total } = amounts(text, title);
      const sum = lines.reduce((all, one) => all.plus(one), new Exact(0));
      expect([title, sum.toString()]).toEqual([title, new Exact(total).toString()]);
    }
    expect(text).toMatch(/17\d other users/);
    expect(text).toContain('25 other models');
    expect(amounts(text, 'Spend by user').lines).toHaveLength(26);
  });

  it('of one user has their days instead of users, which add up too', async () => {
    const rows = many(5).map((row) => ({ ...row, user: 'ann' }));
    const text = document(await factsOf(rows, { user: { id: 'ann' } }));
    expect(text).not.toContain('Spend by user');
    const { lines, total } = amounts(text, 'Days');
    expect(lines).toHaveLength(20);
    expect(lines.reduce((all, one) => all.plus(one), new Exact(0)).equals(total)).toBe(true);
    expect(text).toContain('OpenRouter usage of ann');
  });

  it('says what is missing, what it rests on, and how it was made', async () => {
    const text = document(
      await factsOf(many(3), {
        partial: ['2 of 20 days are not complete'],
        gaps: '2026-11-03 – 2026-11-04',
        gapDays: [DAY + 2 * DAY_MS, DAY + 3 * DAY_MS],
      }),
    );
    expect(text).toContain(
      '2 of 20 days are not complete. Days that are not complete: <span class="date">2026-11-03 – 2026-11-04</span>.',
    );
    expect(text.match(/class="bar open"/g)).toHaveLength(2);
    expect(text).toContain('Spend = credits + BYOK');
    expect(text).toContain('Unknown is not 0.');
    expect(text).toContain('Rests on 12 requests made from 2026-11-01 00:00:00 to 2026-11-12 00:00:00 UTC');
    expect(text).toContain('Whospent 1.2.3');
    expect(text).toContain('known for 9 of 12 requests');
    expect(document(await factsOf(many(3)))).toContain('No day of the period is known to be incomplete.');
  });

  it('has the sign of an exact amount in front of its dollars', async () => {
    const refund = [{ user: 'ann', model: null, cost: '-0.00037035', day: 0 }];
    const text = document(await factsOf(refund));
    expect(text).toContain('The spend to its last digit: <span class="money">−$0.00037035</span>');
    expect(text).not.toContain('$-');
  });

  it('of all time tells it from the days that are stored, so that today can be missing', async () => {
    const row = { user: 'ann', model: null, cost: '1' };
    const days = { partial: ['Today is not complete yet'], gaps: formatDay(DAY + 2 * DAY_MS) };
    const text = document(
      await factsOf(
        [
          { ...row, day: 0 },
          { ...row, day: 1 },
        ],
        days,
      ),
    );
    expect(text).toContain(`<dd>All time (stored: ${formatDays(DAY, DAY + DAY_MS)})</dd>`);
    // One day alone is one day.
    const alone = document(await factsOf([{ ...row, day: 0 }], days));
    expect(alone).toContain(`<dd>All time (stored: ${formatDay(DAY)})</dd>`);
  });

  it('groups the digits of exact amounts too', async () => {
    const text = document(await factsOf([{ user: 'ann', model: null, cost: '13579.7613510001', day: 0 }]));
    expect(text).toContain('The spend to its last digit: <span class="money">$13,579.7613510001</span>');
  });

  it('of nothing is a report of nothing', async () => {
    const text = document(await factsOf([]));
    expect(text).toContain('Rests on 0 requests.');
    expect(text).not.toContain('<svg');
    expect(text).not.toContain('NaN');
  });

  it('brings everything along, and runs nothing', async () => {
    const text = document(await factsOf(many(30)));
    expect(text).not.toMatch(/<script|https?:|src=|href=|@import/i);
    expect(text).toContain('default-src &#39;none&#39;');
  });

  it('is text wherever names come from outside', async () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc
        .array(fc.constantFrom('<', '>', '"', "'", '&', 'script', '/', '=', 'onload', '-->', '`', '${'), {
          minLength: 1,
        })
        .map((parts) => parts.join('')),
    );
    const quiet = (text: string) => text.replace(/<bdi>[^<]*<\/bdi>|<title>[^<]*<\/title>/g, '<name>');
    const shape = quiet(
      document(await factsOf([{ user: 'a', model: 'm', cost: '1', day: 0 }], { filters: ['f'] })),
    );
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (user, model) => {
        // Unknown is another line.
        fc.pre(user.trim() !== '' && model.trim() !== '');
        const facts = await factsOf([{ user, model, cost: '1', day: 0 }], { filters: [user] });
        expect(quiet(document(facts))).toBe(shape);
      }),
    );
  });

  it('gives up in words when the data never stop changing', async () => {
    let version = 0;
    const engine = engineOf(many(2));
    const restless = gatherFacts(
      async (query) => {
        const answer = await engine.group(query);
        return { ...answer, coverage: { ...answer.coverage, version: version++ } };
      },
      [],
      ABOUT,
    );
    await expect(restless).rejects.toThrow('kept changing');
  });
});

describe('templates', () => {
  it('escape what is put into them, unless it is markup', () => {
    expect(html`<i title="${'"<&>\''}">${html`<b>${'<'}</b>`}${['a', null, false, 1]}</i>`.text).toBe(
      '<i title="&quot;&lt;&amp;&gt;&#39;"><b>&lt;</b>a1</i>',
    );
  });
});

describe('the chart', () => {
  it('has a bar a day, or a month where the days are too many', () => {
    const amounts = new Map([
      [DAY, 5n * 10n ** 23n],
      [DAY + 2 * DAY_MS, null],
    ]);
    const { unit, bars } = barsOf(amounts, DAY, DAY + 3 * DAY_MS, new Set([DAY]));
    expect(unit).toBe('day');
    expect(bars.map(({ label, amount, incomplete }) => [label, amount, incomplete])).toEqual([
      ['2026-11-01', 5n * 10n ** 23n, true],
      ['2026-11-02', null, false],
      ['2026-11-03', null, false],
      ['2026-11-04', null, false],
    ]);
    const long = barsOf(
      new Map([
        [DAY, 1n],
        [DAY + DAY_MS, 2n],
      ]),
      DAY,
      DAY + 400 * DAY_MS,
      new Set(),
    );
    expect(long.unit).toBe('month');
    expect(long.bars[0]).toMatchObject({ label: '2026-11', amount: 3n });
    expect(long.bars).toHaveLength(14);
  });

  it('keeps every bar inside, whatever the amounts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 33n })), {
          minLength: 1,
          maxLength: 60,
        }),
        (amounts) => {
          const bars = amounts.map((amount, i) => ({
            label: `${i}`,
            tick: `${i}`,
            amount,
            incomplete: false,
          }));
          const { text } = barChart('Spend', bars);
          for (const [, y, height] of text.matchAll(/ y="([\d.-]+)" width="[\d.]+" height="([\d.-]+)"/g)) {
            expect(Number(y)).toBeGreaterThanOrEqual(9.9);
            expect(Number(y) + Number(height)).toBeLessThanOrEqual(155);
          }
          expect(text).not.toMatch(/NaN|Infinity|undefined/);
        },
      ),
    );
  });

  it('has a round step', () => {
    expect([0, 0.3, 1, 1.1, 4, 6, 1234].map(roundStep)).toEqual([1, 0.5, 1, 2, 5, 10, 2000]);
  });
});
