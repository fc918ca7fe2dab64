import { readFile } from 'node:fs/promises';
import { extname, isAbsolute, join, relative, sep } from 'node:path';

/**
 * The page lives at `app://whospent`, an origin of its own. Never change it: the store belongs to the origin, so
 * everybody's data would be gone.
 */
export const APP_SCHEME = 'app';
export const APP_ORIGIN = `${APP_SCHEME}://whospent`;

/** To be registered before the app is ready. */
export const SCHEME = {
  scheme: APP_SCHEME,
  // The code cache spares the compiling of the page's scripts at every start.
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
} as const;

/** Nothing but what the app brings along: no network, no inline code, no frames. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data: blob:",
  "worker-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/**
 * Answers requests for the page's files.
 * @param root the folder they stand in
 */
export function serveFiles(root: string): (request: Request) => Promise<Response> {
  return async ({ method, url }) => {
    if (method !== 'GET') return answer(405, 'Only GET.');
    const path = resolveFile(root, url);
    if (path === undefined) return answer(404, 'No such file.');
    try {
      return answer(
        200,
        await readFile(path),
        TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream',
      );
    } catch {
      return answer(404, 'No such file.');
    }
  };
}

/** The file an address means, or undefined for what lies outside: other hosts, `..`, odd encodings. */
export function resolveFile(root: string, address: string): string | undefined {
  let path: string;
  try {
    const url = new URL(address);
    if (`${url.protocol}//${url.host}` !== APP_ORIGIN) return undefined;
    path = decodeURIComponent(url.pathname);
  } catch {
    return undefined;
  }
  if (path.includes('\0') || path.includes('\\')) return undefined;
  const file = join(root, path === '/' ? 'index.html' : path);
  const inside = relative(root, file);
  return inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)
    ? undefined
    : file;
}

function answer(
  status: number,
  body: string | Uint8Array<ArrayBuffer>,
  type = 'text/plain; charset=utf-8',
): Response {
  return new Response(body, {
    status,
    headers: {
      'Content-Type': type,
      'Content-Security-Policy': CONTENT_SECURITY_POLICY,
      'X-Content-Type-Options': 'nosniff',
    },
  });
}
