import { type App, type Session, shell } from 'electron';
import { LINKS, type LinkName } from '../shared/ipc.ts';
import type { Page } from './page.ts';

/**
 * Takes from every page what it does not need: leaving, windows, embedded pages, permissions, the network.
 * To be called before the first window is made.
 */
export function lockDown(app: App, session: Session, page: Page): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-frame-navigate', (event) => {
      // Loading itself again is all a page may do; links to the outside go through `openLink`.
      if (!event.isMainFrame || event.url.replace(/#.*$/, '') !== page.url) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });

  session.setPermissionRequestHandler((_contents, permission, decide) => decide(isAllowed(permission)));
  session.setPermissionCheckHandler((_contents, permission) => isAllowed(permission));
  session.setDevicePermissionHandler(() => false);

  session.webRequest.onBeforeRequest(({ url }, decide) => decide({ cancel: !staysHome(url, page) }));
}

/** Copying to the clipboard after a click, and nothing else. */
const isAllowed = (permission: string): boolean => permission === 'clipboard-sanitized-write';

/** Whether a request stays inside the app. `page` may be a development server, which also speaks WebSocket. */
function staysHome(url: string, page: Page): boolean {
  return /^(data|blob|devtools):/.test(url) || page.owns(url) || page.owns(url.replace(/^ws:/, 'http:'));
}

/** Opens one of the known pages in the reader's browser: the only way out of the app. */
export async function openLink(link: LinkName): Promise<void> {
  await shell.openExternal(LINKS[link]);
}
