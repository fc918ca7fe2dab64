import type { App } from './app.ts';
import { expect, test } from './fixtures.ts';

test('light and dark, as the system is or as chosen', async ({ app }) => {
  const background = () => app.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const brightness = async () => {
    const [red = 0, green = 0, blue = 0] = (await background()).match(/\d+/g)?.map(Number) ?? [];
    return red + green + blue;
  };
  await app.button('Look at sample data').click();
  await app.page.getByRole('navigation').getByRole('button', { name: 'Settings' }).click();
  await app.page.getByText('Dark', { exact: true }).click();
  await expect.poll(brightness).toBeLessThan(200);
  await app.page.getByText('Light', { exact: true }).click();
  await expect.poll(brightness).toBeGreaterThan(600);
  await app.page.getByText('System', { exact: true }).click();
  await app.page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(brightness).toBeLessThan(200);
});

test('the theme that was chosen is the one that Settings show, whatever the page has lost', async ({
  app,
  start,
}) => {
  await app.showSettings();
  await app.page.getByText('Dark', { exact: true }).click();
  const chosen = (one: App) => one.page.getByRole('radio', { name: 'Dark', exact: true, checked: true });
  await chosen(app).waitFor({ state: 'attached' });
  await app.page.evaluate(() => localStorage.clear());
  await app.close();

  const again = await start();
  await again.showSettings();
  await chosen(again).waitFor({ state: 'attached', timeout: 5_000 });
});

test('from the first screen to a user’s requests without a pointer', async ({ app }) => {
  const { keyboard } = app.page;
  const focused = () =>
    app.page.evaluate(() => document.activeElement?.textContent ?? document.activeElement?.tagName);
  // Keys that come before there is anything would be counted, too.
  await expect(app.button('Look at sample data')).toBeVisible();
  for (let presses = 0; (await focused()) !== 'Look at sample data'; presses++) {
    expect(presses).toBeLessThan(30);
    await keyboard.press('Tab');
  }
  const outline = await app.page.evaluate(() => {
    const style = getComputedStyle(document.activeElement!);
    return [style.outlineStyle, style.boxShadow];
  });
  expect(outline).not.toEqual(['none', 'none']);
  await keyboard.press('Enter');
  await expect(app.rowsOf(app.users).nth(4)).toBeVisible();

  await keyboard.press('/');
  await expect(app.page.getByRole('searchbox')).toBeFocused();
  await keyboard.press('Escape');
  const gridFocused = () => app.users.evaluate((grid) => grid === document.activeElement);
  for (let presses = 0; !(await gridFocused()); presses++) {
    expect(presses).toBeLessThan(30);
    await keyboard.press('Tab');
  }
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await expect(app.requests).toBeVisible();
  await keyboard.press('Escape');
  await expect(app.users).toBeVisible();
});

test('the shortcuts are listed', async ({ app }) => {
  await app.openSample();
  await app.page.keyboard.press('?');
  await expect(app.page.getByRole('dialog')).toContainText('Search');
});

for (const scheme of ['light', 'dark'] as const) {
  test(`text can be read against its background: ${scheme}`, async ({ app }) => {
    await app.page.emulateMedia({ colorScheme: scheme });
    await app.openSample();
    const worst = await app.page.evaluate(() => {
      const channel = (value: number) =>
        value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
      const parse = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
      const luminance = ([r = 0, g = 0, b = 0]: number[]) =>
        0.2126 * channel(r / 255) + 0.7152 * channel(g / 255) + 0.0722 * channel(b / 255);
      const backgroundOf = (element: Element | null): number[] => {
        for (let at = element; at; at = at.parentElement) {
          const color = parse(getComputedStyle(at).backgroundColor);
          if (color.length > 0 && (color[3] ?? 1) === 1) return color;
        }
        return [255, 255, 255];
      };
      let least = { ratio: 99, text: '' };
      for (const element of document.querySelectorAll('body *')) {
        const text = [...element.childNodes].find((node) => node.nodeType === 3 && node.textContent?.trim());
        const box = element.getBoundingClientRect();
        if (!text || box.width === 0 || getComputedStyle(element).visibility === 'hidden') continue;
        if (element.closest('[aria-hidden=true], [disabled], [data-disabled]')) continue;
        const [a, b] = [luminance(parse(getComputedStyle(element).color)), luminance(backgroundOf(element))];
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < least.ratio) least = { ratio, text: text.textContent ?? '' };
      }
      return least;
    });
    expect(worst.ratio, `“${worst.text}”`).toBeGreaterThanOrEqual(4.5);
  });
}
