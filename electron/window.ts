import { app, BrowserWindow, dialog, nativeTheme, screen } from 'electron';
import { log } from './log.ts';
import type { Page } from './page.ts';
import icon from './resources/icon.png?asset';
import { isOnScreen } from './screens.ts';
import type { Settings } from './settings.ts';

const DEFAULT_SIZE = { width: 1440, height: 900 };
const MINIMUM_SIZE = { minWidth: 960, minHeight: 600 };

/** The page's own background, so that nothing flashes before it has drawn itself. */
const backgroundColor = (): string => (nativeTheme.shouldUseDarkColors ? '#15171a' : '#ffffff');

/** Makes the app's one window, where it was the last time. It shows itself as soon as the page has drawn. */
export function createWindow(settings: Settings, preload: string): BrowserWindow {
  const before = settings.values.window;
  const place = before && isOnScreen(before, screen.getAllDisplays()) ? before : undefined;
  const window = new BrowserWindow({
    ...DEFAULT_SIZE,
    ...(place && { x: place.x, y: place.y, width: place.width, height: place.height }),
    ...MINIMUM_SIZE,
    show: false,
    title: 'Whospent',
    // The other systems take it from the executable.
    ...(process.platform === 'linux' && { icon }),
    backgroundColor: backgroundColor(),
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      // Chromium would fetch dictionaries from the network.
      spellcheck: false,
      // A sync goes on while the window is behind others.
      backgroundThrottling: false,
    },
  });
  if (place?.maximized) window.maximize();

  window.once('ready-to-show', () => window.show());
  window.on('page-title-updated', (event) => event.preventDefault());
  window.on('close', () => {
    settings.change({ window: { ...window.getNormalBounds(), maximized: window.isMaximized() } });
  });
  const repaint = () => window.setBackgroundColor(backgroundColor());
  nativeTheme.on('updated', repaint);
  window.on('closed', () => nativeTheme.off('updated', repaint));
  return window;
}

/** Loads the page, and offers to load it again whenever it cannot be shown: never a white window. */
export function showPage(window: BrowserWindow, page: Page): void {
  const { webContents } = window;
  const load = () => {
    // What goes wrong is told by `did-fail-load`.
    webContents.loadURL(page.url).catch(() => {});
  };
  let asking = false;

  async function offerReload(message: string, detail: string): Promise<void> {
    log(`${message} ${detail}`);
    if (asking || window.isDestroyed()) return;
    asking = true;
    const question = {
      type: 'error' as const,
      title: 'Whospent',
      message,
      detail: `${detail}\n\nYour stored data is as it was.`,
      buttons: ['Load again', 'Quit'],
      defaultId: 0,
      cancelId: 1,
    };
    const { response } = await (window.isVisible()
      ? dialog.showMessageBox(window, question)
      : dialog.showMessageBox(question));
    asking = false;
    if (response === 0) load();
    else app.quit();
  }

  webContents.on('did-fail-load', (_event, code, description, url, isMainFrame) => {
    const aborted = code === -3;
    if (isMainFrame && !aborted)
      offerReload('Whospent’s page could not be loaded.', `${description} (${code}): ${url}`);
  });
  webContents.on('did-navigate', (_event, url, status) => {
    // `about:blank` is the one place a page can go to without being asked.
    if (!page.owns(url)) load();
    else if (status >= 400) offerReload('Whospent’s page could not be loaded.', `HTTP ${status}: ${url}`);
  });
  webContents.on('preload-error', (_event, path, error) => {
    offerReload('Whospent’s page could not be loaded.', `${path}: ${error.message}`);
  });
  webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason !== 'clean-exit') offerReload('Whospent’s page stopped working.', `${reason} (${exitCode})`);
  });
  load();
}
