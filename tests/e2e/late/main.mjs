// @ts-check
/**
 * The app as built, but every answer of the main process and of the page's workers comes WHOSPENT_LATE_MS late, in its
 * order. What screens show in between, and what can be pressed there, stands for moments otherwise.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ipcMain, protocol } from 'electron';

const LATE_MS = Number(process.env.WHOSPENT_LATE_MS);

const handleCall = ipcMain.handle;
ipcMain.handle = (name, listener) =>
  handleCall.call(ipcMain, name, async (...args) => {
    const answer = await listener(...args);
    await new Promise((done) => setTimeout(done, LATE_MS));
    return answer;
  });

const handleScheme = protocol.handle;
protocol.handle = (scheme, serve) =>
  handleScheme.call(protocol, scheme, async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/late.js') {
      const headers = { 'Content-Type': 'text/javascript' };
      return new Response(`(${makeLate})(${LATE_MS})`, { headers });
    }
    const answer = await serve(request);
    if (pathname !== '/index.html') return answer;
    const page = (await answer.text()).replace('<head>', '<head><script src="/late.js"></script>');
    return new Response(page, answer);
  });

/**
 * Runs in the page, before its own scripts.
 * @param {number} ms
 */
function makeLate(ms) {
  globalThis.Worker = class extends Worker {
    #last = Promise.resolve();

    /**
     * @override
     * @param {string} type
     * @param {(event: Event) => void} listener
     * @param {AddEventListenerOptions} [options]
     */
    addEventListener(type, listener, options) {
      /** @param {Event} event */
      const hear = (event) => {
        const late = new Promise((done) => setTimeout(done, ms));
        this.#last = this.#last.then(() => late).then(() => listener.call(this, event));
      };
      super.addEventListener(type, type === 'message' ? hear : listener, options);
    }
  };
}

await import(pathToFileURL(resolve(import.meta.dirname, '../../../out/main/main.js')).href);
