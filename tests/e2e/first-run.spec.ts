import { expect, test } from './fixtures.ts';

test('three ways in stand side by side', async ({ app }) => {
  const ways = ['Connect with an API key', 'Drop an activity CSV', 'Look around first'];
  const boxes = await Promise.all(ways.map((name) => app.page.getByRole('region', { name }).boundingBox()));
  const [first, second, third] = boxes.map((box) => box!);
  expect(first!.y).toBe(second!.y);
  expect(second!.y).toBe(third!.y);
  expect(first!.x + first!.width).toBeLessThanOrEqual(second!.x);
  expect(second!.x + second!.width).toBeLessThanOrEqual(third!.x);
  await expect(app.button('Connect')).toBeVisible();
  await expect(app.button('Choose files')).toBeVisible();
  await expect(app.button('Look at sample data')).toBeVisible();
  expect(app.complaints).toEqual([]);
});

test('sample data are marked as such, and gone after one click', async ({ app, start }) => {
  await app.button('Look at sample data').click();
  await expect(app.page.getByText('Sample data — not your account')).toBeVisible();
  await expect(app.rowsOf(app.users).nth(2)).toBeVisible();

  // They are still there, and still marked, after a restart.
  await app.close();
  const again = await start();
  await expect(again.page.getByText('Sample data — not your account')).toBeVisible();
  await expect(again.rowsOf(again.users).nth(2)).toBeVisible();

  await again.button('Remove sample').first().click();
  await expect(again.button('Look at sample data')).toBeVisible();
  await expect(again.page.getByText('Sample data — not your account')).toBeHidden();
  expect(
    await again.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name)),
  ).not.toContain('whospent-sample');
});

test('files dropped anywhere on the window are imported, and take the sample’s place', async ({ app }) => {
  await app.openSample();
  const transfer = await app.page.evaluateHandle(() => {
    const data = new DataTransfer();
    const csv =
      'generation_id,created_at,cost_total,user\ngen-1766176333-a,2025-12-19 20:32:13.640,0.5,dropped\n';
    data.items.add(new File([csv], 'activity.csv', { type: 'text/csv' }));
    return data;
  });
  for (const event of ['dragenter', 'dragover', 'drop']) {
    await app.page.dispatchEvent('body', event, { dataTransfer: transfer });
  }
  await app.button('Import').click();
  await expect(app.heading('Import complete')).toBeVisible();
  await app.button('Done').click();
  await expect(app.userRow('dropped')).toContainText('$0.5');
  await expect(app.page.getByText('Sample data — not your account')).toBeHidden();
  await expect(app.users).toHaveAttribute('aria-rowcount', '3');
});
