// @ts-check
/**
 * The lab's main process: one window, and the files of one folder at the app's own origin. The origin is the
 * app's so that a profile which the lab has filled can be opened by the app, and the other way round.
 *
 *   --user-data-dir=FOLDER   the profile
 *   --lab-page=FOLDER        what is served; without it the window stays empty (and its first paint is told)
 */
import { join, normalize, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app, BrowserWindow, net, protocol } from 'electron';

const profile = app.commandLine.getSwitchValue('user-data-dir');
if (profile) app.setPath('userData', resolve(profile));
const page = app.commandLine.getSwitchValue('lab-page');

const privileges = { standard: true, secure: true, supportFetchAPI: true };
protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges }]);
app.on('window-all-closed', () => app.quit());

app.whenReady().then(() => {
  protocol.handle('app', async ({ url }) => {
    // normalize() keeps `..` inside: the path is absolute.
    const path = normalize(decodeURIComponent(new URL(url).pathname));
    return net.fetch(pathToFileURL(join(page, path)).href).catch(() => new Response(null, { status: 404 }));
  });
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    show: false,
    // Work goes on at full speed in a window that nobody sees.
    webPreferences: { sandbox: true, backgroundThrottling: false, spellcheck: false },
  });
  window.once('ready-to-show', () => window.show());
  return window.loadURL(page ? 'app://whospent/index.html' : 'about:blank');
});
