import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Papa from 'papaparse';
import { HEADERS, line } from '../fixtures/activity.ts';
import { importLines } from './activity-files.ts';
import type { App } from './app.ts';
import { expect, test } from './fixtures.ts';

/** Ids of the users on screen, from the top; null is the row without one. */
async function usersOnScreen(app: App): Promise<string[]> {
  const rows = app.users.getByRole('row');
  const names = await rows.locator('[role=rowheader], [role=gridcell]:first-child').allTextContents();
  return names.map((name) => name.trim());
}

test('all columns, a row without a user, and a footer of sums', async ({ app, folder }) => {
  await importLines(app, folder, [
    line('Sep 2026', {
      n: 0,
      user: 'ann',
      cost_total: '0.5',
      tokens_prompt: 10,
      tokens_completion: 20,
      tokens_reasoning: 3,
      tokens_cached: 4,
    }),
    line('Sep 2026', {
      n: 1,
      user: 'ann',
      cost_total: '0.25',
      model_permaslug: 'other/model',
      tokens_prompt: 1,
    }),
    line('Sep 2026', { n: 2, user: '', cost_total: '0.25', tokens_prompt: 5 }),
  ]);
  for (const name of [
    'User',
    'Requests',
    'Spend',
    'Share of spend',
    'Prompt',
    'Completion',
    'Reasoning',
    'Cached',
    'Models',
    'First seen',
    'Last seen',
  ]) {
    await expect(app.users.getByRole('columnheader', { name: new RegExp(`^${name}`) })).toBeAttached();
  }
  await expect(app.userRow('ann')).toContainText('$0.75');
  await expect(app.userRow('ann')).toContainText('75.0%');
  await expect(app.userRow(null)).toContainText('25.0%');
  await expect(app.users.getByRole('row').last()).toContainText('$1.00');
  await expect(app.users.getByRole('row').last()).toContainText('3');
});

test('sorts by every column over all users', async ({ app, folder }) => {
  await app.openSample();
  const columns = [
    ['Requests', 'requests'],
    ['Spend', 'spend_usd'],
    ['Prompt', 'tokens_prompt'],
    ['Completion', 'tokens_completion'],
    ['Reasoning', 'tokens_reasoning'],
    ['Cached', 'tokens_cached'],
    ['Avg', 'spend_per_request_usd'],
    ['Models', 'models'],
    ['First seen', 'first_seen_utc'],
    ['Last seen', 'last_seen_utc'],
    ['Share of spend', 'share_of_spend'],
  ] as const;
  for (const [heading, key] of columns) {
    const header = app.users.getByRole('columnheader', { name: new RegExp(`^${heading}`) });
    // Spend is the order at the start; a click would turn it round.
    if ((await header.getAttribute('aria-sort')) !== 'descending') await header.getByRole('button').click();
    await expect(header).toHaveAttribute('aria-sort', 'descending');
    const path = join(folder, `${key}.csv`);
    await app.export('Users table (CSV)', path);
    const { data } = Papa.parse<Record<string, string>>(await readFile(path, 'utf8'), {
      header: true,
      skipEmptyLines: true,
    });
    expect(data.length).toBeGreaterThan(100);
    const values = data.map((row) => row[key] ?? '').filter((value) => value !== '');
    const sorted = key.endsWith('_utc')
      ? [...values].sort().reverse()
      : [...values].sort((a, b) => Number(b) - Number(a));
    expect(values).toEqual(sorted);
    // What is on top of the file is on top of the screen.
    const top = data[0]?.user || 'No user id';
    await expect(app.rowsOf(app.users).first()).toContainText(top);
  }
});

test('search finds users anywhere in the list, upper and lower case alike', async ({ app, folder }) => {
  await importLines(app, folder, [
    ...Array.from({ length: 500 }, (_, n) => line('Sep 2026', { n, user: `filler-${n}`, cost_total: '1' })),
    line('Sep 2026', { n: 900, user: 'Needle-42', cost_total: '0.000001' }),
  ]);
  await expect(app.users).toHaveAttribute('aria-rowcount', '503');
  await app.page.getByRole('searchbox', { name: 'Search users' }).fill('needle');
  await expect(app.users).toHaveAttribute('aria-rowcount', '3');
  await expect(app.userRow('Needle-42')).toContainText('<$0.0001');
  await app.page.getByRole('searchbox', { name: 'Search users' }).fill('nobody at all');
  await expect(app.button(/clear/i).first()).toBeVisible();
});

for (const zone of ['Pacific/Auckland', 'America/Los_Angeles']) {
  test(`a date range is of UTC days, also on a machine in ${zone}`, async ({ start, folder }) => {
    const app = await start({ zone });
    await importLines(app, folder, [
      line('Sep 2026', { n: 1, created_at: '2026-09-01 23:59:59.999', user: 'before', cost_total: '1' }),
      line('Sep 2026', { n: 2, created_at: '2026-09-02 00:00:00.000', user: 'first', cost_total: '1' }),
      line('Sep 2026', { n: 3, created_at: '2026-09-02 23:59:59.999', user: 'last', cost_total: '1' }),
      line('Sep 2026', { n: 4, created_at: '2026-09-03 00:00:00.000', user: 'after', cost_total: '1' }),
    ]);
    await app.setRange('2026-09-02', '2026-09-02');
    await expect(app.users).toHaveAttribute('aria-rowcount', '4');
    await expect(app.userRow('first')).toBeVisible();
    await expect(app.userRow('last')).toBeVisible();
    await app.export('Users table (CSV)', join(folder, 'users.csv'));
    const text = await readFile(join(folder, 'users.csv'), 'utf8');
    expect(text).toContain('2026-09-02 00:00:00.000');
    expect(text).not.toContain('before');
  });
}

test('days are typed straight on, walked with the arrows, and count when they are left', async ({ app }) => {
  await app.openSample();
  const button = app.button(/^Date range/);
  const range = (label: string) => expect(button).toHaveAttribute('aria-label', `Date range: ${label} (UTC)`);
  const { keyboard } = app.page;
  const type = async (...days: readonly string[]) => {
    await button.click();
    await app.page.getByRole('dialog', { name: 'Date range' }).getByRole('spinbutton').first().click();
    for (const [i, day] of days.entries()) {
      if (i > 0) await keyboard.press('Tab');
      await keyboard.type(day);
    }
  };
  await type('20261105', '20261108');
  // Half typed, a range is nobody's.
  await range('All time');
  await keyboard.press('Enter');
  await range('2026-11-05 – 2026-11-08');

  // Of what was there before only what is typed changes, also where the days stand the wrong way round meanwhile.
  await type('20261109');
  await keyboard.press('ArrowLeft');
  await keyboard.type('10');
  await keyboard.press('Tab');
  await keyboard.type('20261031');
  await keyboard.press('Escape');
  await range('2026-10-09 – 2026-10-31');

  await type('20261120', '20261110');
  await keyboard.press('Enter');
  await range('2026-11-10 – 2026-11-20');

  // A preset puts away what was typed; one day alone is that day.
  await type('2025');
  await app.button('All time').click();
  await range('All time');
  await button.click();
  await keyboard.press('Escape');
  await range('All time');
  await type('20261103');
  await keyboard.press('Escape');
  await range('2026-11-03');

  // Two days picked: what was typed before counts no more.
  await type('20261101');
  const day = (number: number) =>
    app.page.getByRole('gridcell').getByRole('button', { name: new RegExp(`November ${number}, 2026`) });
  await day(5).click();
  await day(12).click();
  await range('2026-11-05 – 2026-11-12');
});

test('opening a user shows its requests; the range holds; Escape goes back', async ({ app, folder }) => {
  await importLines(app, folder, [
    line('Sep 2026', { n: 1, user: 'ann', cost_total: '0.5' }),
    line('Sep 2026', { n: 2, user: 'ann', cost_total: '0.125', model_permaslug: 'other/model' }),
    line('Sep 2026', { n: 3, user: 'bob', cost_total: '9' }),
  ]);
  await app.openUser('ann');
  const { requests } = app;
  await expect(requests).toHaveAttribute('data-rows', '2');
  await expect(app.rowsOf(requests).first()).toContainText('other/model');
  await expect(requests).not.toContainText('$9');
  await app.page.keyboard.press('Escape');
  await expect(app.users).toBeVisible();
});

test('a row is copied with the keyboard alone', async ({ app, folder }) => {
  await importLines(app, folder, [
    line('Sep 2026', { n: 1, user: 'ann', cost_total: '9.000000000000000001' }),
    line('Sep 2026', { n: 2, user: 'bob', cost_total: '0.00037035000000000003' }),
  ]);
  await app.rowsOf(app.users).nth(1).waitFor();
  await app.electron.evaluate(({ clipboard }) => clipboard.clear());
  await app.users.focus();
  await app.page.keyboard.press('ArrowDown');
  await app.page.keyboard.press('ControlOrMeta+c');
  const copied = () => app.electron.evaluate(({ clipboard }) => clipboard.readText());
  await expect.poll(copied).toContain('bob\t1\t0.00037035000000000003');
});

test('twenty thousand users scroll to the last one', async ({ app, folder }) => {
  const path = join(folder, 'many.csv');
  const rows = Array.from({ length: 20_000 }, (_, n) =>
    line('Sep 2026', { n, user: `user-${String(n).padStart(5, '0')}`, cost_total: (2 - n / 1e6).toFixed(6) }),
  );
  await writeFile(path, `${HEADERS['Sep 2026']}\n${rows.join('\n')}\n`);
  await app.importFiles([path]);
  await app.button('Done').click();
  await expect(app.users).toHaveAttribute('aria-rowcount', '20002');
  await app.users.focus();
  await app.page.keyboard.press('End');
  await expect(app.userRow('user-19999')).toBeVisible();
  await app.page.keyboard.press('Home');
  await expect(app.userRow('user-00000')).toBeVisible();
  expect((await usersOnScreen(app)).length).toBeLessThan(200);
});
