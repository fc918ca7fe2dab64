// @ts-check
/**
 * Starts the app as built (`--bench-app=out/main/main.js`) or a bare empty window, and says on stdout when it was
 * on screen, in milliseconds since 1970. Nothing is attached that would slow a start down.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app, BrowserWindow } from 'electron';

const main = app.commandLine.getSwitchValue('bench-app');

/** The moment at which the frame that shows the table (of the empty window: its first frame) has been made. */
const shown = `new Promise((done) => {
  const look = () => ${main ? `document.querySelector('[role=grid] [data-user]') !== null` : 'true'}
    ? requestAnimationFrame(() => setTimeout(() => done(performance.timeOrigin + performance.now())))
    : requestAnimationFrame(look);
  look();
})`;

app.on('web-contents-created', (_event, contents) => {
  contents.once('dom-ready', async () => {
    const at = await contents.executeJavaScript(shown);
    process.stdout.write(`\nshown at ${at}\n`, () => app.quit());
  });
});

if (main) {
  await import(pathToFileURL(resolve(main)).href);
} else {
  app.setPath('userData', resolve(app.commandLine.getSwitchValue('user-data-dir')));
  app.on('window-all-closed', () => app.quit());
  app.whenReady().then(() => {
    const webPreferences = { sandbox: true, spellcheck: false };
    const window = new BrowserWindow({ width: 1440, height: 900, show: false, webPreferences });
    window.once('ready-to-show', () => window.show());
    return window.loadURL('data:text/html,<title>Empty</title>');
  });
}
