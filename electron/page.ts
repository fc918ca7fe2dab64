import { APP_ORIGIN } from './protocol.ts';

/** Where the app's one page lives. */
export interface Page {
  readonly url: string;
  /** Whether an address belongs to the page's origin. */
  owns(address: string): boolean;
}

/**
 * The page as built, or the development server's when one is running on this machine.
 * @param devServer what the environment says; undefined in a packaged app
 */
export function findPage(devServer: string | undefined): Page {
  const dev = devServer ? originOf(devServer) : undefined;
  if (dev !== undefined && /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/.test(dev)) {
    return { url: `${dev}/`, owns: (address) => originOf(address) === dev };
  }
  return { url: `${APP_ORIGIN}/index.html`, owns: (address) => originOf(address) === APP_ORIGIN };
}

/** `URL.origin` is "null" for schemes that Node does not know. */
function originOf(address: string): string | undefined {
  try {
    const { protocol, host } = new URL(address);
    return `${protocol}//${host}`;
  } catch {
    return undefined;
  }
}
