/**
 * The app as its reader drives it: a real Electron with a profile of its own, its buttons and fields by their
 * names. Used by the end-to-end tests and by `npm run demo`.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { _electron, type ElectronApplication, errors, type Locator, type Page } from 'playwright';
import { electronCommand, electronCommandFor } from '../../scripts/setup/app.mjs';
import type { StandIn } from '../stand-in/server.ts';

export interface LaunchOptions {
  /** The folder that holds everything the app keeps. */
  readonly profile: string;
  /** Keep Chromium's sandbox on; impossible for root. */
  readonly sandbox?: boolean;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds UTC offset and the like follow the machine's zone unless it is given. */
  readonly zone?: string;
}

export type Export = 'Users table (CSV)' | 'Generations (CSV)';

export class App {
  readonly electron: ElectronApplication;
  readonly page: Page;
  /** What the page has complained about: errors nobody handled, and violations of its security policy. */
  readonly complaints: string[] = [];

  /** Playwright tells it only of an app that is not closed. */
  readonly #main: ChildProcess;

  private constructor(electron: ElectronApplication, page: Page) {
    this.electron = electron;
    this.#main = electron.process();
    this.page = page;
    page.on('pageerror', (error) => this.complaints.push(`${error.name}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  static async launch(options: LaunchOptions): Promise<App> {
    const { executablePath, args } = await (process.env.WHOSPENT_LATE_MS
      ? electronCommandFor(join(import.meta.dirname, 'late'))
      : electronCommand());
    const env: Record<string, string> = {};
    for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value;
    const electron = await _electron.launch({
      executablePath,
      args: [...args, `--user-data-dir=${options.profile}`, ...(options.args ?? [])],
      // The page follows the app's own theme, not a theme of Playwright's.
      colorScheme: null,
      env: { ...env, ...(options.zone ? { TZ: options.zone } : {}), ...options.env },
      ...(options.sandbox ? { chromiumSandbox: true } : {}),
    });
    const app = new App(electron, await electron.firstWindow());
    await app.#hasSize();
    return app;
  }

  /**
   * Waits until the page has a size. On a display without a window manager it has none at first now and then; it was
   * seen once that it never got one, so that it is told again.
   */
  async #hasSize(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.page.waitForFunction(() => innerHeight > 0, undefined, { polling: 20, timeout: 3000 });
        return;
      } catch (thrown) {
        if (!(thrown instanceof errors.TimeoutError) || attempt === 5) throw thrown;
      }
      console.log('The window has no size yet: it is told again.');
      await this.electron.evaluate(({ BrowserWindow }) => {
        for (const window of BrowserWindow.getAllWindows()) {
          const [width = 0, height = 0] = window.getSize();
          window.setSize(width + 1, height);
          window.setSize(width, height);
        }
      });
    }
  }

  /** What is on screen, without the cells of tables. */
  async inWords(): Promise<string> {
    const lines = (await this.page.locator('body').ariaSnapshot({ timeout: 5000 })).split('\n');
    return lines.filter((line) => !/^\s*- (gridcell|columnheader)\b/.test(line)).join('\n');
  }

  close(): Promise<void> {
    return this.electron.close();
  }

  /** Ends the app and every process of it at once; afterwards nothing of it writes to the profile any more. */
  async kill(): Promise<void> {
    const main = this.#main;
    const ended = main.exitCode !== null || main.signalCode !== null;
    const gone = ended ? null : once(main, 'exit');
    try {
      // Playwright starts it as a process group of its own, except on Windows.
      if (main.pid === undefined || process.platform === 'win32') main.kill('SIGKILL');
      else process.kill(-main.pid, 'SIGKILL');
    } catch {
      // All of them have ended.
    }
    await gone;
  }

  /** Resolves when the reader has closed the app. */
  closed(): Promise<void> {
    return new Promise((resolve) => this.electron.once('close', () => resolve()));
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  heading(name: string): Locator {
    return this.page.getByRole('heading', { name, exact: true });
  }

  /** Where syncing stands, in the app's words. */
  get syncStatus(): Locator {
    return this.page.getByRole('navigation').getByRole('status');
  }

  get users(): Locator {
    return this.page.getByRole('grid', { name: 'Users' });
  }

  get requests(): Locator {
    return this.page.getByRole('grid', { name: 'Requests' });
  }

  /** The rows of a table that have come: no header, no totals (they stand before there are rows), no empty places. */
  rowsOf(table: Locator): Locator {
    return table.getByRole('row').and(this.page.locator('[data-index]:not([data-loading])'));
  }

  /** The row of a user; null is the row of the requests without one. */
  userRow(user: string | null): Locator {
    const mark = user === null ? '[data-quiet]' : `[data-user=${JSON.stringify(user)}]`;
    return this.users.getByRole('row').and(this.page.locator(mark));
  }

  /** Opens the requests of a user. */
  async openUser(user: string): Promise<void> {
    await this.userRow(user).click();
    await this.requests.waitFor();
  }

  /** Pastes a key on the first screen, and the address of the API to use it at. */
  async connect(key: string, baseUrl: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'API key' }).fill(key);
    const field = this.page.getByRole('textbox', { name: 'Base URL' });
    if (!(await field.isVisible())) await this.button('Advanced').click();
    await field.fill(baseUrl);
    await this.button('Connect').click();
  }

  /** Waits for a pull to come to its end. */
  async synced(): Promise<void> {
    await this.syncStatus.filter({ hasText: /^Synced/ }).waitFor({ timeout: 120_000 });
  }

  /** Connects with the key that sees everything, and pulls it. */
  async pullAll({ managementKey, baseUrl }: Pick<StandIn, 'managementKey' | 'baseUrl'>): Promise<void> {
    await this.connect(managementKey, baseUrl);
    await this.synced();
  }

  /** Looks at the sample, from the first screen. */
  async openSample(): Promise<void> {
    await this.button('Look at sample data').click();
    await this.rowsOf(this.users).nth(4).waitFor();
  }

  /** Chooses files and waits until their previews are complete. */
  async previewFiles(paths: readonly string[]): Promise<void> {
    await this.page.getByTestId('files').setInputFiles([...paths]);
    await this.importDialog.waitFor();
    await this.importDialog.getByRole('progressbar').waitFor({ state: 'detached', timeout: 600_000 });
  }

  /** The dialog that shows what importing would do. */
  get importDialog(): Locator {
    return this.page.getByRole('dialog', { name: /^Import (activity CSV|\d+ files)$/ });
  }

  /** Chooses files and imports them; those that cannot be imported are left explained on screen. */
  async importFiles(paths: readonly string[]): Promise<void> {
    await this.previewFiles(paths);
    const button = this.importDialog.getByRole('button', { name: 'Import', exact: true });
    if ((await button.count()) === 1 && (await button.isEnabled())) await button.click();
  }

  /** Waits for the imports under way, and saves the summary of what became of them. */
  async saveImportSummary(path: string): Promise<void> {
    await this.answerSaveDialog(path);
    await this.button('Save summary (JSON)').click({ timeout: 600_000 });
    await this.page.getByText(`Saved to ${path}`).waitFor();
    await this.button('Done').click();
    await this.dismissNotices();
  }

  /** Has the ids in a file looked up, and waits for the last of them. */
  async lookUpIds(path: string): Promise<void> {
    // It opens by itself where a key can do nothing else.
    const dialog = this.page.getByRole('dialog', { name: 'Look up ids' });
    const button = this.button('Look up ids').first();
    await dialog.or(button).first().waitFor();
    if (!(await dialog.isVisible())) await button.click();
    await this.page.getByTestId('id-files').setInputFiles([path]);
    await this.button(/^Look up [\d,]+ ids?$/).click();
    await this.page.getByText(/^[\d,]+ generations? found/).waitFor({ timeout: 600_000 });
    await this.button('Done').click();
  }

  async showUsers(): Promise<void> {
    await this.page.getByRole('navigation').getByRole('button', { name: 'Users' }).click();
    await this.rowsOf(this.users).first().waitFor();
  }

  /** Types a range of UTC days, `YYYY-MM-DD`, both inside. */
  async setRange(first: string, last: string): Promise<void> {
    await this.page.getByRole('button', { name: /^Date range/ }).click();
    const segments = this.page.getByRole('dialog', { name: 'Date range' }).getByRole('spinbutton');
    const parts = [first, last].flatMap((day) => day.split('-'));
    for (const [i, part] of parts.entries()) {
      await segments.nth(i).click();
      await this.page.keyboard.type(part);
    }
    await this.page.keyboard.press('Escape');
  }

  async showSettings(): Promise<void> {
    const settings = this.button('Settings').first();
    await settings.click();
    await this.heading('Settings').waitFor();
  }

  /** Puts away all notices, those too that wait until others have left. */
  async dismissNotices(): Promise<void> {
    const dismiss = this.button('Dismiss');
    while ((await dismiss.count()) > 0) {
      // Pressed in the page itself: a notice may leave by its own between being found and being pressed.
      await dismiss.evaluateAll((buttons) => {
        for (const button of buttons) (button as HTMLElement).click();
      });
    }
  }

  /** Answers the next dialogs that ask where to save; null cancels them. */
  async answerSaveDialog(path: string | null): Promise<void> {
    await this.electron.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () =>
        Promise.resolve(filePath === null ? { canceled: true, filePath: '' } : { canceled: false, filePath });
    }, path);
  }

  get exportDialog(): Locator {
    return this.page.getByRole('dialog', { name: 'Export' });
  }

  /** Opens the export dialog at what is to be exported. */
  async chooseExport(what: Export | 'Report'): Promise<void> {
    await this.button('Export').click();
    const name = what.replace(/ \(CSV\)$/, '');
    await this.choose('What', name);
  }

  /** Makes a choice in the export dialog. */
  async choose(group: string, name: string): Promise<void> {
    const choices = this.exportDialog.getByRole('radiogroup', { name: group });
    await choices.getByText(name, { exact: true }).click();
    await choices.getByRole('radio', { name, exact: true, checked: true }).waitFor({ state: 'attached' });
  }

  /** Exports to a file, every text as it is, and waits until it is whole. */
  async export(what: Export, path: string): Promise<void> {
    await this.answerSaveDialog(path);
    await this.chooseExport(what);
    await this.choose('Cells', 'Plain, for machines');
    await this.exportDialog.getByRole('button', { name: 'Save…' }).click();
    await this.page.getByText(`Saved to ${path}`).waitFor({ timeout: 120_000 });
  }

  /** Makes a report of what is on screen, and waits until it is written. */
  async exportReport(format: 'PDF' | 'HTML', path: string): Promise<void> {
    await this.answerSaveDialog(path);
    await this.chooseExport('Report');
    await this.choose('Format', format);
    await this.exportDialog.getByRole('button', { name: 'Save…' }).click();
    await this.page.getByText(`Saved to ${path}`).waitFor({ timeout: 120_000 });
  }

  /** Sets the size of the page itself, in CSS pixels. */
  async resize(width: number, height: number): Promise<void> {
    const window = await this.electron.browserWindow(this.page);
    await window.evaluate((browserWindow, size) => browserWindow.setContentSize(size.width, size.height), {
      width,
      height,
    });
    await this.page.waitForFunction((size) => innerWidth === size.width && innerHeight === size.height, {
      width,
      height,
    });
  }
}
