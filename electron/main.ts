/** Boot order, nothing else. */
import { join, resolve } from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  powerMonitor,
  protocol,
  safeStorage,
  session,
} from 'electron';
import { createCalls } from './calls.ts';
import { createConnections } from './connections.ts';
import { emitTo, fromPage, serveCalls } from './ipc.ts';
import { createKeychain } from './keychain.ts';
import { log, redact } from './log.ts';
import { menuTemplate } from './menu.ts';
import { createOpenedFiles } from './opened-files.ts';
import { findPage } from './page.ts';
import { APP_SCHEME, SCHEME, serveFiles } from './protocol.ts';
import { lockDown, openLink } from './security.ts';
import { createSettings } from './settings.ts';
import { createWindow, showPage } from './window.ts';

const OUT = join(import.meta.dirname, '..');
let tellPage: () => void = () => {};
const opened = createOpenedFiles(() => tellPage());
let hasFailed = false;

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

// A profile of its own, for tests and for trying things out.
const profile = app.commandLine.getSwitchValue('user-data-dir');
if (profile) app.setPath('userData', resolve(profile));

if (app.requestSingleInstanceLock()) {
  // Chromium does not start as root with its sandbox on; whoever turned it off on the command line knows.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  app.setAppUserModelId('app.whospent.desktop');
  protocol.registerSchemesAsPrivileged([SCHEME]);
  app.on('window-all-closed', () => app.quit());
  // macOS says it this way, also before the app is ready.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    openFiles([path]);
  });
  app.whenReady().then(start).catch(fail);
} else {
  // The window that is already open comes to the front instead.
  console.error('Whospent is already open with this profile; its window comes to the front.');
  app.quit();
}

function start(): void {
  const userData = app.getPath('userData');
  const page = findPage(app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL);
  const settings = createSettings(join(userData, 'settings.json'));
  nativeTheme.themeSource = settings.values.theme;

  const servePage = serveFiles(join(OUT, 'renderer'));
  protocol.handle(APP_SCHEME, (request) => opened.serve(request.url) ?? servePage(request));
  lockDown(app, session.defaultSession, page);

  // First of all: its process starts while the rest is made ready.
  const window = createWindow(settings, join(OUT, 'preload', 'preload.cjs'));

  // A session apart from the page's: the system's proxy and certificates, no cookies, nothing on disk.
  const network = session.fromPartition('openrouter', { cache: false });
  network.setUserAgent(`Whospent/${app.getVersion()}`);
  const keychain = createKeychain(safeStorage);
  const connections = createConnections({
    path: join(userData, 'connections.json'),
    keychain,
    fetch: (url, init) => network.fetch(url, init),
  });

  const { webContents } = window;
  const emit = emitTo(webContents);
  const { calls, endAll } = createCalls({ window, emit, settings, keychain, connections, opened });
  serveCalls(ipcMain, calls, (event) => fromPage(event, webContents, page.owns));

  // Nobody is left to hear of what an earlier page began.
  webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) endAll();
  });
  webContents.on('render-process-gone', endAll);
  app.on('will-quit', endAll);

  powerMonitor.on('resume', () => {
    // What hung through the sleep breaks off and is tried again.
    network.closeAllConnections().catch((thrown) => log('Connections did not close', thrown));
    emit('wake', {});
  });
  app.on('second-instance', (_event, args, folder) => {
    if (window.isMinimized()) window.restore();
    window.focus();
    openFiles(args, folder);
  });
  tellPage = () => emit('filesOpened', {});
  openFiles(process.argv);
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate({
        platform: process.platform,
        development: page.url.startsWith('http:'),
        command: (command) => emit('menu', { command }),
        openLink: (link) => openLink(link).catch((thrown) => log('The browser did not open', thrown)),
      }),
    ),
  );
  showPage(window, page);
}

/** Has the page show the activity files among some arguments. */
function openFiles(args: readonly string[], folder = process.cwd()): void {
  opened.offer(args, folder).catch((thrown) => log('The files could not be opened', thrown));
}

/** Says what failed, once. Before there is a window, the app cannot go on. */
function fail(thrown: unknown): void {
  log('Something failed', thrown);
  const isRunning = app.isReady() && BrowserWindow.getAllWindows().length > 0;
  if (!hasFailed) {
    hasFailed = true;
    const words = redact(thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown));
    dialog.showErrorBox(
      isRunning ? 'Something went wrong inside Whospent' : 'Whospent could not start',
      `${words}\n\nYour stored data is as it was. If this happens again, please report it with this text.`,
    );
  }
  if (!isRunning) app.exit(1);
}
