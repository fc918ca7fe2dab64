import { BrowserWindow, type Session, session } from 'electron';
import { createTurns } from '../shared/turns.ts';
import { APP_ORIGIN, APP_SCHEME } from './protocol.ts';

/** The document may style itself and use what it holds inside, and nothing else. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; base-uri 'none'; form-action 'none'";

const DOCUMENT = `${APP_ORIGIN}/report.html`;

/** Documents are printed one after the other. */
const inTurn = createTurns();

/**
 * Prints a document as PDF (A4; its style sheet sets the margins), in a window that nobody sees: without scripts,
 * without a preload, and in a session of its own that answers this one document and refuses all else.
 * @returns the bytes of the PDF
 */
export const printPdf = (html: string): Promise<Uint8Array> => inTurn(() => print(html));

async function print(html: string): Promise<Uint8Array> {
  const locked = lockedSession();
  locked.protocol.handle(
    APP_SCHEME,
    ({ url }) =>
      new Response(url === DOCUMENT ? html : null, {
        status: url === DOCUMENT ? 200 : 404,
        headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': POLICY },
      }),
  );
  const window = new BrowserWindow({
    show: false,
    webPreferences: {
      session: locked,
      javascript: false,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  try {
    await window.loadURL(DOCUMENT);
    return await window.webContents.printToPDF({
      preferCSSPageSize: true,
      printBackground: true,
      generateTaggedPDF: true,
      displayHeaderFooter: true,
      headerTemplate: '<span></span>',
      footerTemplate: FOOTER,
    });
  } finally {
    window.destroy();
    locked.protocol.unhandle(APP_SCHEME);
  }
}

/** Below each page: which of how many. */
const FOOTER =
  '<div style="width:100%;padding:0 16mm;font:7.5pt system-ui,sans-serif;color:#6b7280;text-align:right">' +
  '<span class="pageNumber"></span> / <span class="totalPages"></span></div>';

/** In memory, apart from the page's session and the network's. */
function lockedSession(): Session {
  const locked = session.fromPartition('print', { cache: false });
  locked.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  locked.setPermissionCheckHandler(() => false);
  locked.webRequest.onBeforeRequest(({ url }, decide) =>
    decide({ cancel: url !== DOCUMENT && !url.startsWith('data:') }),
  );
  return locked;
}
